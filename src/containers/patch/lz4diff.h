// Applying an LZ4DIFF patch: the old file's LZ4 blocks are decompressed, an inner patch is applied, and the new blocks
// are compressed again. Source: AOSP system/update_engine lz4diff (lz4diff_format.h, lz4diff.proto).
#pragma once

#include <cstdint>
#include <vector>

#include "base/budget.h"
#include "base/bytes.h"

namespace klik::patch {

// The new file, at most `most` bytes; it and everything between is at most Budget::unit_bytes, too. What LZ4 makes depends on its release: where the
// patch names a block's digest and ours is another, the error is unsupported. Other errors: bad_magic, truncated, bad_value, over_budget,
// conflict (the old file is not the one that the patch was made for), and those of the inner patch.
Result<std::vector<std::uint8_t>> apply_lz4diff(Bytes old_bytes, Bytes patch, const Budget& budget, std::uint64_t most = ~std::uint64_t{0});

// The inner patch, and whether it is a Puffin patch rather than a bsdiff one.
struct Lz4Inner {
  Bytes patch;
  bool puffin = false;
};
Result<Lz4Inner> inner_of_lz4diff(Bytes patch);

}  // namespace klik::patch
