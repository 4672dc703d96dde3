// A source put together from pieces: ranges of other sources, a repeated word, or nothing.
// Sparse images, logical partitions, files of a file system and transfer lists are all this.
#pragma once

#include <cstdint>
#include <vector>

#include "io/source.h"

namespace klik {

// A byte range of the parent, as lineage records it.
struct Extent {
  std::uint64_t at;
  std::uint64_t length;
  friend bool operator==(const Extent&, const Extent&) = default;
};

// Appends a range, merged with the last one where they touch: lineage of large files stays short.
void append_extent(std::vector<Extent>& extents, std::uint64_t at, std::uint64_t length);

struct Piece {
  std::uint64_t at;            // in the resulting source
  std::uint64_t length;
  SourceRef from;              // null: `fill` repeats
  std::uint64_t from_at = 0;
  std::uint32_t fill = 0;      // little-endian word, its first byte at a multiple of 4 from the piece's start
};

// Gaps between pieces read as zeros. Errors: bad_value when pieces overlap or leave `size`,
// truncated when a piece leaves its source.
Result<SourceRef> extent_source(std::uint64_t size, std::vector<Piece> pieces);

}  // namespace klik
