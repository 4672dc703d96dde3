#include "formats/android/payload_manifest.h"

#include <algorithm>
#include <bit>
#include <iterator>
#include <utility>

#include "formats/protobuf.h"

namespace klik::payload {
namespace {

using protobuf::Field;
using protobuf::Message;

// An operation takes two bytes in a hostile manifest and some hundred in memory. At 2 MiB per operation
// these are terabytes of image.
constexpr std::uint64_t kMaxOperations = 1u << 20, kMaxExtents = 1u << 21;
// Each may hold a scratch file open. Phones have some eighty.
constexpr std::uint64_t kMaxPartitions = 256;

constexpr std::string_view kNames[] = {
    "REPLACE", "REPLACE_BZ", "MOVE", "BSDIFF", "SOURCE_COPY", "SOURCE_BSDIFF", "ZERO", "DISCARD",
    "REPLACE_XZ", "PUFFDIFF", "BROTLI_BSDIFF", "ZUCCHINI", "LZ4DIFF_BSDIFF", "LZ4DIFF_PUFFDIFF", "REPLACE_ZSTD",
};

Result<std::optional<Sha256Digest>> digest(const Field& field) {
  KLIK_TRY(const Bytes raw, bytes(field));
  if (raw.empty()) return std::nullopt;
  Sha256Digest out{};
  if (raw.size() != out.size()) return fail(Code::bad_value, field.at, "a digest that is not SHA-256");
  std::ranges::copy(raw.span(), out.begin());
  return out;
}

Result<Blocks> read_blocks(const Field& message) {
  KLIK_TRY(const Bytes raw, bytes(message));
  Blocks blocks{0, 0};
  for (Message m(raw, message.at); !m.at_end();) {
    KLIK_TRY(const Field field, m.next());
    if (field.number == 1) { KLIK_TRY(blocks.start, number(field)); }
    if (field.number == 2) { KLIK_TRY(blocks.count, number(field)); }
  }
  return blocks;
}

// A message that comes twice is merged, as protobuf demands and the phone does.
Result<Image> read_image(const Field& message, Image image) {
  KLIK_TRY(const Bytes raw, bytes(message));
  for (Message m(raw, message.at); !m.at_end();) {
    KLIK_TRY(const Field field, m.next());
    if (field.number == 1) { KLIK_TRY(image.size, number(field)); }
    if (field.number == 2) { KLIK_TRY(image.digest, digest(field)); }
  }
  return image;
}

// Counts over the whole manifest.
struct Limits {
  std::uint64_t operations = kMaxOperations, extents = kMaxExtents;
};

Result<void> add_blocks(const Field& message, std::vector<Blocks>& list, std::uint32_t& count, Limits& limits) {
  if (limits.extents-- == 0) return fail(Code::over_budget, message.at, "more extents than the budget allows");
  KLIK_TRY(const Blocks blocks, read_blocks(message));
  list.push_back(blocks);
  ++count;
  return {};
}

Result<Operation> read_operation(const Field& message, PartitionUpdate& partition, Limits& limits) {
  if (limits.operations-- == 0) return fail(Code::over_budget, message.at, "more operations than the budget allows");
  KLIK_TRY(const Bytes raw, bytes(message));
  Operation operation{OperationType::replace, 0, 0, static_cast<std::uint32_t>(partition.targets.size()), 0, static_cast<std::uint32_t>(partition.sources.size()), 0, {}, {}, message.at};
  for (Message m(raw, message.at); !m.at_end();) {
    KLIK_TRY(const Field field, m.next());
    switch (field.number) {
      case 1: {
        KLIK_TRY(const std::uint64_t type, number(field));
        if (type > 0x7FFFFFFF) return fail(Code::bad_value, field.at, "operation type out of range");
        operation.type = static_cast<OperationType>(type);
        break;
      }
      case 2: { KLIK_TRY(operation.data_at, number(field)); break; }
      case 3: { KLIK_TRY(operation.data_length, number(field)); break; }
      case 4: { KLIK_CHECK(add_blocks(field, partition.sources, operation.source_count, limits)); break; }
      case 6: { KLIK_CHECK(add_blocks(field, partition.targets, operation.target_count, limits)); break; }
      case 8: { KLIK_TRY(operation.data_digest, digest(field)); break; }
      case 9: { KLIK_TRY(operation.source_digest, digest(field)); break; }
      default: break;
    }
  }
  return operation;
}

Result<PartitionUpdate> read_partition(const Field& message, Limits& limits) {
  KLIK_TRY(const Bytes raw, bytes(message));
  PartitionUpdate partition{};
  partition.at = message.at;
  for (Message m(raw, message.at); !m.at_end();) {
    KLIK_TRY(const Field field, m.next());
    switch (field.number) {
      case 1: {
        KLIK_TRY(const Bytes name, bytes(field));
        partition.name = name.text();
        break;
      }
      case 6: { KLIK_TRY(partition.before, read_image(field, partition.before.value_or(Image{}))); break; }
      case 7: { KLIK_TRY(partition.after, read_image(field, partition.after.value_or(Image{}))); break; }
      case 8: {
        KLIK_TRY(Operation operation, read_operation(field, partition, limits));
        partition.operations.push_back(operation);
        break;
      }
      case 10: { KLIK_TRY(partition.hash_tree.data, read_blocks(field)); break; }
      case 11: { KLIK_TRY(partition.hash_tree.to, read_blocks(field)); break; }
      case 12: {
        KLIK_TRY(const Bytes name, bytes(field));
        partition.hash_algorithm = name.text();
        break;
      }
      case 13: {
        KLIK_TRY(const Bytes salt, bytes(field));
        partition.salt.assign(salt.begin(), salt.end());
        break;
      }
      case 14: { KLIK_TRY(partition.fec.data, read_blocks(field)); break; }
      case 15: { KLIK_TRY(partition.fec.to, read_blocks(field)); break; }
      case 16: {
        KLIK_TRY(const std::uint64_t roots, number(field));
        if (roots == 0 || roots >= 255) return fail(Code::bad_value, field.at, "error correction with an impossible number of roots");
        partition.fec_roots = static_cast<std::uint32_t>(roots);
        break;
      }
      default: break;
    }
  }
  return partition;
}

}  // namespace

std::string_view operation_name(OperationType type) {
  const auto n = std::to_underlying(type);
  return n < std::size(kNames) ? kNames[n] : std::string_view();
}

Result<Manifest> read_manifest(Bytes raw) {
  Manifest manifest;
  Limits limits;
  for (Message m(raw, 0); !m.at_end();) {
    KLIK_TRY(const Field field, m.next());
    switch (field.number) {
      case 3: {
        KLIK_TRY(const std::uint64_t size, number(field));
        if (size > 0x80000000 || !std::has_single_bit(size)) return fail(Code::bad_value, field.at, "block size is not a power of two");
        manifest.block_size = static_cast<std::uint32_t>(size);
        break;
      }
      case 12: {
        KLIK_TRY(const std::uint64_t minor, number(field));
        if (minor > 0xFFFFFFFF) return fail(Code::bad_value, field.at, "minor version out of range");
        manifest.minor_version = static_cast<std::uint32_t>(minor);
        break;
      }
      case 13: {
        if (manifest.partitions.size() == kMaxPartitions) return fail(Code::over_budget, field.at, "more partitions than the budget allows");
        KLIK_TRY(PartitionUpdate partition, read_partition(field, limits));
        manifest.partitions.push_back(std::move(partition));
        break;
      }
      default: break;
    }
  }
  return manifest;
}

}  // namespace klik::payload
