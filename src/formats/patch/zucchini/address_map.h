// Offsets in a file and addresses in memory, by the sections of an executable. Addresses have 31 bits: larger ones are no
// references for Zucchini. Source: Chromium components/zucchini/address_translator.cc.
#pragma once

#include <vector>

#include "formats/patch/zucchini/references.h"

namespace klik::zucchini {

class AddressMap {
 public:
  struct Unit {
    std::uint32_t offset, address, size;

    friend bool operator==(const Unit&, const Unit&) = default;
  };

  // Errors: bad_value (sections that contradict each other).
  static Result<AddressMap> make(std::vector<Unit> units);

  // kNowhere when no section has it. A section without bytes (.bss) has offsets too, which may lie behind the file.
  std::uint32_t offset_of(std::uint32_t address) const;
  std::uint32_t address_of(std::uint32_t offset) const;

 private:
  std::vector<Unit> by_offset_, by_address_;   // disjoint
};

}  // namespace klik::zucchini
