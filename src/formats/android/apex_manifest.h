// The manifest of an APEX module: apex_manifest.pb, or apex_manifest.json on Android 10.
// Source: AOSP system/apex/proto/apex_manifest.proto; source.android.com "APEX file format".
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/bytes.h"

namespace klik::apex {

inline constexpr std::string_view kManifestPb = "apex_manifest.pb", kManifestJson = "apex_manifest.json";

struct Manifest {
  std::optional<std::string> name, pre_install_hook;   // raw
  std::optional<std::int64_t> version;
  bool no_code = false;
  // Only in a compressed APEX: hex of the root of the payload's hash tree, as spelled.
  std::optional<std::string> original_digest;
};

// Errors: truncated, bad_value, unsupported, as protobuf::Reader.
Result<Manifest> read_pb(Bytes manifest);
// Errors: bad_value (not a JSON object, or a field of another type).
Result<Manifest> read_json(Bytes manifest);

}  // namespace klik::apex
