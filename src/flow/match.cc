#include "flow/match.h"

#include <algorithm>
#include <map>

#include "flow/match_state.h"

namespace klik::flow {
namespace {

constexpr std::uint32_t kTelling = 30;      // units: classes of so much code do not look alike by chance
constexpr unsigned kHoldPercent = 80;       // of telling classes with made-up names: then such names mean something
constexpr unsigned kHalf = 50;

class Matcher {
 public:
  Matcher(const BuiltCode& before, const BuiltCode& after) : s_(before, after) {}

  Matching run() {
    same_names();
    do_names_hold();
    for (const auto& [b, a] : strong_) pair(b, a, How::name);
    if (s_.names_hold) weak_names([&](Id b, Id a) { return s_.before.classes()[b].shape == s_.after.classes()[a].shape || s_.alike(b, a) >= kHalf; });
    unique_shapes(kTelling);
    s_.follow_votes();
    for (int round = 0; round < 2; ++round) {
      match_by_rare_features(s_);
      s_.follow_votes();
    }
    match_by_likeness(s_);
    s_.follow_votes();
    unique_shapes(0);
    s_.follow_votes();
    weak_names([&](Id b, Id a) { return s_.names_hold || s_.alike(b, a) >= kHalf; });
    equal_shapes();
    s_.follow_votes();
    for (Id b = 0; b < s_.out.class_after.size(); ++b)
      if (const Id a = s_.out.class_after[b]; a != kNoId) match_other_methods(s_, b, a);
    s_.follow_votes();
    match_moved(s_);
    return std::move(s_.out);
  }

 private:
  void pair(Id b, Id a, How how) {
    if (s_.open(b, a)) s_.pair_classes(b, a, how);
  }

  void same_names() {
    for (Id b = 0; b < s_.before.classes().size(); ++b) {
      const Id a = s_.after.find_class(s_.before.classes()[b].name);
      if (a != kNoId) (is_weak_class_name(s_.before.class_name(b)) ? weak_ : strong_).push_back({b, a});
    }
  }

  void do_names_hold() {
    std::size_t telling = 0, alike = 0;
    for (const auto& [b, a] : weak_) {
      if (std::min(s_.before.classes()[b].units, s_.after.classes()[a].units) < kTelling) continue;
      ++telling;
      alike += s_.alike(b, a) >= kHalf;
    }
    s_.names_hold = alike * 100 >= telling * kHoldPercent;
  }

  template <class Fits>
  void weak_names(Fits fits) {
    for (const auto& [b, a] : weak_)
      if (s_.open(b, a) && fits(b, a)) pair(b, a, How::name);
  }

  // Open classes by shape, of either side.
  struct Group {
    std::vector<Id> before, after;
  };
  std::map<std::uint64_t, Group> groups(std::uint32_t least_units) const {
    std::map<std::uint64_t, Group> out;
    for (Id b = 0; b < s_.before.classes().size(); ++b)
      if (s_.out.class_after[b] == kNoId && s_.before.classes()[b].units >= least_units) out[s_.before.classes()[b].shape].before.push_back(b);
    for (Id a = 0; a < s_.after.classes().size(); ++a)
      if (s_.out.class_before[a] == kNoId && s_.after.classes()[a].units >= least_units) out[s_.after.classes()[a].shape].after.push_back(a);
    return out;
  }
  void unique_shapes(std::uint32_t least_units) {
    for (const auto& [shape, g] : groups(least_units))
      if (g.before.size() == 1 && g.after.size() == 1) pair(g.before[0], g.after[0], How::structure);
  }
  // Which of several equal ones is which, nothing tells; paired by name their differences cannot be told either.
  void equal_shapes() {
    for (auto& [shape, g] : groups(0)) {
      std::ranges::sort(g.before, {}, [&](Id c) { return s_.before.class_name(c); });
      std::ranges::sort(g.after, {}, [&](Id c) { return s_.after.class_name(c); });
      for (std::size_t i = 0; i < std::min(g.before.size(), g.after.size()); ++i) pair(g.before[i], g.after[i], How::structure);
    }
  }

  MatchState s_;
  std::vector<std::pair<Id, Id>> strong_, weak_;
};

}  // namespace

Matching match(const BuiltCode& before, const BuiltCode& after) { return Matcher(before, after).run(); }

}  // namespace klik::flow
