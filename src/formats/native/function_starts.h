// Where the functions of a file may start, by everything that says so before its instructions are read: symbols, unwind tables,
// what runs at start, addresses in its data.
#pragma once

#include <map>

#include "formats/native/elf_relocations.h"
#include "formats/native/functions.h"

namespace klik::elf {

struct Start {
  std::uint64_t size = 0;        // 0: up to the next
  Mode mode = Mode::a64;
  bool mode_known = false;
  bool strong = false;           // a table names it, not only a jump or what was left over
  bool exported = false, initial = false;
  std::string_view name;
};

using Starts = std::map<std::uint64_t, Start>;

// The instructions that this machine begins with; ARM goes by the lowest bit of an address.
Mode mode_of(const File& file, std::uint64_t address);

// Adds what is known of a start to what was. Names from the dynamic linker's symbols win, then the first in the alphabet.
void add_start(Starts& starts, std::uint64_t address, const Start& start);

std::vector<Initial> read_initial(const File& file, const Pointers& pointers);
// All in executable segments. Not more than kMostFunctions.
Starts read_starts(const File& file, const Pointers& pointers, const std::vector<Initial>& initial);

}  // namespace klik::elf
