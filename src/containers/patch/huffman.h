// Deflate's codes: from lengths to codes, and from bits to symbols. Source: RFC 1951, 3.2.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "containers/patch/deflate_bits.h"

namespace klik::patch {

inline constexpr unsigned kEndOfBlock = 256, kLengthSymbols = 286, kDistanceSymbols = 30, kLongestCode = 15;

struct RangeCode {
  std::uint16_t base;
  std::uint8_t extra_bits;
};
// What a length symbol (from 257) and a distance symbol stand for.
extern const std::array<RangeCode, 29> kLengths;
extern const std::array<RangeCode, 30> kDistances;
// The order in which the lengths of the code of codes are stored.
extern const std::array<std::uint8_t, 19> kLengthOrder;

// One prefix code, for both directions. Codes of length 0 do not exist; a code may leave bit patterns without a symbol.
class PrefixCode {
 public:
  // Errors: bad_value when the lengths give one bit pattern to two symbols. REQUIRES: no length over kLongestCode.
  static Result<PrefixCode> make(std::span<const std::uint8_t> lengths);

  Result<unsigned> read(BitReader& in) const;
  // Errors: bad_value when the symbol has no code.
  Result<void> write(unsigned symbol, BitWriter& out) const;

 private:
  std::vector<std::uint8_t> lengths_;
  std::vector<std::uint16_t> codes_;    // by symbol, the first bit lowest
  std::vector<std::uint16_t> symbols_;  // by the next `longest_` bits: symbol + 1, 0 for none
  unsigned longest_ = 0;
};

struct BlockCodes {
  PrefixCode literals, distances;
};

// Of fixed blocks.
const BlockCodes& fixed_codes();

}  // namespace klik::patch
