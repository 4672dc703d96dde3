// Which function of one build of a library is which of the other: by name, by equal code, by who calls it and what lies beside
// it, and for the rest by likeness with a margin. Unmatched is an answer.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "formats/native/functions.h"

namespace klik::flow {

enum class FoundBy : std::uint8_t { nothing, name, code, neighbours, likeness };

struct NativeMatch {
  static constexpr std::uint32_t kNone = ~std::uint32_t{0};
  std::vector<std::uint32_t> new_of, old_of;   // by index of the other build's function
  std::vector<FoundBy> how;                    // by old index
};

// Does not depend on addresses. Work: a few passes, and for the last step at most kMostPairs comparisons.
NativeMatch match_functions(const elf::Functions& before, const elf::Functions& after);
inline constexpr std::uint64_t kMostPairs = std::uint64_t{16} << 20;

// Whether the pair of an old function has the same instructions and uses the same names, texts and functions.
// REQUIRES: it has one.
bool same_function(const elf::Functions& before, const elf::Functions& after, const NativeMatch& match, std::uint32_t old_index);

// Places of the sketch that agree, of those that either has. Of kSketch.
unsigned likeness(const elf::Sketch& a, const elf::Sketch& b);

}  // namespace klik::flow
