// Which program it is, down to the byte: facts that one build made are not taken for those of another.
#pragma once

#include <string>
#include <vector>

#include "base/hash.h"
#include "base/result.h"

namespace klik::cache {

// Over the bytes of the running program and over place, size and time of every library that it has loaded and of `files` that
// it reads besides. A forgotten version number of an extractor therefore cannot bring back old facts.
// Errors: io, when the program cannot read itself.
Result<Sha256Digest> program_identity(const std::vector<std::string>& files);

}  // namespace klik::cache
