// A Zucchini patch as updates carry it: inside a brotli stream.
#pragma once

#include <cstdint>
#include <vector>

#include "base/budget.h"
#include "base/bytes.h"

namespace klik::patch {

// Errors: those of the stream, with the offset in it, and of zucchini::apply, with the offset in the decoded patch.
Result<std::vector<std::uint8_t>> apply_zucchini(Bytes old_bytes, Bytes compressed_patch, const Budget& budget, std::uint64_t most = ~std::uint64_t{0});

}  // namespace klik::patch
