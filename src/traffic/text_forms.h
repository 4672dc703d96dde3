// How a text of an owner may be written where a channel does not take all its characters: in another case, in Latin-1, escaped. All are made
// from its code points.
// Source: Unicode 15 (simple case mappings of Latin, Greek, Cyrillic, Armenian), ISO 8859-1, HTML 4.01 §24.2 (names of characters),
// RFC 2045 §6.7 (quoted-printable), RFC 2047 §4.2 (Q).
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace klik::traffic {

// UTF-8, also of letters beyond ASCII. Characters without another case stay as they are, as do those whose other case is several.
std::string in_small_letters(std::string_view utf8);
std::string in_capitals(std::string_view utf8);

struct WrittenText {
  const char* name;      // "latin1", "html.named", "quoted_printable", …
  std::string bytes;
};

// Those that differ from the text itself, without the escapes that are undone before the search (text_encodings.h): percent, numbers of
// HTML, JSON.
std::vector<WrittenText> written_texts(std::string_view utf8);

}  // namespace klik::traffic
