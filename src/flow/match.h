// Which classes and methods of two builds of an app are the same code, though a rebuild renamed, reordered, moved and
// inlined them. A match says "compare these two", never "these are equal": what a method calls and says is compared
// whatever its body looks like. What has no counterpart stays without; that is an answer too.
#pragma once

#include <vector>

#include "flow/built_code.h"

namespace klik::flow {

enum class How : std::uint8_t {
  none,
  name,        // the same name, and nothing speaks against it
  structure,   // the same body or class with own names left out, found only once
  neighbour,   // what code that is already matched names at the same place
  feature,     // rare texts, calls and numbers in common
  similar,     // much in common, and no other candidate near
  moved,       // methods: into another class than its neighbours; classes: merged or split
};
std::string_view spelled(How how);

struct Matching {
  // By class and method of the earlier build its counterpart, kNoId for none; and the other way round.
  std::vector<Id> class_after, class_before, method_after, method_before;
  std::vector<How> class_how, method_how;      // by those of the earlier build
  // Classes most of whose code moved into a class that already has a counterpart: (before, after).
  std::vector<std::pair<Id, Id>> merged, split;
};

// The result depends on what the builds hold, not on the order in which they hold it. REQUIRES: both share their texts.
Matching match(const BuiltCode& before, const BuiltCode& after);

}  // namespace klik::flow
