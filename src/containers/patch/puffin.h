// Applying a Puffin patch: the deflate streams of both files are puffed, an inner patch makes the new puffed file of
// the old one, and the new streams are written again bit by bit. Source: AOSP external/puffin (PUF1, puffin.proto).
#pragma once

#include <cstdint>
#include <vector>

#include "base/budget.h"
#include "base/bytes.h"

namespace klik::patch {

// The new file, at most `most` bytes; it and everything between is at most Budget::unit_bytes, too. Sizes are looked at before anything
// is made. Errors: bad_magic, truncated, bad_value, unsupported
// (an inner patch of an unknown kind), over_budget, conflict (the old file is not the one that the patch was made for),
// and those of the inner patch. Offsets are in the patch where it is at fault.
Result<std::vector<std::uint8_t>> apply_puffin(Bytes old_bytes, Bytes patch, const Budget& budget, std::uint64_t most = ~std::uint64_t{0});

// The inner patch, when it is a bsdiff one; empty otherwise.
Result<Bytes> inner_bsdiff_of_puffin(Bytes patch);

}  // namespace klik::patch
