// Digests that need not withstand anybody: where two things have the same one, what they call and say is compared besides.
#pragma once

#include <cstdint>
#include <string_view>

namespace klik::flow {

// The first factor keeps two small numbers apart, whose exclusive or many others have.
constexpr std::uint64_t mix(std::uint64_t h, std::uint64_t v) {
  h = ((h + 1) * 0xD6E8FEB86659FD93u ^ v) * 0x9E3779B97F4A7C15u;
  return h ^ (h >> 29);
}

// Never 0.
constexpr std::uint64_t text_digest(std::string_view s) {
  std::uint64_t h = 0xcbf29ce484222325u;
  for (const char c : s) h = (h ^ static_cast<std::uint8_t>(c)) * 0x100000001b3u;
  return mix(h, s.size()) | 1;
}

}  // namespace klik::flow
