// Text from evidence on its way to a person: nothing in it may steer a terminal, a page or a reader's eye.
#pragma once

#include <string>
#include <string_view>

namespace klik::text {

// Printable UTF-8 passes; control characters, broken UTF-8, and characters that reorder or hide text
// (bidirectional controls, zero-width, line separators) become \xNN or \u{NNNN}. A backslash becomes \\.
std::string escaped(std::string_view raw);

// True when `raw` is well-formed UTF-8 without NUL: what SQLite TEXT and JSON can hold unchanged.
bool is_clean_utf8(std::string_view raw);

// Well-formed UTF-8 for storage: broken sequences and NUL become \xNN; everything else stays as it is.
std::string storable(std::string_view raw);

// A JSON string literal with its quotes; `<`, `>`, `&`, U+2028 and U+2029 are escaped too, so that the
// result can stand inside an HTML script element.
std::string json_string(std::string_view raw);

// For HTML text and attribute values.
std::string html(std::string_view raw);

// "c" of "a/b/c".
inline std::string_view last_part(std::string_view path) {
  const auto slash = path.rfind('/');
  return slash == path.npos ? path : path.substr(slash + 1);
}

}  // namespace klik::text
