// Applying an imgdiff patch: a bsdiff patch per piece of a file, where deflate streams are compared unpacked and packed
// again with the settings that the patch records.
// Source: AOSP bootable/recovery applypatch/imgdiff.cpp, imgpatch.cpp (IMGDIFF2).
#pragma once

#include <cstdint>
#include <vector>

#include "base/bytes.h"

namespace klik::patch {

// The new file, at most `most` bytes. Errors carry the offset in the patch: bad_magic, truncated, bad_value (a stream of the old
// file that is not as the patch says, settings that zlib refuses), unsupported (a piece of an unknown kind), over_budget.
Result<std::vector<std::uint8_t>> apply_imgdiff(Bytes old_bytes, Bytes patch, std::uint64_t most);

}  // namespace klik::patch
