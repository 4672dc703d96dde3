// Where functions start and end, by the tables that say how to unwind the stack through them.
// Source: LSB core 5.0, 10.6 (.eh_frame, .eh_frame_hdr); EHABI32 section 6 (index tables of .ARM.exidx).
#pragma once

#include <vector>

#include "formats/native/elf.h"

namespace klik::elf {

struct Extent {
  std::uint64_t address, size;   // size 0: up to the next
};

// In the order of the tables. What is damaged is left out; every entry takes at least four bytes of the file.
std::vector<Extent> unwind_extents(const File& file);

}  // namespace klik::elf
