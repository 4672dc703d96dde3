// Frames that zstd and lz4 decoders pass over; both formats number them alike.
#pragma once

#include "io/source.h"

namespace klik {

constexpr bool is_skippable(std::uint32_t magic) { return (magic & 0xFFFFFFF0u) == 0x184D2A50u; }

// The magic of the first frame that is none of them; 0 when there is none among the first few.
inline std::uint32_t magic_behind_skippable(const Source& source) {
  std::uint64_t at = 0;
  for (int i = 0; i < 16; ++i) {
    const auto magic = source.get<U32le>(at);
    if (!magic) return 0;
    if (!is_skippable(*magic)) return *magic;
    const auto length = source.get<U32le>(at + 4);
    if (!length) return 0;
    at += std::uint64_t{8} + *length;
  }
  return 0;
}

}  // namespace klik
