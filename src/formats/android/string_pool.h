// The string pool of binary XML and resource tables.
// Source: AOSP frameworks/base libs/androidfw ResourceTypes.h (ResStringPool_header).
#pragma once

#include <cstdint>
#include <string>

#include "base/bytes.h"

namespace klik::android {

// Every chunk of binary XML and of a resource table starts so.
struct ChunkHeader {
  U16le type, header_size;
  U32le size;   // with the header
};
static_assert(sizeof(ChunkHeader) == 8);

inline constexpr std::uint32_t kNoString = 0xFFFFFFFF;

// Borrows the chunk's bytes.
class StringPool {
 public:
  StringPool() = default;
  // `chunk` begins at the pool's header. Errors: truncated, bad_value. A count that the offsets have no room
  // for is cut down to what is there, as the phone would fail only on the strings that are asked for.
  static Result<StringPool> read(Bytes chunk);

  std::uint32_t size() const { return count_; }
  // As UTF-8; lone surrogates keep their three bytes. What is out of range or broken is "", as on the phone.
  std::string get(std::uint32_t index) const;

 private:
  std::string utf8_at(std::uint64_t at) const;
  std::string utf16_at(std::uint64_t at) const;

  Bytes chunk_;
  std::uint32_t count_ = 0;
  std::uint64_t offsets_at_ = 0, strings_at_ = 0;
  bool utf8_ = false;
};

}  // namespace klik::android
