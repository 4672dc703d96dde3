// Applying a Zucchini patch: a delta that knows how executables refer to their own parts, so that moved code costs little.
// Source: Chromium components/zucchini (patch format of major version 1).
#pragma once

#include <cstdint>
#include <vector>

#include "base/budget.h"
#include "base/bytes.h"

namespace klik::zucchini {

// The new image, of at most `most` bytes, bit by bit: its size and CRC-32 are those that the patch names. `patch` is what lies inside the brotli stream.
// Errors: truncated, bad_magic, bad_value (patch); conflict (another old image than the patch was made for); unsupported (a version
// or a kind of executable that is not read); over_budget; bad_checksum (the result is not what the patch promised).
Result<std::vector<std::uint8_t>> apply(Bytes old_image, Bytes patch, const Budget& budget, std::uint64_t most = ~std::uint64_t{0});

}  // namespace klik::zucchini
