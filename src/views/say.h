// Values as a person reads them, and sentences made of them. Everything returned is escaped for a terminal.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "ledger/queryable.h"
#include "views/pages.h"

namespace klik::views {

std::string shown_number(std::int64_t value, Language language);   // 1,234 or 1.234
std::string shown_bytes(std::int64_t value, Language language);    // 1.6 GB, powers of ten
std::string shown_time(std::int64_t seconds);                      // 2018-01-02 03:04 (UTC); beyond year 9999 the number
std::string shown_stamp(std::string_view time);                    // 2018-01-02 03:04:05 of what a view gives as time; other text as it is
std::string shown_duration(std::int64_t milliseconds, Language language);   // 299.8 s, 16.7 min, 3.2 h; in Dutch 3,2 uur

// One cell by the kind of its column. Null is said, not left blank.
std::string shown(const Value& value, const ReportColumn& column, Language language);

// The names between braces: "{n} {n|file|files}" → n, n. A brace without its partner is the hole "{".
std::vector<std::string> holes_of(std::string_view sentence);

// {column} is the value, {column|one|many} the first word when the value is 1, else the second. One sentence
// per row, or, with `each`, one in which {list} stands for all rows. No rows: `empty`, when the part has one.
std::vector<std::string> sentences_of(const Part& part, const Table& table, Language language);

}  // namespace klik::views
