// Two sets of captures side by side: before and after an update, an opt-out, a block. Traffic varies by itself, so a host counts as
// new or gone only when it is in all recordings of one side and in none of the other; everything else is noise, with its counts.
#include <algorithm>
#include <map>
#include <numeric>
#include <random>
#include <string>

#include "compare/comparer.h"

namespace klik::compare {
namespace {

constexpr std::size_t kFewestRuns = 3;      // of each side; below that chance cannot be told from change
constexpr int kShuffles = 999;

constexpr ViewColumn kColumns[] = {
    {"what", "host: contacted by name; clear: read something in the clear with it; leak: an identifier of the owner went to it."},
    {"name", "The host; of a leak the kind of identifier and the host."},
    {"verdict", "new: in all captures of the new side and none of the old; gone: the reverse; noise: in some only; volume: in all, and bytes differ by more than chance; same."},
    {"seen_before", "Captures of the old side that have it."},
    {"captures_before", "Captures of the old side."},
    {"seen_after", "Captures of the new side that have it."},
    {"captures_after", "Captures of the new side."},
    {"enough", "1: three captures or more on each side."},
    {"bytes_before", "Mean of the payload from the phone's side, of captures of the old side."},
    {"bytes_after", "Likewise of the new side."},
    {"chance", "How often, per thousand, shuffled captures differ as much in bytes. Null: fewer than three on a side."},
    {"old_fact", "A connection of the old side; null: none."},
    {"new_fact", "A connection of the new side; null: none."},
};
constexpr ComparedTable kTables[] = {
    {"traffic_seen", "What two sets of captures have in common and what not.", kColumns},
};

struct Seen {
  std::map<std::int64_t, double> bytes;   // by capture
  std::string fact;                       // the least
};

struct OneSide {
  std::vector<std::int64_t> captures;
  std::map<std::pair<std::string, std::string>, Seen> things;   // what and name
};

std::string text(const Value& v) { return std::holds_alternative<std::string>(v) ? std::get<std::string>(v) : std::string(); }
std::int64_t number(const Value& v) { return std::holds_alternative<std::int64_t>(v) ? std::get<std::int64_t>(v) : 0; }

OneSide side_of(const Side& side) {
  OneSide out;
  for (const auto& r : side.reader.query("SELECT capture_id FROM capture WHERE build_id = ? ORDER BY capture_id", {side.build}).rows) out.captures.push_back(number(r[0]));
  if (out.captures.empty()) return out;
  const auto take = [&](std::string what, const Table& t) {
    for (const auto& r : t.rows) {
      if (!std::ranges::binary_search(out.captures, number(r[0]))) continue;
      Seen& seen = out.things[{what, text(r[1])}];
      seen.bytes[number(r[0])] += static_cast<double>(number(r[2]));
      const std::string fact = text(r[3]);
      if (seen.fact.empty() || fact < seen.fact) seen.fact = fact;
    }
  };
  take("host", side.reader.query("SELECT capture_id, host, sum(bytes_out), min(fact_id) FROM connection WHERE host IS NOT NULL AND local = 0 GROUP BY capture_id, host ORDER BY 1, 2"));
  take("clear", side.reader.query("SELECT c.capture_id, coalesce(m.host, c.host), sum(m.body_bytes), min(m.fact_id) FROM message m JOIN connection c USING(connection_id, capture_id) "
                                  "WHERE m.out = 1 AND m.state = 'clear' AND c.local = 0 AND coalesce(m.host, c.host) IS NOT NULL GROUP BY 1, 2 ORDER BY 1, 2"));
  return out;
}

double mean(const std::vector<double>& of) { return of.empty() ? 0 : std::accumulate(of.begin(), of.end(), 0.0) / static_cast<double>(of.size()); }

// Per capture of the side, 0 where it is not seen.
std::vector<double> bytes_of(const OneSide& side, const Seen& seen) {
  std::vector<double> out;
  for (const std::int64_t c : side.captures) {
    const auto at = seen.bytes.find(c);
    out.push_back(at == seen.bytes.end() ? 0 : at->second);
  }
  return out;
}

// A permutation test on the difference of means. The seed is fixed: equal captures give equal answers.
std::int64_t chance_of(const std::vector<double>& a, const std::vector<double>& b) {
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
  return (as_far + 1) * 1000 / (kShuffles + 1);
}

void run(const Pair& pair, const AddRow& add) {
  const OneSide before = side_of(pair.before), after = side_of(pair.after);
  if (before.captures.empty() || after.captures.empty()) return;
  const bool enough = before.captures.size() >= kFewestRuns && after.captures.size() >= kFewestRuns;
  std::map<std::pair<std::string, std::string>, std::pair<const Seen*, const Seen*>> all;
  for (const auto& [key, seen] : before.things) all[key].first = &seen;
  for (const auto& [key, seen] : after.things) all[key].second = &seen;
  static const Seen kNowhere;
  for (const auto& [key, seen] : all) {
    const Seen& old_seen = seen.first ? *seen.first : kNowhere;
    const Seen& new_seen = seen.second ? *seen.second : kNowhere;
    const std::vector<double> b = bytes_of(before, old_seen), a = bytes_of(after, new_seen);
    Value chance;
    std::string verdict = "noise";
    if (enough) chance = chance_of(b, a);
    if (new_seen.bytes.size() == after.captures.size() && old_seen.bytes.empty()) verdict = "new";
    else if (old_seen.bytes.size() == before.captures.size() && new_seen.bytes.empty()) verdict = "gone";
    else if (old_seen.bytes.size() == before.captures.size() && new_seen.bytes.size() == after.captures.size()) verdict = enough && std::get<std::int64_t>(chance) <= 50 ? "volume" : "same";
    const auto fact = [](const Seen& s) { return s.fact.empty() ? Value() : Value(s.fact); };
    const auto count = [](std::size_t n) { return Value(static_cast<std::int64_t>(n)); };
    add(0, {key.first, key.second, verdict, count(old_seen.bytes.size()), count(before.captures.size()), count(new_seen.bytes.size()), count(after.captures.size()), Value(std::int64_t{enough}),
            Value(static_cast<std::int64_t>(mean(b))), Value(static_cast<std::int64_t>(mean(a))), chance, fact(old_seen), fact(new_seen)});
  }
}

}  // namespace

extern const Comparer comparer_traffic;
const Comparer comparer_traffic{"traffic", "Captures of both sides: hosts that came or went, with noise told apart", kTables, run};

}  // namespace klik::compare
