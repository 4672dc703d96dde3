// Frames of Xiaomi's push channel, written for tests. Every value is made up.
#pragma once

#include <string>
#include <string_view>

#include "base/hash.h"
#include "support/dns_maker.h"

namespace klik::test::push {

using dns::u16;
using dns::u32;

inline std::string field(unsigned number, std::string_view text) { return std::string{static_cast<char>(number << 3 | 2), static_cast<char>(text.size())} + std::string(text); }
inline std::string field(unsigned number, unsigned value) { return std::string{static_cast<char>(number << 3), static_cast<char>(value)}; }   // below 128

inline std::string frame(std::string_view body) {
  const std::string covered = "\xc2\xfe" + u16(5) + u32(static_cast<std::uint32_t>(body.size())) + std::string(body);
  return covered + u32(adler32(Bytes::of(covered)));
}
inline std::string clear(std::string_view command, std::string_view payload) {
  const std::string header = field(1, 0u) + field(3, "xiaomi.com") + field(5, command) + field(9, 0u);
  return frame(u16(2) + u16(static_cast<unsigned>(header.size())) + u32(static_cast<std::uint32_t>(payload.size())) + header + std::string(payload));
}

inline constexpr std::string_view kHash = "a-0123456789ABCDEF0123456789ABCDEF01234567", kChallenge = "1234567890";
inline std::string connect() {
  return clear("CONN", field(1, 106u) + field(2, "Made Phone") + field(3, "V1.2;3") + field(4, kHash) + field(5, 42u) + field(6, "wifi") + field(7, "Front.example.org:5222") + field(8, "nl_NL") + field(10, 30u));
}
inline std::string challenge() { return clear("CONN", field(1, kChallenge)); }
inline std::string encrypted() { return frame("\x77\x3a\x91\xe0\x15\x5c\x08\xab\xcd\xef\x10\x32"); }
inline std::string keep_alive() { return frame(""); }

}  // namespace klik::test::push
