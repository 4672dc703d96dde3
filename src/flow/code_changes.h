// What matched code calls and says that it did not before. That bodies are alike is no excuse: every pair is compared.
// Code that moved between a method and one that it calls (inlined, or taken out of it) is no change.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "flow/match.h"

namespace klik::flow {

struct CodeChange {
  std::string_view what;                     // as in code_change.what
  Id class_before = kNoId, class_after = kNoId, method_before = kNoId, method_after = kNoId;
  Id feature = kNoId;                        // the call, field or text
  std::string value;                         // instead of a feature
  bool only_here = false;                    // nowhere in the app's other build
};

struct CodeChanges {
  std::vector<CodeChange> rows;              // what is only here first; the rest in the order of weight
  std::size_t left_out = 0;
};

CodeChanges changes_of(const BuiltCode& before, const BuiltCode& after, const Matching& matching, std::size_t most);

}  // namespace klik::flow
