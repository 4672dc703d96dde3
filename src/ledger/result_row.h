// A row of a SELECT, with its columns by name, and sentences made of them.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "ledger/sqlite.h"

namespace klik {

class ResultRow {
 public:
  // REQUIRES: the statement stands on a row for as long as this lives.
  explicit ResultRow(sqlite3_stmt* row);

  bool has(std::string_view column) const { return columns_.contains(column); }
  bool is_null(std::string_view column) const;                          // also of a column that is not there
  std::optional<std::int64_t> number(std::string_view column) const;    // absent unless it is an integer
  std::string text(std::string_view column) const;                      // "" for null and for a column that is not there
  // {column} replaced by its text; a name that is no column stays as it is written.
  std::string filled(std::string_view sentence) const;
  // The same with the texts that `said` gives for the columns.
  std::string filled(std::string_view sentence, const std::function<std::string(std::string_view column)>& said) const;

 private:
  sqlite3_stmt* row_;
  std::map<std::string, int, std::less<>> columns_;
};

}  // namespace klik
