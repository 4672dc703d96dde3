// An inode of an EROFS image, in one form for the compact and the extended layout.
#pragma once

#include <cstdint>

#include "containers/erofs/superblock.h"

namespace klik::erofs {

enum class Layout : std::uint8_t { plain = 0, compressed_full = 1, inlined = 2, compressed_compact = 3, chunks = 4 };

struct Inode {
  std::uint64_t nid, at;        // at: in the image
  std::uint16_t mode;
  Layout layout;
  std::uint64_t size;
  std::uint32_t uid, gid;
  std::uint32_t data;           // first block, count of compressed blocks, chunk format or device number
  std::uint64_t xattr_at, xattr_size;
  std::uint64_t body_at;        // behind inode and xattrs: inline data, chunk table or cluster index
};

// Errors: truncated, unsupported (a newer inode format).
Result<Inode> read_inode(const Image& image, std::uint64_t nid);

}  // namespace klik::erofs
