// The files in which an update says what it is: key and value, in text or as a protocol buffer.
// Source: AOSP build/make tools/releasetools/ota_utils.py, ota_metadata.proto.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"

namespace klik::update_claims {

struct Claim {
  std::string key, value;
  std::uint64_t at, length;   // in the file
};

// Lines `key=value`; others are passed over. At most some thousands.
std::vector<Claim> read_lines(Bytes text);
// META-INF/com/android/metadata. Empty when no line is one that updates have: other files are called so too.
std::vector<Claim> read_text(Bytes text);
// META-INF/com/android/metadata.pb (OtaMetadata), under the keys of the text form.
// Errors: those of protobuf::Reader, bad_value (a field of another wire type).
Result<std::vector<Claim>> read_pb(Bytes message);

// "name:offset:size,…" of the keys that end in "property-files": where a streaming updater finds entries of the zip.
struct PropertyFile {
  std::string name;
  std::uint64_t at, size;
};
// What is not of that form is left out.
std::vector<PropertyFile> read_property_files(std::string_view value);

}  // namespace klik::update_claims
