// Turns the graph of content into the artifact tree: every place of every file, in path order.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "engine/listed.h"
#include "engine/node.h"
#include "engine/scan.h"

namespace klik {

struct UnfoldedInput {
  const Edge* root;
  std::uint32_t build;
  std::string name, location;
  ListedFiles list;                    // from a list beside the input
  std::optional<BlobId> list_blob;     // that list's bytes
  std::optional<Error> list_unread{};  // why it could not be read, though there is one
};

// Hands artifacts, inputs and problems to the sink. Returns how much was counted.
ScanResult unfold(std::span<const UnfoldedInput> inputs, const Budget& budget, CaseSink& sink);

}  // namespace klik
