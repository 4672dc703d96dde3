#include "compare/capture_sets.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <random>

namespace klik::compare {
namespace {

constexpr std::size_t kFewestRuns = 3;      // of each side
constexpr int kShuffles = 999;

double mean(const std::vector<double>& of) { return of.empty() ? 0 : std::accumulate(of.begin(), of.end(), 0.0) / static_cast<double>(of.size()); }

std::vector<std::int64_t> captures_of(const Side& side) {
  std::vector<std::int64_t> out;
  for (const auto& r : side.reader.query("SELECT capture_id FROM capture WHERE build_id = ? ORDER BY capture_id", {side.build}).rows) out.push_back(number_in(r[0]));
  return out;
}

// Per capture of the side, 0 where it is not seen.
std::vector<double> amounts_of(const std::vector<std::int64_t>& captures, const Seen& seen) {
  std::vector<double> out;
  for (const std::int64_t c : captures) {
    const auto at = seen.amounts.find(c);
    out.push_back(at == seen.amounts.end() ? 0 : at->second);
  }
  return out;
}

}  // namespace

void Seen::add(std::int64_t capture, double amount, const std::string& by) {
  amounts[capture] += amount;
  if (fact.empty() || by < fact) fact = by;
}

CaptureSets::CaptureSets(const Side& before, const Side& after) : before_(captures_of(before)), after_(captures_of(after)) {}

bool CaptureSets::enough() const { return before_.size() >= kFewestRuns && after_.size() >= kFewestRuns; }

bool CaptureSets::holds(bool before, std::int64_t capture) const { return std::ranges::binary_search(captures(before), capture); }

// A permutation test on the difference of means. The seed is fixed: equal captures give equal answers.
Value CaptureSets::chance_of(const std::vector<double>& a, const std::vector<double>& b) const {
  if (!enough()) return {};
  std::vector<double> all = a;
  all.insert(all.end(), b.begin(), b.end());
  const double found = std::abs(mean(a) - mean(b));
  std::mt19937_64 random(20'261'127);
  int as_far = 0;
  for (int i = 0; i < kShuffles; ++i) {
    // Fisher and Yates; std::shuffle is not the same everywhere.
    for (std::size_t n = all.size(); n > 1; --n) std::swap(all[n - 1], all[random() % n]);
    const double first = std::accumulate(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(a.size()), 0.0) / static_cast<double>(a.size());
    const double second = std::accumulate(all.begin() + static_cast<std::ptrdiff_t>(a.size()), all.end(), 0.0) / static_cast<double>(b.size());
    as_far += std::abs(first - second) >= found - 1e-9;
  }
  return std::int64_t{(as_far + 1) * 1000 / (kShuffles + 1)};
}

Judgement CaptureSets::judge(const Seen& old_seen, const Seen& new_seen) const {
  const std::vector<double> b = amounts_of(before_, old_seen), a = amounts_of(after_, new_seen);
  Judgement out{"noise", chance_of(b, a), mean(b), mean(a)};
  const bool in_all_before = old_seen.amounts.size() == before_.size(), in_all_after = new_seen.amounts.size() == after_.size();
  if (in_all_after && old_seen.amounts.empty()) out.verdict = "new";
  else if (in_all_before && new_seen.amounts.empty()) out.verdict = "gone";
  else if (in_all_before && in_all_after) out.verdict = enough() && number_in(out.chance) <= kMostChance ? "volume" : "same";
  return out;
}

}  // namespace klik::compare
