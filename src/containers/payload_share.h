// How much of a new partition an incremental update holds itself: what can be said of it without the old build.
#pragma once

#include "base/budget.h"
#include "formats/android/payload_manifest.h"
#include "io/source.h"

namespace klik::payload {

struct Share {
  std::uint64_t size = 0;      // of the new image
  std::uint64_t held = 0;      // bytes that full operations write, and that differences insert rather than derive
  std::uint64_t unknown = 0;   // bytes of differences whose own part cannot be told apart: Zucchini, broken patches
};

// What may still be read for it in one payload. The data of true operations lie apart, so they are no more than the payload; many that point at
// one patch, for nine bytes of manifest each, are told by it.
struct ShareWork {
  std::uint64_t bytes;
  std::uint64_t steps = std::uint64_t{16} << 20;   // of control streams
};

// Reads the control streams of bsdiff patches, those inside Puffin and LZ4DIFF patches too (there it counts puffed or decompressed bytes, at most
// what the operation writes). What `left` does not allow is unknown.
Share share_of(const Source& payload, std::uint64_t blobs_at, std::uint64_t block_size, const PartitionUpdate& partition, const Budget& budget, ShareWork& left);

}  // namespace klik::payload
