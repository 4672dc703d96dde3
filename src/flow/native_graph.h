// The functions of one ELF file, packed into a row of the case file, so that two builds can be compared without reading their
// bytes again.
#pragma once

#include <string>

#include "formats/native/functions.h"

namespace klik::flow {

// What runs at start is left out: it has rows of its own. A sketch is kept of functions without a name only, since others are found by it.
std::string packed(const elf::Functions& functions);

// Refers to `bytes`. Errors: truncated, bad_value, unsupported (another version).
Result<elf::Functions> unpacked_functions(Bytes bytes);

// Functions shorter than this share their sketch with too many others.
inline constexpr std::uint32_t kShortestSketched = 12;

}  // namespace klik::flow
