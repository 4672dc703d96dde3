// Applying a bsdiff patch: bytes of the old file with a difference added, and new bytes between them.
// Source: AOSP external/bsdiff (BSDIFF40, and BSDF2 with a compressor per stream).
#pragma once

#include <cstdint>
#include <vector>

#include "base/bytes.h"

namespace klik::patch {

// The new file, at most `most` bytes. Where the patch adds to a place outside the old file, the difference stands alone, as the
// device does it. Errors carry the offset in the patch: bad_magic, truncated, bad_value, unsupported (a compressor that is not
// known), over_budget (a new file of more than `most` bytes, or more steps without effect than any maker writes).
Result<std::vector<std::uint8_t>> apply_bsdiff(Bytes old_bytes, Bytes patch, std::uint64_t most);

// How much of the new file the patch holds itself, without the old one: what it copies from its extra stream.
struct BsdiffShare {
  std::uint64_t size = 0, copied = 0;
};
// `steps`: how many may be read, less those that were; each costs the reader the same, whatever it makes. Errors as above.
Result<BsdiffShare> bsdiff_share(Bytes patch, std::uint64_t most, std::uint64_t& steps);

}  // namespace klik::patch
