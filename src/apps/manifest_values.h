// The value of a manifest attribute, through the app's own resources where it is a reference.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "formats/android/arsc.h"
#include "formats/android/axml.h"

namespace klik::apk {

struct Resolved {
  bool there = false;             // the attribute stands in the manifest
  bool unknown = false;           // a reference that the app's own resources do not answer
  std::string text;               // as a person would write it
  std::optional<std::int64_t> number;   // of integers and booleans
  std::optional<std::uint64_t> resource_at{};
  std::uint64_t resource_length = 0;
};

class ManifestValues {
 public:
  // `table` may be null; it must outlive the object.
  explicit ManifestValues(const android::ResourceTable* table) : table_(table) {}
  Resolved of(const android::XmlAttribute* attribute) const;

 private:
  const android::ResourceTable* table_;
};

}  // namespace klik::apk
