// Rows as columns, small enough that hundreds of thousands of them can lie in one HTML file: sorted dictionaries
// with shared beginnings left out, and digests as base64. shell/data.js reads it.
#pragma once

#include <string>

#include "ledger/case_reader.h"

namespace klik::views {

enum class Pack : bool { no, yes };

// One column as JSON. Text goes in as text::escaped has it, so that a page can only show it escaped.
//   {"k":"n","v":[1,null,…]}                       numbers; beyond 2^53 as strings
//   {"k":"t","v":[0,"abc",2,"x",…],"i":[0,-1,…]}   text: sorted values, each as the count of ASCII characters
//                                                  shared with the one before and the rest; per row its place, -1 null
//   {"k":"x","w":32,"v":"base64","z":[3]}          with Pack::yes, lower-case hex of one length: bytes end to end; z: null rows
std::string packed_column(const Table& table, std::size_t column, Pack hex);

std::string base64(std::string_view bytes);

}  // namespace klik::views
