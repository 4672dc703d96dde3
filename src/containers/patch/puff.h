// A deflate stream as bytes that a differ can compare ("puff"), and back, bit by bit: Huffman codes are undone, the
// choice of codes travels along. Source: AOSP external/puffin README and puff_writer.
#pragma once

#include <cstdint>
#include <vector>

#include "base/bytes.h"
#include "containers/patch/deflate_bits.h"

namespace klik::patch {

// The puff of all blocks in the `bits` bits of `bytes` from bit `first` on, until less than a byte is left. Errors: truncated, bad_value
// (offsets in `bytes`), over_budget (a puff of more than `most` bytes).
Result<std::vector<std::uint8_t>> puff(Bytes bytes, std::uint64_t first, std::uint64_t most, std::uint64_t bits = ~std::uint64_t{0});

// Writes the blocks again that `puffed` was made of. Errors: truncated, bad_value (offsets in `puffed`).
Result<void> huff(Bytes puffed, BitWriter& out);

}  // namespace klik::patch
