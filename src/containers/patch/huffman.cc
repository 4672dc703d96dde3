#include "containers/patch/huffman.h"

#include <algorithm>

namespace klik::patch {

const std::array<RangeCode, 29> kLengths = {{{3, 0},  {4, 0},  {5, 0},  {6, 0},  {7, 0},  {8, 0},  {9, 0},  {10, 0},  {11, 1},  {13, 1},  {15, 1},  {17, 1},  {19, 2},  {23, 2}, {27, 2},
                                             {31, 2}, {35, 3}, {43, 3}, {51, 3}, {59, 3}, {67, 4}, {83, 4}, {99, 4}, {115, 4}, {131, 5}, {163, 5}, {195, 5}, {227, 5}, {258, 0}}};
const std::array<RangeCode, 30> kDistances = {{{1, 0},    {2, 0},    {3, 0},    {4, 0},    {5, 1},    {7, 1},    {9, 2},     {13, 2},    {17, 3},    {25, 3},
                                               {33, 4},   {49, 4},   {65, 5},   {97, 5},   {129, 6},  {193, 6},  {257, 7},   {385, 7},   {513, 8},   {769, 8},
                                               {1025, 9}, {1537, 9}, {2049, 10}, {3073, 10}, {4097, 11}, {6145, 11}, {8193, 12}, {12289, 12}, {16385, 13}, {24577, 13}}};
const std::array<std::uint8_t, 19> kLengthOrder = {16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15};

Result<PrefixCode> PrefixCode::make(std::span<const std::uint8_t> lengths) {
  std::array<std::uint32_t, kLongestCode + 1> count{}, next{};
  for (const std::uint8_t n : lengths) ++count[n];
  count[0] = 0;
  PrefixCode code;
  code.lengths_.assign(lengths.begin(), lengths.end());
  code.codes_.resize(lengths.size());
  for (unsigned n = 1; n <= kLongestCode; ++n) {
    next[n] = (next[n - 1] + count[n - 1]) << 1;
    if (next[n] + count[n] > (1u << n)) return fail(Code::bad_value, 0, "a prefix code gives one bit pattern to two symbols");
    if (count[n] > 0) code.longest_ = n;
  }
  code.symbols_.resize(std::size_t{1} << code.longest_);
  for (std::size_t symbol = 0; symbol < lengths.size(); ++symbol) {
    const unsigned n = lengths[symbol];
    if (n == 0) continue;
    std::uint32_t reversed = 0;
    for (unsigned i = 0, c = next[n]++; i < n; ++i, c >>= 1) reversed = (reversed << 1) | (c & 1);
    code.codes_[symbol] = static_cast<std::uint16_t>(reversed);
    for (std::size_t pattern = reversed; pattern < code.symbols_.size(); pattern += std::size_t{1} << n) code.symbols_[pattern] = static_cast<std::uint16_t>(symbol + 1);
  }
  return code;
}

Result<unsigned> PrefixCode::read(BitReader& in) const {
  const std::uint16_t found = symbols_.empty() ? 0 : symbols_[in.peek(longest_)];
  if (found == 0) return fail(Code::bad_value, in.position() / 8, "bits that stand for no symbol");
  KLIK_CHECK(in.skip(lengths_[found - 1u]));
  return found - 1u;
}

Result<void> PrefixCode::write(unsigned symbol, BitWriter& out) const {
  if (symbol >= lengths_.size() || lengths_[symbol] == 0) return fail(Code::bad_value, out.position() / 8, "a symbol without a code");
  out.put(codes_[symbol], lengths_[symbol]);
  return {};
}

const BlockCodes& fixed_codes() {
  static const BlockCodes codes = [] {
    std::array<std::uint8_t, 288> literals{};
    for (std::size_t i = 0; i < literals.size(); ++i) literals[i] = i < 144 ? 8 : i < 256 ? 9 : i < 280 ? 7 : 8;
    std::array<std::uint8_t, kDistanceSymbols> distances{};
    distances.fill(5);
    return BlockCodes{*PrefixCode::make(literals), *PrefixCode::make(distances)};
  }();
  return codes;
}

}  // namespace klik::patch
