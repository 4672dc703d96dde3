// The answer of a case file to a query, as text: one line a row, '|' behind every value.
#pragma once

#include <string>

#include "cli/case_access.h"

namespace klik::test {

inline std::string asked(const std::string& case_file, const std::string& sql) {
  CaseReader reader(case_file, cli::all_declarations());
  const Table t = reader.query(sql);
  std::string out = reader.error();
  for (const auto& row : t.rows) {
    for (const Value& v : row) {
      if (const auto* n = std::get_if<std::int64_t>(&v)) out += std::to_string(*n);
      if (const auto* w = std::get_if<std::string>(&v)) out += *w;
      out += "|";
    }
    out += "\n";
  }
  return out;
}

}  // namespace klik::test
