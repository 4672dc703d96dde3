// Textual XML as it lies in etc/ of a phone: a flat list of elements with the place of each start tag.
// The bytes are taken as UTF-8 whatever they declare, so that places count in the file itself.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"

namespace klik::xml {

struct Attribute {
  std::string name, value;
};

struct Element {
  std::string name;
  std::vector<Attribute> attributes;
  std::uint64_t at, length;          // of the start tag
  std::uint32_t depth;               // 0: the root
  std::uint32_t parent;              // index; the root's own is 0

  // "" when it is not stated.
  std::string_view operator[](std::string_view attribute) const;
  const std::string* find(std::string_view attribute) const;
};

struct Document {
  std::vector<Element> elements;     // in the order of the file
  std::optional<Error> damage;       // the file breaks off or is malformed here; what stands before it was read
  bool other_encoding = false;       // it declares one whose letters may differ from UTF-8's
};

inline constexpr std::uint64_t kLargest = std::uint64_t{4} << 20;   // real ones have up to 300 KB

// Errors: over_budget beyond kLargest; unsupported when it is UTF-16, UTF-32 or binary XML; bad_magic when it does not
// begin as XML.
Result<Document> read(Bytes file);

}  // namespace klik::xml
