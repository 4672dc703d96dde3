// The image that a plan describes, as a source: patches are applied when they are read, each once.
#pragma once

#include "containers/block_plan.h"
#include "containers/container.h"

namespace klik::transfer {

struct ImageParts {
  SourceRef old, data, patches;   // each may be null
};

struct ImageResult {
  SourceRef source;
  std::vector<Extent> data_extents;   // in the data, in the order of the image
};

// REQUIRES: `list` is what `plan` was made of. What the old image or the patches do not give is told as notes; its blocks
// cannot be read (patches) or are as the old image has them (moves). `refused` gets their number.
Result<ImageResult> make_image(const TransferList& list, const Plan& plan, const ImageParts& parts, OpenContext& context, std::uint64_t& refused);

}  // namespace klik::transfer
