// One partition of a full update as a source: plain blobs are windows on the payload, compressed ones are
// units decoded once.
#pragma once

#include <vector>

#include "containers/container.h"
#include "formats/android/payload_manifest.h"

namespace klik::payload {

struct PartitionImage {
  SourceRef source;                // of the partition's new size
  std::vector<Extent> extents;     // of the blobs in the payload, in the order of operations
  std::uint64_t absent = 0;        // bytes of the image whose blob lies past the payload's end; reading them is an error
  std::uint64_t unwritten = 0;     // blocks that no operation writes; they read as zeros
};

// REQUIRES: every operation is one that needs no old image (is_full). Errors: what makes the whole partition
// unreadable, with the place in the manifest: bad_value, over_budget, io.
Result<PartitionImage> partition_image(const SourceRef& payload, std::uint64_t blobs_at, std::uint32_t block_size,
                                       const PartitionUpdate& partition, OpenContext& context);

bool is_full(OperationType type);

}  // namespace klik::payload
