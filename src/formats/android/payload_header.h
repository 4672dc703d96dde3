// The 24 bytes in front of the manifest of an A/B update.
// Source: AOSP system/update_engine payload_consumer/payload_metadata.cc.
#pragma once

#include <cstdint>

#include "base/bytes.h"

namespace klik::payload {

inline constexpr std::uint64_t kHeaderSize = 24;
inline constexpr std::uint64_t kMaxManifest = std::uint64_t{64} << 20;   // real ones have some MiB

struct Header {
  std::uint64_t manifest_size;    // the manifest follows the header
  std::uint32_t signature_size;   // of the metadata signature, behind the manifest
};

// Errors: truncated, bad_magic, unsupported (another version than 2).
Result<Header> read_header(Bytes start);

}  // namespace klik::payload
