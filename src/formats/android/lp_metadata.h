// Logical partition metadata: how one block device ("super") is cut into system, vendor, product, …
// A pure reader of the two structures; where their copies lie is the container's business.
// Source: AOSP system/core liblp/include/liblp/metadata_format.h.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/bytes.h"

namespace klik::lp {

inline constexpr std::uint64_t kSector = 512;
inline constexpr std::uint64_t kReserved = 4096;       // before the first geometry, never looked at
inline constexpr std::uint64_t kGeometryBlock = 4096;  // room of one geometry copy
inline constexpr std::uint32_t kMaxSlots = 32;

struct Geometry {
  std::uint32_t metadata_max_size, slot_count, logical_block_size;
  friend bool operator==(const Geometry&, const Geometry&) = default;
};

enum class ExtentType : std::uint32_t { linear = 0, zero = 1 };   // other values are possible

struct Extent {
  std::uint64_t sectors;
  ExtentType type;
  std::uint64_t target;    // first sector on the device, of a linear extent
  std::uint32_t device;    // index in Metadata::devices
  friend bool operator==(const Extent&, const Extent&) = default;
};

inline constexpr std::uint32_t kDisabled = 8;   // of Partition::attributes

struct Partition {
  std::string name;
  std::uint32_t attributes, first_extent, extent_count, group;
  std::uint64_t at;        // of its row, from the start of the metadata
};

struct Device {
  std::string name;
  std::uint64_t first_sector, size;   // partitions start at first_sector; size in bytes
};

inline constexpr std::uint32_t kOverlaysActive = 2;   // of Metadata::flags

struct Metadata {
  std::uint16_t major, minor;
  std::uint32_t flags;             // 0 before minor version 2
  std::uint64_t size;              // header and tables
  std::vector<Partition> partitions;
  std::vector<Extent> extents;
  std::vector<Device> devices;
};

// Errors: bad_magic, bad_value, bad_checksum, truncated.
Result<Geometry> read_geometry(Bytes bytes);

// `slot` starts at the header and may be longer than the metadata. Rows may be longer than known, which
// is how the format grows. Partitions whose extents leave the extent table are an error.
Result<Metadata> read_metadata(Bytes slot);

}  // namespace klik::lp
