// Where the signature of a payload lies, by its manifest.
// Source: AOSP system/update_engine update_metadata.proto (DeltaArchiveManifest: signatures_offset, signatures_size).
#pragma once

#include <cstdint>
#include <optional>

#include "base/bytes.h"

namespace klik::payload {

struct SignaturePlace {
  std::optional<std::uint64_t> at, length;   // counted from the end of the metadata signature
};

// Errors: those of protobuf::Reader.
Result<SignaturePlace> read_signature_place(Bytes manifest);

}  // namespace klik::payload
