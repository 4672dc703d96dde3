// Hellos made for tests, and what TLS structures are put together of.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"

namespace klik::test {

using Octets = std::vector<std::uint8_t>;

inline void append(Octets& to, const Octets& more) { to.insert(to.end(), more.begin(), more.end()); }
inline Octets number(std::uint64_t value, unsigned size) {
  Octets out;
  for (unsigned i = size; i-- > 0;) out.push_back(static_cast<std::uint8_t>(value >> (8 * i)));
  return out;
}
inline Octets joined(std::initializer_list<Octets> parts) {
  Octets out;
  for (const Octets& p : parts) append(out, p);
  return out;
}
inline Octets counted(const Octets& body, unsigned size) { return joined({number(body.size(), size), body}); }
inline Octets text(std::string_view s) { return {s.begin(), s.end()}; }
inline Octets words(std::initializer_list<std::uint16_t> values) {
  Octets out;
  for (const std::uint16_t v : values) append(out, number(v, 2));
  return out;
}
inline Octets extension_of(std::uint16_t type, const Octets& body) { return joined({number(type, 2), counted(body, 2)}); }
inline Octets server_name_of(std::string_view name) { return extension_of(0, counted(joined({{0}, counted(text(name), 2)}), 2)); }
inline Octets alpn_of(std::initializer_list<std::string_view> names) {
  Octets list;
  for (const auto n : names) append(list, counted(text(n), 1));
  return extension_of(16, counted(list, 2));
}

struct HelloParts {
  std::uint16_t version = 0x0303;
  std::uint8_t random = 7;
  Octets suites = words({0x1301, 0x1302});
  Octets extensions;
  bool dtls = false;
  Octets cookie;
};
inline Octets client_hello(const HelloParts& p) {
  Octets out = joined({number(p.version, 2), Octets(32, p.random), counted(Octets(4, 9), 1)});
  if (p.dtls) append(out, counted(p.cookie, 1));
  append(out, joined({counted(p.suites, 2), {1, 0}, counted(p.extensions, 2)}));
  return out;
}
inline Octets handshake(std::uint8_t type, const Octets& body) { return joined({{type}, counted(body, 3)}); }
inline Octets record(std::uint8_t type, const Octets& body, std::uint16_t version = 0x0303) { return joined({{type}, number(version, 2), counted(body, 2)}); }

}  // namespace klik::test
