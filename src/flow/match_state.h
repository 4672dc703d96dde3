// A matching while it is being found: shared by the rounds of match.cc.
#pragma once

#include <utility>
#include <vector>

#include "flow/match.h"

namespace klik::flow {

// Whether a compiler may have made up the name, so that the same name in another build says little: "La/b/c;", "LA$3;".
bool is_weak_class_name(std::string_view descriptor);
bool is_weak_method_name(std::string_view name);

// Pairs of a score that are each other's best by a clear margin, so that no order decides.
struct Scored {
  Id before, after;
  std::uint64_t score;
};
// `margin` in percent: 150 means the best must have half as much again as the second. Sorted by score, best first.
std::vector<Scored> mutual_best(std::vector<Scored> all, unsigned margin);

class MatchState {
 public:
  MatchState(const BuiltCode& before, const BuiltCode& after);

  const BuiltCode& before;
  const BuiltCode& after;
  Matching out;
  bool names_hold = true;          // made-up names mostly mean the same thing in both builds

  bool open(Id b, Id a) const { return out.class_after[b] == kNoId && out.class_before[a] == kNoId; }
  bool open_methods(Id b, Id a) const { return out.method_after[b] == kNoId && out.method_before[a] == kNoId; }
  // Percentage of the code of the larger class whose bodies the other has too.
  unsigned alike(Id b, Id a) const;

  // Pairs two open classes and what is sure among their methods, and lets both vote for what they name. False, and
  // nothing done, for a class and an interface.
  bool pair_classes(Id b, Id a, How how);
  void pair_methods(Id b, Id a, How how);
  // Pairs what matched code names at the same place, until nothing new follows.
  void follow_votes();

 private:
  struct Vote {
    Id before, after;
    std::uint32_t weight;
  };
  struct Piece {
    std::uint64_t digest;
    std::uint32_t units;
    friend auto operator<=>(const Piece&, const Piece&) = default;
  };
  static std::vector<std::vector<Piece>> pieces_of(const BuiltCode& code);
  static std::vector<Scored> counted(std::vector<Vote>& votes);
  bool follow_once();
  bool believable(const Scored& pair) const;

  std::vector<Vote> class_votes_, method_votes_;
  std::vector<std::vector<Piece>> pieces_before_, pieces_after_;   // by class, sorted
};

// match_methods.cc: methods of two matched classes: what is sure; and at the end what is only likely.
void match_sure_methods(MatchState& state, Id b, Id a);
void match_other_methods(MatchState& state, Id b, Id a);
// Methods without counterpart anywhere, and classes that these show to be merged or split.
void match_moved(MatchState& state);

// match_features.cc: classes that are still open: rare things in common, then much in common.
void match_by_rare_features(MatchState& state);
void match_by_likeness(MatchState& state);

}  // namespace klik::flow
