// Finds in one content before they are told: which of them another shows better.
#pragma once

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

}  // namespace klik::traffic
