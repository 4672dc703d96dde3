// Sources whose bytes cost something only when they are asked for.
#pragma once

#include <cstdint>
#include <functional>

#include "io/source.h"

namespace klik {

// `make` runs at most once, at the first read from whichever thread comes first; what it gives must have
// `size` bytes (bad_value otherwise). Its failure is remembered and is what every read returns. What was
// made stays in memory until the source dies: drop a child once it has been read.
SourceRef lazy_source(std::uint64_t size, std::move_only_function<Result<SourceRef>()> make);

// `from` unchanged, but whoever reads it in order, from the first byte to the last, gets bad_checksum
// (at `at`) instead of the last piece when the CRC-32 is another. Reads elsewhere are not checked: that
// is the price of not reading gigabytes twice.
SourceRef crc_checked(SourceRef from, std::uint32_t crc32, std::uint64_t at);

}  // namespace klik
