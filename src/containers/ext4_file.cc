#include "containers/ext4_file.h"

#include <algorithm>

namespace klik {
namespace {

constexpr std::uint64_t kBlockFieldAt = 40, kBlockFieldSize = 60, kSmallInode = 128;
constexpr unsigned kDeepestTree = 5;

// Takes runs of blocks in rising order and puts them into an FsMap, cut to the file's size.
struct Collector {
  std::uint64_t block_size, size;
  FsMap* map;
  std::uint64_t end = 0;              // of what is mapped, rounded up to blocks
  std::uint64_t next_block = 0;       // the lowest that may come
  std::optional<Error> problem{};

  // False: stop.
  bool add(std::uint64_t logical, std::uint64_t physical, std::uint64_t count, std::uint64_t inode_at) {
    if (logical < next_block) return problem = fail(Code::bad_value, inode_at, "blocks of a file that overlap").error(), false;
    next_block = logical + count;
    const std::uint64_t at = logical * block_size;
    if (at >= size) return false;
    const std::uint64_t length = std::min(count * block_size, size - at);
    if (const auto added = map->add(at, length, physical * block_size); !added) return problem = added.error(), false;
    end = at + length;
    return true;
  }
};

void collect_extents(const Ext4Handle& fs, Ext4Inode& inode, Collector& out) {
  // The root of the tree lies in the inode: magic, entries, room, depth.
  const auto depth = Bytes(inode.raw).get<U16le>(kBlockFieldAt + 6);
  if (!depth || *depth > kDeepestTree) return out.problem = fail(Code::bad_value, inode.at, "an extent tree that is too deep").error(), void();
  ext2_extent_handle_t raw = nullptr;
  if (const errcode_t code = ext2fs_extent_open2(fs.get(), inode.number, EXT2_INODE(&inode.fields()), &raw); code != 0)
    return out.problem = fs.error(code, inode.at, "an extent tree that cannot be opened"), void();
  const std::unique_ptr<ext2_extent_handle, decltype(&ext2fs_extent_free)> handle(raw, &ext2fs_extent_free);
  // Every step reads a block of the tree or takes the next entry of one, and reads are bounded.
  for (int step = EXT2_EXTENT_ROOT;; step = EXT2_EXTENT_NEXT_LEAF) {
    ext2fs_extent extent{};
    const errcode_t code = ext2fs_extent_get(raw, step, &extent);
    if (code == EXT2_ET_EXTENT_NO_NEXT) return;
    if (code != 0) return out.problem = fs.error(code, inode.at, "an extent tree that is broken"), void();
    if (!(extent.e_flags & EXT2_EXTENT_FLAGS_LEAF) || extent.e_len == 0) continue;
    if (extent.e_flags & EXT2_EXTENT_FLAGS_UNINIT) continue;   // allocated, not written: reads as zeros
    if (!out.add(extent.e_lblk, extent.e_pblk, extent.e_len, inode.at)) return;
  }
}

struct Iteration {
  Collector* out;
  std::uint64_t inode_at;
};

int collect_block(ext2_filsys, blk64_t* block, e2_blkcnt_t logical, blk64_t, int, void* context) {
  const auto* it = static_cast<Iteration*>(context);
  if (logical < 0 || *block == 0) return 0;
  return it->out->add(static_cast<std::uint64_t>(logical), *block, 1, it->inode_at) ? 0 : BLOCK_ABORT;
}

void collect_blocks(const Ext4Handle& fs, Ext4Inode& inode, Collector& out) {
  Iteration it{&out, inode.at};
  const errcode_t code = ext2fs_block_iterate3(fs.get(), inode.number, BLOCK_FLAG_READ_ONLY | BLOCK_FLAG_DATA_ONLY, nullptr, collect_block, &it);
  if (code != 0 && !out.problem) out.problem = fs.error(code, inode.at, "a block map that cannot be read");
}

struct XattrEntry {
  std::uint8_t name_length, name_index;
  U16le value_at;
  U32le value_inode, value_size, hash;
};
static_assert(sizeof(XattrEntry) == 16);

// Inline data: the first 60 bytes lie in the block field, the rest is the attribute "system.data" of the inode body.
// What the file has beyond both reads as zeros: mke2fs makes files of one hole that way.
// Returns where that starts.
Result<std::uint64_t> map_inline(Ext4Inode& inode, std::uint64_t inode_size, FsMap& map) {
  KLIK_CHECK(map.add(0, std::min(inode.size, kBlockFieldSize), inode.at + kBlockFieldAt));
  if (inode.size <= kBlockFieldSize) return inode.size;
  KLIK_TRY(const Bytes body, Bytes(inode.raw).slice(0, inode_size));
  KLIK_TRY(const U16le extra, body.get<U16le>(kSmallInode));
  const std::uint64_t first = kSmallInode + extra + 4;   // behind the magic 0xEA020000
  for (std::uint64_t at = first;;) {                     // an entry is at least 16 bytes long
    KLIK_TRY(const XattrEntry* entry, body.view<XattrEntry>(at));
    if (entry->name_length == 0 && entry->name_index == 0) break;
    KLIK_TRY(const Bytes name, body.slice(at + sizeof(XattrEntry), entry->name_length));
    if (entry->name_index == 7 && name.text() == "data") {
      const std::uint64_t from = first + entry->value_at, rest = std::min<std::uint64_t>(inode.size - kBlockFieldSize, entry->value_size);
      if (from > inode_size || rest > inode_size - from) break;
      KLIK_CHECK(map.add(kBlockFieldSize, rest, inode.at + from));
      return kBlockFieldSize + rest;
    }
    at += (sizeof(XattrEntry) + entry->name_length + 3) & ~std::uint64_t{3};
  }
  return fail(Code::bad_value, inode.at, "inline data that its inode does not hold");
}

// A copy of one attribute's value, or nothing.
Bytes value_of(ext2_xattr_handle* handle, const char* key, void** keep) {
  std::size_t length = 0;
  if (ext2fs_xattr_get(handle, key, keep, &length) != 0) return {};
  return {static_cast<const std::uint8_t*>(*keep), length};
}

}  // namespace

Result<Ext4Inode> read_ext4_inode(const Ext4Handle& fs, std::uint64_t number) {
  const ext2_super_block& super = *fs.get()->super;
  if (number == 0 || number > super.s_inodes_count) return fail(Code::bad_value, 0, "an inode number that does not exist");
  const auto group = static_cast<dgrp_t>((number - 1) / super.s_inodes_per_group);
  if (group >= fs.get()->group_desc_count) return fail(Code::bad_value, 0, "an inode number that does not exist");
  Ext4Inode inode{.number = static_cast<ext2_ino_t>(number), .at = 0, .raw = {}, .size = 0, .checksum_matches = true};
  inode.at = ext2fs_inode_table_loc(fs.get(), group) * fs.block_size() + (number - 1) % super.s_inodes_per_group * fs.inode_size();
  inode.raw.resize(std::max<std::size_t>(fs.inode_size(), sizeof(ext2_inode_large)));
  if (const errcode_t code = ext2fs_read_inode_full(fs.get(), inode.number, EXT2_INODE(&inode.fields()), static_cast<int>(fs.inode_size())); code != 0)
    return fail(fs.error(code, inode.at, "an inode that cannot be read"));
  inode.size = EXT2_I_SIZE(&inode.fields());
  inode.checksum_matches = ext2fs_inode_csum_verify(fs.get(), inode.number, &inode.fields()) != 0;
  return inode;
}

Result<std::uint64_t> map_ext4_file(const Ext4Handle& fs, Ext4Inode& inode, const Source& image, FsMap& map, std::optional<Error>& problem) {
  if (inode.flags() & EXT4_INLINE_DATA_FL) {
    if (inode.at > image.size() || fs.inode_size() > image.size() - inode.at) return fail(Code::truncated, inode.at, "an inode past the end of the image");
    return map_inline(inode, fs.inode_size(), map);
  }
  Collector out{.block_size = fs.block_size(), .size = inode.size, .map = &map};
  if (inode.flags() & EXT4_EXTENTS_FL) collect_extents(fs, inode, out);
  else collect_blocks(fs, inode, out);
  problem = out.problem;
  // What a broken map does not tell must not read as zeros.
  if (problem && out.end < inode.size) KLIK_CHECK(map.add(out.end, inode.size - out.end, unreadable_source(inode.size - out.end, *problem)));
  if (!problem && map.missing()) problem = map.missing();
  return out.end;
}

Result<void> read_ext4_attributes(const Ext4Handle& fs, Ext4Inode& inode, FileAttributes& out) {
  ext2_xattr_handle* raw = nullptr;
  if (const errcode_t code = ext2fs_xattrs_open(fs.get(), inode.number, &raw); code != 0) return fail(fs.error(code, inode.at, "extended attributes that cannot be read"));
  struct Close {
    void operator()(ext2_xattr_handle* h) const { ext2fs_xattrs_close(&h); }
  };
  const std::unique_ptr<ext2_xattr_handle, Close> handle(raw);
  const errcode_t code = ext2fs_xattrs_read_inode(raw, &inode.fields());
  struct Free {
    void operator()(void* p) const { ext2fs_free_mem(&p); }
  };
  void* copy = nullptr;
  std::string_view label = value_of(raw, "security.selinux", &copy).text();
  const std::unique_ptr<void, Free> label_copy(copy);
  if (label.ends_with('\0')) label.remove_suffix(1);   // images made for phones have it, debugfs leaves it out
  out.selinux = label;
  copy = nullptr;
  const Bytes capability = value_of(raw, "security.capability", &copy);
  const std::unique_ptr<void, Free> capability_copy(copy);
  out.capability.assign(capability.begin(), capability.end());
  if (code != 0) return fail(fs.error(code, inode.at, "extended attributes that cannot be read"));
  return {};
}

}  // namespace klik
