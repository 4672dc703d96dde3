// Finds in one content before they are told: which of them another shows better, and which are many alike.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "traffic/leaks.h"

namespace klik::traffic {

struct LeakHit {
  Leak leak;
  Axis axis = Axis::none;
  bool tried = false;              // an encoding in a value that was also decoded as a whole: counts where that does not show it
  bool second_reading = false;     // of a node that is one (unwrap.h)
  std::uint64_t from = 0, to = 0;  // in its node
};

// Leaves out what is found again where it is decoded, or what a second reading only repeats, and bytes of a digest that was found in hex.
void keep_best(std::vector<LeakHit>& hits);

// Of finds that are alike but for the numbers of elements in their paths, and more than kAlike: the first stays, with the others
// counted and "[*]" for the numbers.
inline constexpr std::size_t kAlike = 8;
void fold_alike(std::vector<LeakHit>& hits);

}  // namespace klik::traffic
