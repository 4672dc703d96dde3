// The superblock of an EROFS image: what every other part of the reader needs to know.
#pragma once

#include <cstdint>
#include <vector>

#include "containers/fs_notes.h"
#include "io/source.h"

namespace klik::erofs {

// Feature bits that a reader must know (feature_incompat). Several names share a bit.
constexpr std::uint32_t kZeroPadding = 0x1, kConfigs = 0x2, kChunks = 0x4, kDevicesOrHead2 = 0x8, kTailPacking = 0x10,
                        kFragments = 0x20, kXattrPrefixes = 0x40;
constexpr std::uint32_t kKnown = 0x7F;

enum class Algorithm : std::uint8_t { lz4 = 0, lzma = 1, deflate = 2, zstd = 3 };
constexpr unsigned kAlgorithms = 4;

// A range of the address space that lies on another device.
struct DeviceRange {
  std::uint64_t first, end;   // bytes
};

struct Image {
  SourceRef source;
  unsigned block_bits = 12;
  std::uint64_t meta_at = 0, xattr_at = 0;   // bytes
  std::uint64_t root_nid = 0, packed_nid = 0;
  std::uint32_t incompat = 0;
  std::uint32_t algorithms = 0;              // bit per Algorithm
  std::uint32_t lzma_dictionary = 0;
  std::uint32_t extra_devices = 0;
  std::vector<DeviceRange> devices;

  std::uint64_t block_size() const { return std::uint64_t{1} << block_bits; }
  bool has(std::uint32_t feature) const { return (incompat & feature) != 0; }
  bool elsewhere(std::uint64_t at) const;    // on another device, by the unified address space
};

// Errors: bad_magic, unsupported (features not known here), bad_value, truncated.
Result<Image> read_superblock(const SourceRef& source, FsNotes& notes);

}  // namespace klik::erofs
