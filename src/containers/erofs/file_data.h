// The bytes of an inode as a source, with its lineage: files, folders and links alike.
#pragma once

#include <optional>
#include <vector>

#include "containers/container.h"
#include "containers/erofs/inode.h"
#include "containers/fs_notes.h"
#include "io/unit_source.h"

namespace klik::erofs {

// The inode that holds the tails of other files, opened once.
struct PackedInode {
  // Where a stretch of it comes from; `plain` when byte for byte.
  struct Part {
    UnitRange range;
    Extent from;
    bool plain;
  };
  SourceRef source;              // null when there is none
  std::vector<Part> parts;       // in order
  std::string_view transform = "erofs";
};
Result<PackedInode> open_packed(const Image& image, FsMeter& meter);

// Fills source, size, extents, transform and state of `child`. `problem` is set when a part of the bytes
// cannot be read; reading there fails, the rest is readable.
// Errors: truncated, bad_value, unsupported, over_budget.
Result<void> open_data(const Image& image, const PackedInode& packed, const Inode& inode, FsMeter& meter, Child& child, std::optional<Error>& problem);

}  // namespace klik::erofs
