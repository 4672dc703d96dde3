// The blocks that a phone makes itself when it writes a partition: dm-verity's hash tree, and the error correction over both.
// Source: Linux Documentation/admin-guide/device-mapper/verity.rst; AOSP libfec (RS(255, 255 - roots) over interleaved bytes).
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "base/hash.h"
#include "io/source.h"

namespace klik::verity {

// sha1, sha256, sha384, sha512; none for others.
std::optional<HashAlgorithm> algorithm_named(std::string_view name);

// In bytes, for `data_size` bytes in blocks of `block_size`. REQUIRES: block_size is a power of two from 512 on.
std::uint64_t hash_tree_size(std::uint64_t data_size, std::uint32_t block_size, HashAlgorithm algorithm);
std::uint64_t error_correction_size(std::uint64_t data_size, std::uint32_t block_size, std::uint32_t roots);

// The tree over data[at, at + size), the top level first, without the root. Errors: those of reading.
// REQUIRES: size is a multiple of block_size and not 0; the tree's size is within the caller's budget.
Result<std::vector<std::uint8_t>> hash_tree(const Source& data, std::uint64_t at, std::uint64_t size, std::uint32_t block_size, HashAlgorithm algorithm, Bytes salt);

// REQUIRES: as above; 0 < roots < 255.
Result<std::vector<std::uint8_t>> error_correction(const Source& data, std::uint64_t at, std::uint64_t size, std::uint32_t block_size, std::uint32_t roots);

}  // namespace klik::verity
