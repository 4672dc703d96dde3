// Superblock layout: Linux Documentation/filesystems/ext4, "Data Structures and Algorithms".
#include "containers/ext4_io.h"

#include <algorithm>
#include <bit>
#include <cstddef>

namespace klik {
namespace {

constexpr std::uint64_t kSuperAt = 1024;

struct SuperBlock {
  U32le inodes, blocks_low;
  std::uint8_t skipped[12];
  U32le first_block, log_block_size, log_cluster_size, blocks_per_group, clusters_per_group, inodes_per_group;
  std::uint8_t times[12];
  U16le magic;
  std::uint8_t state[18];
  U32le revision;
  std::uint8_t reserved[4];
  U32le first_inode;
  U16le inode_size, group;
  U32le compat, incompat, read_only_compat;
  std::uint8_t names[150];
  U16le descriptor_size;
  std::uint8_t reserved3[80];
  U32le blocks_high;
};
static_assert(sizeof(SuperBlock) == 340 && offsetof(SuperBlock, magic) == 56 && offsetof(SuperBlock, descriptor_size) == 254 &&
              offsetof(SuperBlock, blocks_high) == 336);

constexpr std::uint16_t kMagic = 0xEF53;
constexpr std::uint32_t kIncompatRecover = 0x4, kIncompat64Bit = 0x80;

// What libext2fs would allocate for, before it does.
Result<void> check_super(const Source& source, const SuperBlock& super) {
  if (super.magic != kMagic) return fail(Code::bad_magic, kSuperAt + 56, "not an ext file system");
  if (super.log_block_size > 6) return fail(Code::bad_value, kSuperAt + 24, "block size above 64 KiB");
  const std::uint64_t block = std::uint64_t{1024} << super.log_block_size;
  if (super.blocks_per_group == 0 || super.blocks_per_group > block * 8) return fail(Code::bad_value, kSuperAt + 32, "blocks per group out of range");
  if (super.inodes_per_group == 0 || super.inodes_per_group > block * 8) return fail(Code::bad_value, kSuperAt + 40, "inodes per group out of range");
  if (super.revision > 0 && (super.inode_size < 128 || super.inode_size > block || !std::has_single_bit(std::uint16_t{super.inode_size})))
    return fail(Code::bad_value, kSuperAt + 88, "inode size out of range");
  const bool wide = (super.incompat & kIncompat64Bit) != 0;
  if (wide && (super.descriptor_size < 64 || super.descriptor_size > 1024 || !std::has_single_bit(std::uint16_t{super.descriptor_size})))
    return fail(Code::bad_value, kSuperAt + 254, "group descriptor size out of range");
  const std::uint64_t blocks = super.blocks_low | (wide ? std::uint64_t{super.blocks_high} << 32 : 0);
  const std::uint64_t groups = blocks / super.blocks_per_group + 1;
  if (groups > source.size() / (wide ? std::uint64_t{super.descriptor_size} : 32)) return fail(Code::truncated, kSuperAt + 4, "more block groups than the image has room for");
  return {};
}

// What a channel reads from and how much it still may.
struct Feed {
  const Source* source;
  std::uint64_t left;
  bool spent = false;
};

// io_manager::open gets nothing but a name, so the feed comes this way.
thread_local Feed opening{};

Feed& feed_of(io_channel channel) { return *static_cast<Feed*>(channel->private_data); }

errcode_t channel_open(const char*, int, io_channel* out);

errcode_t channel_close(io_channel channel) {
  if (--channel->refcount > 0) return 0;
  delete static_cast<Feed*>(channel->private_data);
  delete channel;
  return 0;
}

errcode_t channel_set_block_size(io_channel channel, int size) {
  channel->block_size = size;
  return 0;
}

// A negative count is a number of bytes.
errcode_t channel_read64(io_channel channel, unsigned long long block, int count, void* data) {
  Feed& feed = feed_of(channel);
  const auto size = static_cast<std::uint64_t>(channel->block_size);
  const std::uint64_t length = count < 0 ? static_cast<std::uint64_t>(-std::int64_t{count}) : static_cast<std::uint64_t>(count) * size;
  if (length > feed.left) {
    feed.spent = true;
    return EXT2_ET_NO_MEMORY;
  }
  feed.left -= length;
  if (block > feed.source->size() / size || length > feed.source->size() - block * size) return EXT2_ET_SHORT_READ;
  if (!feed.source->read(block * size, MutableBytes(static_cast<std::uint8_t*>(data), length))) return EXT2_ET_SHORT_READ;
  return 0;
}

errcode_t channel_read(io_channel channel, unsigned long block, int count, void* data) { return channel_read64(channel, block, count, data); }
errcode_t channel_write64(io_channel, unsigned long long, int, const void*) { return EXT2_ET_RO_FILSYS; }
errcode_t channel_write(io_channel, unsigned long, int, const void*) { return EXT2_ET_RO_FILSYS; }
errcode_t channel_write_byte(io_channel, unsigned long, int, const void*) { return EXT2_ET_RO_FILSYS; }
errcode_t channel_flush(io_channel) { return 0; }
errcode_t channel_refuse(io_channel, unsigned long long, unsigned long long) { return EXT2_ET_RO_FILSYS; }
errcode_t channel_readahead(io_channel, unsigned long long, unsigned long long) { return 0; }
errcode_t channel_option(io_channel, const char*, const char*) { return EXT2_ET_INVALID_ARGUMENT; }
errcode_t channel_stats(io_channel, io_stats* stats) {
  if (stats) *stats = nullptr;
  return 0;
}

io_manager manager() {
  static struct_io_manager shared = [] {
    struct_io_manager m{};
    m.magic = EXT2_ET_MAGIC_IO_MANAGER;
    m.name = "klikspaan source";
    m.open = channel_open;
    m.close = channel_close;
    m.set_blksize = channel_set_block_size;
    m.read_blk = channel_read;
    m.read_blk64 = channel_read64;
    m.write_blk = channel_write;
    m.write_blk64 = channel_write64;
    m.write_byte = channel_write_byte;
    m.flush = channel_flush;
    m.discard = channel_refuse;
    m.zeroout = channel_refuse;
    m.cache_readahead = channel_readahead;
    m.set_option = channel_option;
    m.get_stats = channel_stats;
    return m;
  }();
  return &shared;
}

char channel_name[] = "image";   // the library wants one that can be changed, and never does

errcode_t channel_open(const char*, int, io_channel* out) {
  auto channel = std::make_unique<struct_io_channel>();
  channel->magic = EXT2_ET_MAGIC_IO_CHANNEL;
  channel->manager = manager();
  channel->name = channel_name;
  channel->block_size = 1024;
  channel->refcount = 1;
  channel->private_data = new Feed(opening);
  *out = channel.release();
  return 0;
}

Code code_of(errcode_t code, bool spent) {
  if (spent) return Code::over_budget;
  switch (code) {
    case EXT2_ET_SHORT_READ: return Code::truncated;
    case EXT2_ET_BAD_MAGIC: return Code::bad_magic;
    case EXT2_ET_NO_MEMORY: return Code::over_budget;
    case EXT2_ET_UNSUPP_FEATURE:
    case EXT2_ET_RO_UNSUPP_FEATURE:
    case EXT2_ET_REV_TOO_HIGH: return Code::unsupported;
    default: return Code::bad_value;
  }
}

errcode_t open_with(const Source& source, std::uint64_t read_limit, int flags, ext2_filsys* out) {
  opening = {&source, read_limit};
  const errcode_t code = ext2fs_open2(channel_name, nullptr, flags, 0, 0, manager(), out);
  opening = {};
  return code;
}

}  // namespace

Result<Ext4Handle> Ext4Handle::open(const Source& source, std::uint64_t read_limit, FsNotes& notes) {
  KLIK_TRY(const SuperBlock super, source.get<SuperBlock>(kSuperAt));
  KLIK_CHECK(check_super(source, super));
  constexpr int kFlags = EXT2_FLAG_64BITS | EXT2_FLAG_SOFTSUPP_FEATURES | EXT2_FLAG_SKIP_MMP;
  ext2_filsys fs = nullptr;
  errcode_t code = open_with(source, read_limit, kFlags, &fs);
  if (code == EXT2_ET_SB_CSUM_INVALID) {
    notes.add(Severity::error, Code::bad_checksum, kSuperAt + 1020, "the superblock's checksum does not match");
    code = open_with(source, read_limit, kFlags | EXT2_FLAG_IGNORE_CSUM_ERRORS, &fs);
  }
  if (code != 0) {
    if (code_of(code, false) == Code::unsupported) return fail(Code::unsupported, kSuperAt + 96, "ext4 features that are not read");
    return fail(code_of(code, false), kSuperAt, "a superblock or group descriptors that libext2fs refuses");
  }
  // Checksums are compared by hand, so that what fails one is still read.
  fs->flags |= EXT2_FLAG_IGNORE_CSUM_ERRORS;
  if (super.incompat & kIncompatRecover)
    notes.add(Severity::info, Code::deviation, kSuperAt + 96, "the journal was not replayed: the last writes may be missing");
  const std::uint64_t size = ext2fs_blocks_count(fs->super) * fs->blocksize;
  if (size > source.size())
    notes.add(Severity::data_loss, Code::truncated, source.size(), "the image is shorter than its superblock says", {}, "the file was cut short; fetch it again");
  return Ext4Handle(fs);
}

Error Ext4Handle::error(errcode_t code, std::uint64_t at, const char* what) const {
  return fail(code_of(code, feed_of(fs_->io).spent), at, what).error();
}

bool looks_like_ext4(const Source& source) {
  const auto super = source.get<SuperBlock>(kSuperAt);
  return super && super->revision <= 1 && super->inodes > 0 && super->blocks_low > 0 && super->first_block <= 1 && check_super(source, *super);
}

}  // namespace klik
