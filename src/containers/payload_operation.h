// Operations of an update whose result must be decoded as a whole: compressed data, and differences to the old image.
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "base/budget.h"
#include "formats/android/payload_manifest.h"
#include "io/extent_source.h"
#include "io/unit_source.h"

namespace klik::payload {

bool is_full(OperationType type);         // needs no old image
bool is_difference(OperationType type);   // makes new bytes of old ones and data: not SOURCE_COPY

struct Unit {
  OperationType type;
  std::uint64_t at, length;               // of its data in the payload
  std::optional<Sha256Digest> digest;     // of the data
  std::vector<Extent> sources{};          // in the old image; at = kHole: zeros
  std::optional<Sha256Digest> source_digest{};
};

// The bytes that an operation reads of the old image, checked against the digest that the update names for them. Errors: absent
// when they do not have it, truncated when they lie outside the image, and those of reading.
Result<std::vector<std::uint8_t>> read_sources(const Source& old_image, const std::vector<Extent>& sources, const std::optional<Sha256Digest>& digest);

// `old_image` may be null when no unit needs it. Errors of a unit tell the place in the payload. Short results are filled with zeros, as the updater does.
std::unique_ptr<UnitDecoder> operation_decoder(SourceRef payload, SourceRef old_image, std::vector<Unit> units, const Budget& budget);

}  // namespace klik::payload
