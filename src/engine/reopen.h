// From an input and an artifact's path back to its bytes, without reading anything else.
#pragma once

#include <string>
#include <vector>

#include "base/budget.h"
#include "containers/base_files.h"
#include "io/scratch.h"
#include "io/source.h"

namespace klik {

// `parts`: the path below the input, one entry per container; empty is the input itself. `keys` and `base` as in a scan.
// Errors: io and whatever opening gives; absent when a part is not there (the input is another one).
Result<SourceRef> reopen(const std::string& location, const std::vector<std::string>& parts, const std::string& keys, Scratch& scratch, const BaseFiles* base = nullptr);

}  // namespace klik
