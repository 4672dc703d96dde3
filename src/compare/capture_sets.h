// Two sets of captures, and the one rule by which something seen in them is a change or noise: traffic varies by itself, so a thing is
// new or gone only when it is in all captures of one side and in none of the other.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "compare/cells.h"
#include "compare/comparer.h"

namespace klik::compare {

// One thing on one side: how much of it in which capture.
struct Seen {
  std::map<std::int64_t, double> amounts;
  std::string fact;   // the least

  void add(std::int64_t capture, double amount, const std::string& by);
};

struct Judgement {
  std::string verdict;                  // new, gone, noise, volume, same
  Value chance;                         // per thousand; null: too few captures to shuffle
  double before = 0, after = 0;         // means over the captures of a side
};

class CaptureSets {
 public:
  CaptureSets(const Side& before, const Side& after);

  bool whole() const { return !before_.empty() && !after_.empty(); }   // both sides have captures
  // Three captures or more on each side; below that chance cannot be told from change.
  bool enough() const;
  const std::vector<std::int64_t>& captures(bool before) const { return before ? before_ : after_; }   // ascending
  bool holds(bool before, std::int64_t capture) const;

  Judgement judge(const Seen& before, const Seen& after) const;
  // How often, per thousand, shuffled captures differ as much; null without enough of them. Values are per capture, in order.
  Value chance_of(const std::vector<double>& before, const std::vector<double>& after) const;

 private:
  std::vector<std::int64_t> before_, after_;
};

// At most so often, per thousand, may chance do the same where a difference is told.
inline constexpr std::int64_t kMostChance = 50;

}  // namespace klik::compare
