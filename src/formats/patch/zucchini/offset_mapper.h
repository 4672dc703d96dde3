// Where an offset of the old element went in the new one, by the equivalences. The maker of the patch and whoever applies it
// must agree on every case, also where equivalences overlap in the old element or an offset lies between two of them.
// Source: Chromium components/zucchini/equivalence_map.cc, OffsetMapper.
#pragma once

#include <span>
#include <vector>

#include "formats/patch/zucchini/patch.h"

namespace klik::zucchini {

class OffsetMapper {
 public:
  // Errors: over_budget (equivalences that overlap in a way no maker writes).
  static Result<OffsetMapper> make(std::span<const Equivalence> equivalences, std::uint32_t old_size, std::uint32_t new_size);

  // By the nearest equivalence. What lies behind the old element (addresses that no byte stands for) goes behind the new one.
  std::uint32_t project(std::uint32_t offset) const;
  // Replaces each of the sorted offsets by its new place, and drops those in no equivalence. The result is sorted again.
  void project_all(std::vector<std::uint32_t>& offsets) const;

 private:
  std::vector<Equivalence> blocks_;   // by source, not empty, not overlapping
  std::uint32_t old_size_ = 0, new_size_ = 0;
};

}  // namespace klik::zucchini
