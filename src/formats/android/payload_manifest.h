// The manifest of an A/B update: for every partition, which operations write which blocks.
// Source: AOSP system/update_engine update_metadata.proto (DeltaArchiveManifest).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/hash.h"

namespace klik::payload {

// REPLACE … ZSTD: the numbers of InstallOperation.Type. Others are possible.
enum class OperationType : std::uint32_t {
  replace = 0, replace_bz = 1, move = 2, bsdiff = 3, source_copy = 4, source_bsdiff = 5, zero = 6, discard = 7,
  replace_xz = 8, puffdiff = 9, brotli_bsdiff = 10, zucchini = 11, lz4diff_bsdiff = 12, lz4diff_puffdiff = 13, replace_zstd = 14,
};
// "REPLACE_XZ"; "" for a number that is not known.
std::string_view operation_name(OperationType type);

inline constexpr std::uint64_t kHole = ~std::uint64_t{0};   // as Blocks::start: data that is thrown away

struct Blocks {
  std::uint64_t start, count;
};

struct Operation {
  OperationType type;
  std::uint64_t data_at, data_length;               // from the end of the metadata signature
  std::uint32_t first_target, target_count;         // in PartitionUpdate::targets
  std::uint32_t first_source, source_count;         // in PartitionUpdate::sources: what it reads of the old image
  std::optional<Sha256Digest> data_digest, source_digest;
  std::uint64_t at;                                 // of the message in the manifest
};

struct Image {
  std::uint64_t size;
  std::optional<Sha256Digest> digest;
};

// Blocks that the device makes itself, by no operation: a hash tree or error correction over `data`.
struct Generated {
  Blocks data{0, 0}, to{0, 0};
  explicit operator bool() const { return to.count > 0; }
};

struct PartitionUpdate {
  std::string name;
  std::optional<Image> before, after;
  std::vector<Operation> operations;
  std::vector<Blocks> targets, sources;
  Generated hash_tree, fec;
  std::string hash_algorithm;                       // of the tree: "sha256"
  std::vector<std::uint8_t> salt;
  std::uint32_t fec_roots = 2;
  std::uint64_t at;                                 // of the message in the manifest
};

struct Manifest {
  std::uint32_t block_size = 4096, minor_version = 0;
  std::vector<PartitionUpdate> partitions;
};

// Unknown fields are passed over. Errors: those of protobuf::Reader, bad_value (a digest that is none, a field of
// another wire type, a block size that is no power of two), over_budget (more partitions, operations or extents
// than memory is meant for).
Result<Manifest> read_manifest(Bytes manifest);

}  // namespace klik::payload
