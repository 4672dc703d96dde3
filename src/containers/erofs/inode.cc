#include "containers/erofs/inode.h"

namespace klik::erofs {
namespace {

struct CompactInode {
  U16le format, xattr_count, mode, links;
  U32le size, mtime, data, number;
  U16le uid, gid;
  U32le reserved;
};
static_assert(sizeof(CompactInode) == 32);

struct ExtendedInode {
  U16le format, xattr_count, mode, reserved;
  U64le size;
  U32le data, number, uid, gid;
  U64le mtime;
  U32le nanoseconds, links;
  std::uint8_t reserved2[16];
};
static_assert(sizeof(ExtendedInode) == 64);

constexpr unsigned kSlot = 32;   // inodes lie at multiples of this behind meta_at

}  // namespace

Result<Inode> read_inode(const Image& image, std::uint64_t nid) {
  const std::uint64_t size = image.source->size();
  if (image.meta_at > size || nid > (size - image.meta_at) / kSlot) return fail(Code::truncated, image.meta_at, "an inode number past the end of the image");
  const std::uint64_t at = image.meta_at + nid * kSlot;
  KLIK_TRY(const U16le format, image.source->get<U16le>(at));
  // Bit 0 extended, bits 1 to 3 layout; bit 4 came with the 48-bit format.
  if (format >> 4) return fail(Code::unsupported, at, "a newer inode format");
  if ((format >> 1) > std::to_underlying(Layout::chunks)) return fail(Code::unsupported, at, "an unknown data layout");
  Inode inode{};
  inode.nid = nid;
  inode.at = at;
  inode.layout = static_cast<Layout>(format >> 1);
  unsigned xattr_count = 0;
  if (format & 1) {
    KLIK_TRY(const ExtendedInode raw, image.source->get<ExtendedInode>(at));
    inode.mode = raw.mode, inode.size = raw.size, inode.uid = raw.uid, inode.gid = raw.gid, inode.data = raw.data;
    xattr_count = raw.xattr_count;
    inode.xattr_at = at + sizeof raw;
  } else {
    KLIK_TRY(const CompactInode raw, image.source->get<CompactInode>(at));
    inode.mode = raw.mode, inode.size = raw.size, inode.uid = raw.uid, inode.gid = raw.gid, inode.data = raw.data;
    xattr_count = raw.xattr_count;
    inode.xattr_at = at + sizeof raw;
  }
  // A header of 12 bytes, which the first of the count stands for, then words.
  if (xattr_count > 0) inode.xattr_size = 12 + 4 * (std::uint64_t{xattr_count} - 1);
  inode.body_at = inode.xattr_at + inode.xattr_size;
  return inode;
}

}  // namespace klik::erofs
