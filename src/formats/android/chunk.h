// What binary XML and resource tables share: chunks with a size in front, typed values, and a list of
// deviations that stays short however often one occurs.
// Source: AOSP frameworks/base libs/androidfw ResourceTypes.h (ResChunk_header, Res_value).
#pragma once

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include "base/bytes.h"

namespace klik::res {

struct ChunkHeader {
  U16le type, header_size;
  U32le size;   // with this header
};
static_assert(sizeof(ChunkHeader) == 8);

inline constexpr std::uint16_t kStringPool = 0x0001, kTable = 0x0002, kXml = 0x0003;
inline constexpr std::uint16_t kXmlStartNamespace = 0x0100, kXmlEndNamespace = 0x0101, kXmlStartElement = 0x0102,
                               kXmlEndElement = 0x0103, kXmlText = 0x0104, kXmlLastNode = 0x017f, kXmlResourceMap = 0x0180;
inline constexpr std::uint16_t kTablePackage = 0x0200, kTableType = 0x0201, kTableTypeSpec = 0x0202;

inline constexpr std::uint32_t kNone = 0xFFFFFFFFu;   // no string, no entry, no parent

enum ValueType : std::uint8_t {
  kNull = 0x00, kReference = 0x01, kThemeAttribute = 0x02, kString = 0x03, kFloat = 0x04, kDimension = 0x05,
  kFraction = 0x06, kDynamicReference = 0x07, kDynamicAttribute = 0x08, kFirstInteger = 0x10, kHexadecimal = 0x11,
  kBoolean = 0x12, kLastInteger = 0x1f,
};

struct WireValue {
  U16le size;
  std::uint8_t reserved, type;
  U32le data;
};
static_assert(sizeof(WireValue) == 8);

struct Value {
  std::uint8_t type = kNull;
  std::uint32_t data = 0;   // of a string: its index in the pool that comes with the file
  bool is_integer() const { return type >= kFirstInteger && type <= kLastInteger; }
  bool is_reference() const { return type == kReference || type == kDynamicReference; }
  bool is_theme() const { return type == kThemeAttribute || type == kDynamicAttribute; }
  friend bool operator==(const Value&, const Value&) = default;
};

// Something readable that is not as the format's rules say, or the place where reading had to stop.
struct Oddity {
  Error error;
  bool lost = false;          // something behind it was not read
  std::uint64_t count = 1;    // of this kind; `error.at` is the first
};

class Oddities {
 public:
  // Kinds are told apart by the literal.
  void add(Code code, std::uint64_t at, const char* what, bool lost = false) {
    const auto same = std::ranges::find_if(list_, [&](const Oddity& o) { return o.error.what == what; });
    if (same != list_.end()) ++same->count;
    else list_.push_back({fail(code, at, what).error(), lost});
  }
  void add(const Error& error, bool lost) {
    const auto same = std::ranges::find_if(list_, [&](const Oddity& o) { return o.error.what == error.what; });
    if (same != list_.end()) ++same->count;
    else list_.push_back({error, lost});
  }
  const std::vector<Oddity>& list() const { return list_; }

 private:
  std::vector<Oddity> list_;
};

}  // namespace klik::res
