#include "formats/cert/distinguished_name.h"

#include <optional>

namespace klik::cert {
namespace {

std::optional<unsigned> hexadecimal(char c) {
  if (c >= '0' && c <= '9') return static_cast<unsigned>(c - '0');
  if (c >= 'a' && c <= 'f') return static_cast<unsigned>(c - 'a' + 10);
  if (c >= 'A' && c <= 'F') return static_cast<unsigned>(c - 'A' + 10);
  return std::nullopt;
}

}  // namespace

std::string name_part(std::string_view name, std::string_view type) {
  for (std::size_t at = 0; at < name.size();) {
    const auto equals = name.find('=', at);
    if (equals == name.npos) return {};
    const bool wanted = name.substr(at, equals - at) == type;
    std::string value;
    bool quoted = false;
    for (at = equals + 1; at < name.size(); ++at) {
      const char c = name[at];
      if (c == '\\' && at + 1 < name.size()) {
        const auto high = hexadecimal(name[at + 1]), low = at + 2 < name.size() ? hexadecimal(name[at + 2]) : std::nullopt;
        const bool pair = high && low;
        value += pair ? static_cast<char>(*high << 4 | *low) : name[at + 1];
        at += pair ? 2 : 1;
      } else if (c == '"') {
        quoted = !quoted;
      } else if (!quoted && (c == ',' || c == '+' || c == ';')) {
        break;
      } else {
        value += c;
      }
    }
    if (wanted) return value;
    ++at;   // past the separator
    while (at < name.size() && name[at] == ' ') ++at;
  }
  return {};
}

}  // namespace klik::cert
