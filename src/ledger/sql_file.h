// A question as a file: "-- key: value" lines, then one SELECT. What rules/*.sql and changes/*.sql have in common.
//   -- key: value        "--   more" continues the value of the line before; other comments before the SQL are ignored
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace klik {

// A text in both languages of the program.
struct RuleText {
  std::string en, nl;
};

// Where the value of a key goes. Each may be said once.
struct SqlFileKey {
  std::string_view key;
  std::string* to;
};

// Fills what `keys` point at and gives the SQL, without what stands before and a semicolon behind it. `wrong` gets one
// sentence per mistake, without the file's name.
std::string read_sql_file(std::string_view text, std::span<const SqlFileKey> keys, std::vector<std::string>& wrong);

std::string_view trimmed(std::string_view text);
bool is_plain_name(std::string_view text);                    // a-z, 0-9 and '_'
std::vector<std::string> comma_list(std::string_view text);   // its parts, trimmed

}  // namespace klik
