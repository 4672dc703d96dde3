// resources.arsc: what a reference like @0x7f010003 stands for.
// Source: AOSP frameworks/base libs/androidfw ResourceTypes.h (ResTable_*).
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "formats/android/axml.h"
#include "formats/android/string_pool.h"

namespace klik::android {

struct ResourceValue {
  ValueType type = ValueType::null;
  std::uint32_t data = 0;
  std::string text;               // of a string
  bool default_configuration = false;
  std::uint64_t at = 0, length = 0;
};

// Borrows the file's bytes. Only headers are read at once; entries are read when asked for.
class ResourceTable {
 public:
  // Errors: bad_magic, truncated. Broken parts inside are left out and told by `oddities()`.
  static Result<ResourceTable> read(Bytes file);

  // The values of a resource id in all configurations, in file order; empty when there are none or the entry
  // is a bag. References are not followed.
  std::vector<ResourceValue> values(std::uint32_t id) const;
  // The value that a device without any special configuration gets, with references followed (at most eight
  // steps, so that a circle ends). Null type when there is none.
  ResourceValue resolve(std::uint32_t id) const;

  bool has_package(std::uint8_t id) const { return packages_.contains(id); }
  const std::vector<Error>& oddities() const { return oddities_; }

 private:
  struct Type {
    std::uint64_t at, size;
  };
  using TypesById = std::map<std::uint8_t, std::vector<Type>>;

  void read_package(std::uint64_t at, std::uint64_t size);
  Result<ResourceValue> entry(const Type& type, std::uint16_t index) const;

  Bytes file_;
  StringPool strings_;
  std::map<std::uint8_t, TypesById> packages_;
  std::vector<Error> oddities_;
};

}  // namespace klik::android
