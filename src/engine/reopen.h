// From an input and an artifact's path back to its bytes, without reading anything else.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/budget.h"
#include "base/hash.h"
#include "containers/base_files.h"
#include "io/scratch.h"
#include "io/source.h"

namespace klik {

struct Reopening {
  std::string location;                     // of the input
  std::vector<std::string> parts;           // the path below it, one entry per container; empty is the input itself
  std::string keys{};                       // these three as in the scan, or containers open otherwise than they did
  Budget budget{};
  const BaseFiles* base = nullptr;
  std::optional<Sha256Digest> expected{};   // what the bytes must hash to; all are read to see it
};

// Errors: io and whatever opening gives; absent when a part is not there, conflict when the bytes are not the expected ones (the
// input is another one by now).
Result<SourceRef> reopen(const Reopening& what, Scratch& scratch);

}  // namespace klik
