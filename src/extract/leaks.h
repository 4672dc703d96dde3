// The owner's identifiers in what was decoded of captures, as facts. Neither their values nor the bytes they stood in become facts.
#pragma once

#include <memory>
#include <vector>

#include "extract/traffic_facts.h"
#include "traffic/identifiers.h"

namespace klik {

// What a scan is given to look for. The key makes the digests that stand for the values; it is kept outside the case.
struct OwnerIdentifiers {
  std::vector<traffic::Identifier> identifiers;
  std::vector<std::uint8_t> key;
};

extern const FactKind kNetLeak;
extern const View kLeakView;

// Looks into the contents of one capture. What is given outlives it. Errors: unsupported (the search library).
Result<std::unique_ptr<ContentReader>> leak_reader(const BlobId& capture, FactSink& sink, const OwnerIdentifiers& owner);

}  // namespace klik
