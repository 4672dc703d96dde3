// The index of a compressed file: one entry per logical cluster (block of the file), in the full form of
// 8 bytes or the compact form of 4 or 2.
#pragma once

#include <cstdint>
#include <vector>

#include "containers/erofs/inode.h"
#include "containers/fs_notes.h"

namespace klik::erofs {

// The 8 bytes before the index.
struct MapHeader {
  bool all_in_packed = false;          // the whole file is a fragment …
  std::uint64_t fragment_at = 0;       // … at this offset of the packed inode; else the low 32 bits of the tail's
  std::uint32_t tail_size = 0;         // encoded bytes of an inline tail
  std::uint16_t advise = 0;
  std::uint8_t algorithm[2] = {0, 0};  // of head types 1 and 2
  unsigned cluster_bits = 0;

  bool compact_2b() const { return (advise & 0x1) != 0; }
  bool big(unsigned head) const { return (advise & (head == 1 ? 0x2 : 0x4)) != 0; }
  bool inline_tail() const { return (advise & 0x8) != 0; }
  bool interlaced() const { return (advise & 0x10) != 0; }
  bool fragment() const { return (advise & 0x20) != 0; }
};

Result<MapHeader> read_map_header(const Image& image, const Inode& inode);

enum class ClusterType : std::uint8_t { plain = 0, head1 = 1, inside = 2, head2 = 3 };

struct LogicalCluster {
  ClusterType type = ClusterType::plain;
  bool counts = false;          // inside: `back` was replaced by the block count of the physical cluster
  bool back_known = false;
  std::uint16_t offset = 0;     // head: where its data starts in the logical cluster
  std::uint16_t back = 0;       // inside: distance to its head, or to a cluster nearer to it
  std::uint32_t block = 0;      // head: first block of the physical cluster; inside and counts: its blocks
};

struct ClusterIndex {
  std::vector<LogicalCluster> clusters;
  std::uint64_t end;            // in the image, behind the last pack: where an inline tail lies
};

// Errors: truncated, bad_value, unsupported, over_budget.
Result<ClusterIndex> read_cluster_index(const Image& image, const Inode& inode, const MapHeader& header, FsMeter& meter);

}  // namespace klik::erofs
