// From the index to physical clusters: which bytes of the image decode to which bytes of the file.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "containers/erofs/cluster_index.h"
#include "io/unit_source.h"

namespace klik::erofs {

enum class Codec : std::uint8_t { lz4, lzma, deflate, zstd, shifted, interlaced };

// What units of the file decode from; kept for as long as the file's source lives, so it is small.
struct PhysicalCluster {
  std::uint64_t at;        // in the image
  std::uint32_t encoded;   // bytes
  Codec codec;
};

struct ClusterMap {
  std::vector<UnitRange> units;            // contiguous from 0
  std::vector<PhysicalCluster> clusters;   // one per unit
  std::uint64_t decoded = 0;               // end of the last unit
  std::uint64_t fragment_size = 0;         // bytes behind that lie in the packed inode …
  std::uint64_t fragment_at = 0;           // … at this offset
  std::optional<Error> broken;             // why units end before the file does
};

// An index that breaks a rule half-way gives the units before it, and `broken`.
// Errors: truncated, bad_value, unsupported, over_budget when nothing can be had.
Result<ClusterMap> read_cluster_map(const Image& image, const Inode& inode, FsMeter& meter);

}  // namespace klik::erofs
