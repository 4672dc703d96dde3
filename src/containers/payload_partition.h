// One partition of an update as a source: plain blobs are windows on the payload, copied blocks are windows on the old image,
// everything else is units decoded once; the blocks that the device makes itself lie over them.
#pragma once

#include <map>
#include <vector>

#include "containers/container.h"
#include "formats/android/payload_manifest.h"

namespace klik::payload {

// The image of a partition before the update.
struct OldImage {
  SourceRef source;        // null: there is none, and the update is full
  bool exact = false;      // it has the digest that the update names
};

// An operation whose bytes cannot be had.
struct Lost {
  OperationType type;
  std::uint64_t at;        // of the operation in the manifest
  std::uint64_t bytes;     // of the new image
  Code code;
  const char* why;
};

struct PartitionImage {
  SourceRef source;                // of the partition's new size
  std::vector<Extent> extents;     // of the blobs in the payload, in the order of operations
  std::vector<Lost> lost;          // reading their bytes is an error
  std::uint64_t absent = 0;        // bytes of the image whose blob lies past the payload's end; reading them is an error
  std::uint64_t unwritten = 0;     // blocks that no operation writes; they read as zeros
  std::uint64_t not_made = 0;      // bytes of a hash tree or error correction that the device makes and this does not; zeros
};

// REQUIRES: without an old image every operation is one that needs none (is_full). Errors: what makes the whole partition
// unreadable, with the place in the manifest: bad_value, over_budget, io.
Result<PartitionImage> partition_image(const SourceRef& payload, std::uint64_t blobs_at, std::uint32_t block_size,
                                       const PartitionUpdate& partition, const OldImage& old_image, OpenContext& context);

}  // namespace klik::payload
