#include "formats/net/ssdp.h"

#include <algorithm>

namespace klik::net::ssdp {
namespace {

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }
bool same(std::string_view a, std::string_view b) {
  return std::ranges::equal(a, b, [](char x, char y) { return lower(x) == lower(y); });
}

std::string_view trimmed(std::string_view s) {
  const auto blank = [](char c) { return c == ' ' || c == '\t' || c == '\r'; };
  while (!s.empty() && blank(s.front())) s.remove_prefix(1);
  while (!s.empty() && blank(s.back())) s.remove_suffix(1);
  return s;
}

}  // namespace

std::optional<Message> read(Bytes datagram) {
  std::string_view rest = datagram.text();
  const auto line = [&rest] {
    const std::string_view one = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(std::min(one.size() + 1, rest.size()));
    return trimmed(one);
  };
  const std::string_view start = line();
  Message out;
  if (start.starts_with("M-SEARCH * HTTP/")) out.what = "M-SEARCH";
  else if (start.starts_with("NOTIFY * HTTP/")) out.what = "NOTIFY";
  else if (start.starts_with("HTTP/1.")) out.what = "response";
  else return std::nullopt;
  while (!rest.empty() && out.fields.size() < kMostFields) {
    const std::string_view one = line();
    if (one.empty()) break;
    const auto colon = one.find(':');
    if (colon != one.npos) out.fields.push_back({one.substr(0, colon), trimmed(one.substr(colon + 1))});
  }
  // An answer looks like any of HTTP's; these fields make it one to a search.
  if (out.what == "response" && (field(out, "ST").empty() || field(out, "USN").empty())) return std::nullopt;
  return out;
}

std::string_view field(const Message& message, std::string_view name) {
  const auto at = std::ranges::find_if(message.fields, [&](const Field& f) { return same(f.name, name); });
  return at == message.fields.end() ? std::string_view() : at->value;
}

}  // namespace klik::net::ssdp
