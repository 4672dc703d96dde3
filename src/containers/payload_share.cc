#include "containers/payload_share.h"

#include <algorithm>
#include <optional>

#include "containers/patch/bsdiff.h"
#include "containers/patch/lz4diff.h"
#include "containers/patch/puffin.h"
#include "containers/payload_operation.h"

namespace klik::payload {
namespace {

// How many times as large as what an operation writes its file may be in the form that the innermost patch makes: as it is, puffed (four
// bytes stand for two bits at the most), or decompressed (LZ4 makes 255 bytes of one).
constexpr std::uint64_t kPuffed = 32, kDecompressed = 256;

std::uint64_t most_made(OperationType type, std::uint64_t bytes, const Budget& budget) {
  const std::uint64_t factor = type == OperationType::source_bsdiff || type == OperationType::brotli_bsdiff ? 1
                               : type == OperationType::puffdiff                                           ? kPuffed
                                                                                                           : kDecompressed;
  return bytes > budget.unit_bytes / factor ? budget.unit_bytes : bytes * factor;
}

// The bsdiff patch that a difference comes down to; empty when there is none.
Result<Bytes> innermost(OperationType type, Bytes data) {
  switch (type) {
    case OperationType::source_bsdiff:
    case OperationType::brotli_bsdiff: return data;
    case OperationType::puffdiff: return patch::inner_bsdiff_of_puffin(data);
    case OperationType::lz4diff_bsdiff:
    case OperationType::lz4diff_puffdiff: {
      KLIK_TRY(const patch::Lz4Inner inner, patch::inner_of_lz4diff(data));
      return inner.puffin ? patch::inner_bsdiff_of_puffin(inner.patch) : Result<Bytes>(inner.patch);
    }
    default: return Bytes();
  }
}

// `bytes`: that it writes.
std::optional<std::uint64_t> inserted(const Source& payload, std::uint64_t blobs_at, const Operation& operation, std::uint64_t bytes, const Budget& budget, ShareWork& left) {
  if (operation.data_length > std::min(budget.unit_bytes, left.bytes) || operation.data_at > ~std::uint64_t{0} - blobs_at) return std::nullopt;
  left.bytes -= operation.data_length;
  const auto loaded = payload.load(blobs_at + operation.data_at, operation.data_length);
  if (!loaded) return std::nullopt;
  const auto inner = innermost(operation.type, loaded->bytes());
  if (!inner || inner->empty()) return std::nullopt;
  const auto share = patch::bsdiff_share(*inner, most_made(operation.type, bytes, budget), left.steps);
  return share ? std::optional(share->copied) : std::nullopt;
}

}  // namespace

Share share_of(const Source& payload, std::uint64_t blobs_at, std::uint64_t block_size, const PartitionUpdate& partition, const Budget& budget, ShareWork& work) {
  Share share{.size = partition.after ? partition.after->size : 0};
  std::uint64_t left = share.size;   // hostile operations may claim more than there is
  for (const Operation& operation : partition.operations) {
    std::uint64_t bytes = 0, blocks = 0;   // `bytes`: of the image, whose last block may be a part of one
    for (const Blocks& target : std::span(partition.targets).subspan(operation.first_target, operation.target_count)) {
      const std::uint64_t count = std::min({target.count, left / block_size + 1, budget.item_bytes / block_size}) * block_size;
      blocks += count;
      if (target.start != kHole) bytes += count;
    }
    bytes = std::min(bytes, left);
    left -= bytes;
    if (bytes == 0) continue;
    if (is_full(operation.type)) share.held += bytes;
    else if (is_difference(operation.type)) {
      if (const auto own = inserted(payload, blobs_at, operation, blocks, budget, work)) share.held += std::min(*own, bytes);
      else share.unknown += bytes;
    }
  }
  return share;
}

}  // namespace klik::payload
