// The owner's identifiers in what was decoded of captures, as facts. Neither their values nor the bytes they stood in become facts.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "extract/traffic_facts.h"
#include "traffic/identifiers.h"
#include "traffic/leaks.h"

namespace klik {

// What a scan is given to look for. The key makes the digests that stand for the values; it is kept outside the case.
struct OwnerIdentifiers {
  std::vector<traffic::Identifier> identifiers;
  std::vector<std::uint8_t> key;
  std::vector<traffic::Salt> salts{};
};

extern const FactKind kNetLeak, kNetSought;
extern const View kLeakView, kSoughtView;

// Which kinds were looked for in the captures of a build: without it, no leak of a kind says nothing.
void tell_sought(const BlobId& build, FactSink& sink, const OwnerIdentifiers& owner);

// Where and when a leak was seen.
struct LeakPlace {
  std::int64_t connection = 0, message = 0;
  bool up = true;
  std::optional<std::int64_t> time_ns{};
  Place bytes;
};
// `digest`: of identifier_digest().
Fact leak_fact(const traffic::Leak& leak, const std::string& digest, const LeakPlace& at);

// Looks into the contents of one capture at a time with a search that was made for owner.identifiers and serves all captures. What is
// given outlives it.
std::unique_ptr<ContentReader> leak_reader(const BlobId& capture, FactSink& sink, const OwnerIdentifiers& owner, traffic::LeakSearch& search);

}  // namespace klik
