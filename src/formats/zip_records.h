// The records that a zip archive is made of, for those who read it out of a file and those who read it out of a message.
// Source: PKWARE APPNOTE 6.3, 4.3.7 (local header), 4.3.12 (directory), 4.3.16 (end), 4.4.4 (flags), 4.4.5 (methods), 4.5.3 (zip64 extra).
#pragma once

#include <cstdint>

#include "base/bytes.h"

namespace klik::zip {

struct DirectoryRecord {
  U32le magic;
  U16le made_by, needed, flags, method, time, date;
  U32le crc32, compressed_size, size;
  U16le name_size, extra_size, comment_size, disk, internal;
  U32le external, local_offset;
};
static_assert(sizeof(DirectoryRecord) == 46);

struct LocalHeader {
  U32le magic;
  U16le needed, flags, method, time, date;
  U32le crc32, compressed_size, size;
  U16le name_size, extra_size;
};
static_assert(sizeof(LocalHeader) == 30);

struct EndRecord {
  U32le magic;
  U16le disk, directory_disk, count_on_disk, count;
  U32le directory_size, directory_offset;
  U16le comment_size;
};
static_assert(sizeof(EndRecord) == 22);

inline constexpr std::uint32_t kDirectoryMagic = 0x02014b50, kLocalMagic = 0x04034b50, kDescriptorMagic = 0x08074b50;
inline constexpr std::uint64_t kEndSearched = 22 + 0xFFFF;   // the end record lies there: a comment has at most 65,535 bytes
inline constexpr std::uint16_t kEncrypted = 1, kDescriptor = 8;   // flags; the second: sizes and checksum stand behind the data
inline constexpr std::uint16_t kStored = 0, kDeflate = 8, kZstandard = 93, kAes = 99;
inline constexpr std::uint32_t kWide = 0xFFFFFFFFu;   // "see the zip64 extra"

// What a directory record says of sizes and place, the zip64 extra taken into account.
struct Extent {
  std::uint64_t size, compressed_size, local_at;
  bool whole = true;   // false: a field says zip64, but the extra lacks it
};
Extent extent_of(const DirectoryRecord& record, Bytes extra);

}  // namespace klik::zip
