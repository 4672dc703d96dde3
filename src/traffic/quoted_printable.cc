// Source: RFC 2045 §6.7.
#include "traffic/text_encodings.h"

namespace klik::traffic {

std::string decoded_quoted_printable(std::string_view text) {
  std::string out;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] != '=') {
      out += text[at];
      continue;
    }
    // At the end of a line it says that the line goes on.
    const auto rest = text.substr(at + 1);
    if (rest.starts_with("\r\n")) at += 2;
    else if (rest.starts_with('\n')) at += 1;
    else if (rest.size() >= 2 && hex_value(rest[0]) >= 0 && hex_value(rest[1]) >= 0) {
      out += static_cast<char>(hex_value(rest[0]) << 4 | hex_value(rest[1]));
      at += 2;
    } else out += '=';
  }
  return out;
}

}  // namespace klik::traffic
