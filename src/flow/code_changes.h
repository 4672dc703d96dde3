// What matched code calls and says that it did not before. That bodies are alike is no excuse: every pair is compared.
// Code that moved between a method and one that it calls (inlined, or taken out of it) is no change.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "flow/match.h"

namespace klik::flow {

// What a call, a field or a text is for, by whoever knows; a name of weight 0 is none. Names are literals or outlive the rows.
struct CodeMark {
  unsigned weight = 0;                       // up to kMostMarkWeight
  std::string_view name;
};
inline constexpr unsigned kMostMarkWeight = 2;
using MarkOfFeature = std::function<CodeMark(const SharedTexts& texts, Id feature)>;

struct CodeChange {
  std::string_view what;                     // as in code_change.what
  Id class_before = kNoId, class_after = kNoId, method_before = kNoId, method_after = kNoId;
  Id feature = kNoId;                        // the call, field or text
  std::string value;                         // instead of a feature
  bool only_here = false;                    // nowhere in the app's other build
  std::string_view mark{};                   // of the feature; of a method or class the weightiest of what it calls and says
};

struct CodeChanges {
  std::vector<CodeChange> rows;              // what has a mark first, of every mark something; then what is only here
  std::size_t left_out = 0, left_out_marked = 0;   // all, and those with a mark
};

CodeChanges changes_of(const BuiltCode& before, const BuiltCode& after, const Matching& matching, std::size_t most, const MarkOfFeature& mark_of = {});

}  // namespace klik::flow
