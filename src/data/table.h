// The tables of data/: plain text that a person can add to. One record a line, fields between tabs; lines that
// begin with '#' say what the table is and where its facts come from.
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "base/embedded.h"

namespace klik::data {

struct TableRow {
  std::vector<std::string_view> fields;   // without blanks around them; views into the file
  unsigned line;                          // from 1

  // "" when the row has fewer fields.
  std::string_view operator[](std::size_t i) const { return i < fields.size() ? fields[i] : std::string_view(); }
};

std::vector<TableRow> rows_of(std::string_view text);

// The items of a field that lists several, between blanks or commas.
std::vector<std::string_view> items_of(std::string_view field);

}  // namespace klik::data
