// The files in which an update says what it is: key and value, in text or as a protocol buffer.
// Source: AOSP build/make tools/releasetools/ota_utils.py, ota_metadata.proto.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"

namespace klik::update_claims {

struct Claim {
  std::string key, value;
  std::uint64_t at, length;   // in the file
};

struct Claims {
  std::vector<Claim> list;
  std::optional<Error> stopped{};   // over_budget: there are more than any update has, from this place on
};

// Lines `key=value`; others are passed over.
Claims read_lines(Bytes text);
// META-INF/com/android/metadata. Empty when no line is one that updates have: other files are called so too.
Claims read_text(Bytes text);
// META-INF/com/android/metadata.pb (OtaMetadata), under the keys of the text form.
// Errors: those of protobuf::Reader, bad_value (a field of another wire type).
Result<Claims> read_pb(Bytes message);

// "name:offset:size,…" of the keys that end in "property-files": where a streaming updater finds entries of the zip.
struct PropertyFile {
  std::string name;
  std::uint64_t at, size;
};
struct PropertyFiles {
  std::vector<PropertyFile> list;
  bool whole = true;                // false: there are more than any update has
};
// What is not of that form is left out.
PropertyFiles read_property_files(std::string_view value);

}  // namespace klik::update_claims
