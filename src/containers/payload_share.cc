#include "containers/payload_share.h"

#include <algorithm>
#include <optional>

#include "containers/patch/bsdiff.h"
#include "containers/patch/lz4diff.h"
#include "containers/patch/puffin.h"
#include "containers/payload_operation.h"

namespace klik::payload {
namespace {

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

std::optional<std::uint64_t> inserted(const Source& payload, std::uint64_t blobs_at, const Operation& operation, const Budget& budget) {
  if (operation.data_length > budget.unit_bytes || operation.data_at > ~std::uint64_t{0} - blobs_at) return std::nullopt;
  const auto loaded = payload.load(blobs_at + operation.data_at, operation.data_length);
  if (!loaded) return std::nullopt;
  const auto inner = innermost(operation.type, loaded->bytes());
  if (!inner || inner->empty()) return std::nullopt;
  const auto share = patch::bsdiff_share(*inner, budget.unit_bytes);
  return share ? std::optional(share->copied) : std::nullopt;
}

}  // namespace

Share share_of(const Source& payload, std::uint64_t blobs_at, std::uint64_t block_size, const PartitionUpdate& partition, const Budget& budget) {
  Share share{.size = partition.after ? partition.after->size : 0};
  std::uint64_t left = share.size;   // hostile operations may claim more than there is
  for (const Operation& operation : partition.operations) {
    std::uint64_t bytes = 0;
    for (const Blocks& target : std::span(partition.targets).subspan(operation.first_target, operation.target_count))
      if (target.start != kHole) bytes += std::min(target.count, left / block_size + 1) * block_size;
    bytes = std::min(bytes, left);
    left -= bytes;
    if (is_full(operation.type)) share.held += bytes;
    else if (is_difference(operation.type)) {
      if (const auto own = inserted(payload, blobs_at, operation, budget)) share.held += std::min(*own, bytes);
      else share.unknown += bytes;
    }
  }
  return share;
}

}  // namespace klik::payload
