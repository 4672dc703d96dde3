// Linux Documentation/filesystems/erofs.rst, "On-disk details"; field layout of fs/erofs/erofs_fs.h.
#include "containers/erofs/superblock.h"

#include <algorithm>
#include <bit>

#include "base/hash.h"

namespace klik::erofs {
namespace {

constexpr std::uint64_t kSuperAt = 1024;
constexpr std::uint32_t kMagic = 0xE0F5E1E2, kCompatChecksum = 0x1;

struct SuperBlock {
  U32le magic, checksum, compat;
  std::uint8_t block_bits, extension_slots;
  U16le root_nid;
  U64le inodes, epoch;
  U32le nanoseconds, blocks, meta_block, xattr_block;
  std::uint8_t uuid[16], volume[16];
  U32le incompat;
  U16le algorithms;          // or the LZ4 distance, without kConfigs
  U16le extra_devices, device_slot;
  std::uint8_t directory_block_bits, xattr_prefix_count;
  U32le xattr_prefix_start;
  U64le packed_nid;
  std::uint8_t reserved[24];
};
static_assert(sizeof(SuperBlock) == 128);

struct DeviceSlot {
  std::uint8_t tag[64];
  U32le blocks, start;       // start: in the unified address space, 0 = none
  std::uint8_t reserved[56];
};
static_assert(sizeof(DeviceSlot) == 128);

struct LzmaConfig {
  U32le dictionary;
  U16le format;
};

// The sum runs from the superblock to the end of its block, its own field as zero.
Result<void> check_sum(const Image& image, const SuperBlock& super, FsNotes& notes) {
  const std::uint64_t block = image.block_size();
  KLIK_TRY(const Blob blob, image.source->load(kSuperAt, block > kSuperAt ? block - kSuperAt : block));
  std::vector<std::uint8_t> bytes(blob.bytes().begin(), blob.bytes().end());
  if (bytes.size() < 8) return {};
  std::ranges::fill(MutableBytes(bytes).subspan(4, 4), std::uint8_t{0});
  if (crc32c(Bytes(bytes), ~0u) != super.checksum)
    notes.add(Severity::error, Code::bad_checksum, kSuperAt + 4, "the superblock's checksum does not match");
  return {};
}

// One record per set bit of `algorithms`: length, then its settings.
Result<void> read_configs(Image& image, std::uint64_t at) {
  for (unsigned a = 0; a < kAlgorithms; ++a) {
    if (!(image.algorithms & (1u << a))) continue;
    at = (at + 3) & ~std::uint64_t{3};
    KLIK_TRY(const U16le length, image.source->get<U16le>(at));
    const std::uint64_t body = at + 2;
    switch (static_cast<Algorithm>(a)) {
      case Algorithm::lz4:
        if (length < 14) return fail(Code::bad_value, at, "LZ4 settings too short");
        break;
      case Algorithm::lzma: {
        if (length < 14) return fail(Code::bad_value, at, "LZMA settings too short");
        KLIK_TRY(const LzmaConfig config, image.source->get<LzmaConfig>(body));
        if (config.format != 0) return fail(Code::unsupported, body + 4, "an LZMA format other than MicroLZMA");
        if (config.dictionary < 4096 || config.dictionary > 8u << 20) return fail(Code::bad_value, body, "LZMA dictionary size out of range");
        image.lzma_dictionary = config.dictionary;
        break;
      }
      case Algorithm::deflate: {
        if (length < 6) return fail(Code::bad_value, at, "deflate settings too short");
        KLIK_TRY(const std::uint8_t window_bits, image.source->get<std::uint8_t>(body));
        if (window_bits < 8 || window_bits > 15) return fail(Code::bad_value, body, "deflate window out of range");
        break;
      }
      case Algorithm::zstd: {
        if (length < 6) return fail(Code::bad_value, at, "zstd settings too short");
        KLIK_TRY(const std::uint8_t format, image.source->get<std::uint8_t>(body));
        if (format != 0) return fail(Code::unsupported, body, "an unknown zstd format");
        KLIK_TRY(const std::uint8_t window_log, image.source->get<std::uint8_t>(body + 1));
        if (window_log > 10) return fail(Code::bad_value, body + 1, "zstd window above 1 MiB");
        break;
      }
    }
    at = body + length;
  }
  return {};
}

Result<void> read_devices(Image& image, const SuperBlock& super) {
  image.extra_devices = super.extra_devices;
  const std::uint64_t at = std::uint64_t{super.device_slot} * sizeof(DeviceSlot);
  for (std::uint32_t i = 0; i < image.extra_devices; ++i) {   // 16 bits
    KLIK_TRY(const DeviceSlot slot, image.source->get<DeviceSlot>(at + i * sizeof(DeviceSlot)));
    if (slot.start == 0) continue;
    const std::uint64_t first = std::uint64_t{slot.start} << image.block_bits;
    image.devices.push_back({first, first + (std::uint64_t{slot.blocks} << image.block_bits)});
  }
  return {};
}

}  // namespace

bool Image::elsewhere(std::uint64_t at) const {
  return std::ranges::any_of(devices, [&](const DeviceRange& d) { return at >= d.first && at < d.end; });
}

Result<Image> read_superblock(const SourceRef& source, FsNotes& notes) {
  KLIK_TRY(const SuperBlock super, source->get<SuperBlock>(kSuperAt));
  if (super.magic != kMagic) return fail(Code::bad_magic, kSuperAt, "not an EROFS image");
  Image image;
  image.source = source;
  image.incompat = super.incompat;
  if (super.incompat & ~kKnown) return fail(Code::unsupported, kSuperAt + 80, "EROFS features that are not read (48-bit, metabox or newer)");
  if (super.block_bits < 9 || super.block_bits > 16) return fail(Code::bad_value, kSuperAt + 12, "block size out of range");
  if (super.directory_block_bits != 0) return fail(Code::unsupported, kSuperAt + 90, "directory blocks of another size");
  image.block_bits = super.block_bits;
  if (super.compat & kCompatChecksum) {
    if (const auto summed = check_sum(image, super, notes); !summed) notes.add(Severity::error, summed.error());
  }
  image.meta_at = std::uint64_t{super.meta_block} << image.block_bits;
  image.xattr_at = std::uint64_t{super.xattr_block} << image.block_bits;
  image.root_nid = super.root_nid;
  image.packed_nid = image.has(kFragments) ? std::uint64_t{super.packed_nid} : 0;
  if (image.has(kConfigs)) {
    image.algorithms = super.algorithms;
    if (image.algorithms >> kAlgorithms) return fail(Code::unsupported, kSuperAt + 84, "an unknown compression algorithm");
    KLIK_CHECK(read_configs(image, kSuperAt + sizeof(SuperBlock) + std::uint64_t{super.extension_slots} * 16));
  } else {
    image.algorithms = 1u << std::to_underlying(Algorithm::lz4);
  }
  if (image.has(kDevicesOrHead2)) KLIK_CHECK(read_devices(image, super));
  const std::uint64_t size = std::uint64_t{super.blocks} << image.block_bits;
  if (size > source->size())
    notes.add(Severity::data_loss, Code::truncated, source->size(), "the image is shorter than its superblock says", {}, "the file was cut short; fetch it again");
  return image;
}

}  // namespace klik::erofs
