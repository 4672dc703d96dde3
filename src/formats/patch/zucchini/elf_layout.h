// What Zucchini uses of an ELF file: where sections lie, which hold relocations and which hold code. Stricter than the dynamic
// linker, and with other rules: a patch says nothing of them, so both sides must have the same.
// Source: Chromium components/zucchini/disassembler_elf.cc.
#pragma once

#include <vector>

#include "formats/patch/zucchini/address_map.h"

namespace klik::zucchini {

struct ElfLayout {
  struct Relocations {
    std::uint32_t at, size, entry_size;
  };
  struct Code {
    std::uint32_t at, size, address;
  };

  bool wide = false;                      // 64 bit
  AddressMap addresses;
  std::vector<Relocations> relocations;   // by offset, not overlapping
  std::vector<Code> code;                 // by offset

  std::uint32_t word() const { return wide ? 8 : 4; }
};

// Errors: bad_value (not such an ELF file, or it does not end where the image does), over_budget.
Result<ElfLayout> read_elf_layout(Kind kind, Bytes image);

}  // namespace klik::zucchini
