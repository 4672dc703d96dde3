// Which words of an ELF file hold addresses once it is loaded, and which: read from plain, packed (APS2) and RELR relocations.
// Source: psABI supplements of arm, arm64, x86, x86_64, mips, riscv; AOSP bionic linker/linker_reloc_iterators.h and
// linker_sleb128.h (packed relocations); gABI "Relative relocation table" (RELR).
#pragma once

#include <vector>

#include "formats/native/elf.h"

namespace klik::elf {

struct Pointer {
  std::uint64_t address;   // of the word
  std::uint64_t target;    // what it holds when the file is loaded at address 0
};

// A word that is set to the address of a symbol, or to something worked out from it.
struct Slot {
  std::uint64_t address;
  std::uint32_t symbol;    // index into the symbols for the dynamic linker
};

struct Pointers {
  std::vector<Pointer> list;     // by address; one per word
  std::vector<Slot> slots;       // by address; words of the procedure linkage too
  std::vector<Error> damage;     // tables that could not be read to their end
};

// Words that are set to an address inside the same file. Reading stops, with code over_budget, at as many as the file has words and
// at kMostPointers.
Pointers read_pointers(const File& file);

inline constexpr std::size_t kMostPointers = std::size_t{4} << 20;

}  // namespace klik::elf
