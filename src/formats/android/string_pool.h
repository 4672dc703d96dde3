// The string table of binary XML and resource tables, read one string at a time as the phone reads it.
// Source: AOSP frameworks/base libs/androidfw ResourceTypes.h (ResStringPool_header) and what ResStringPool does.
#pragma once

#include <cstdint>
#include <string>

#include "formats/android/chunk.h"

namespace klik::res {

// UTF-8; an unpaired surrogate stands as its three bytes (WTF-8), so that nothing is lost before output escapes it.
struct PoolString {
  std::string text;
  std::uint64_t at = 0, length = 0;   // of its characters in the file, without length prefix and terminator
  bool broken = false;                // the phone reads nothing here; `text` is empty
};

class StringPool {
 public:
  // An empty pool: every index is out of range.
  StringPool() = default;

  // The pool chunk at `at`. The file must outlive the pool. A count or size that does not fit is cut to what
  // does and noted. Errors: truncated (no header).
  static Result<StringPool> open(Bytes file, std::uint64_t at, Oddities& oddities);

  std::uint32_t size() const { return count_; }
  bool utf8() const { return utf8_; }
  // An index out of range gives a broken string.
  PoolString get(std::uint32_t index) const;
  // get(index).text == text, without making a string where that is possible.
  bool equals(std::uint32_t index, std::string_view text) const;

 private:
  struct Raw {
    Bytes characters;
    std::uint64_t at = 0;
    bool broken = true;
  };
  Raw raw(std::uint32_t index) const;
  Raw raw_utf8(std::uint64_t offset) const;
  Raw raw_utf16(std::uint64_t offset) const;

  std::span<const U32le> offsets_;
  Bytes data_;                 // the characters, up to the styles or the end of the chunk
  std::uint64_t data_at_ = 0;  // in the file
  std::uint32_t count_ = 0;
  bool utf8_ = false;
};

}  // namespace klik::res
