// Bytes as people read them.
#pragma once

#include <cstdint>
#include <string>

#include "base/bytes.h"

namespace klik::cli {

// Lines of sixteen bytes with offsets from `first`; bytes in [mark, mark + marked) stand in brackets.
std::string hexdump(Bytes bytes, std::uint64_t first, std::uint64_t mark, std::uint64_t marked);

}  // namespace klik::cli
