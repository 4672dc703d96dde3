// Two sets of captures side by side: before and after an update, an opt-out, a block. Here: which hosts were contacted, and which in
// the clear.
#include <map>
#include <string>

#include "compare/capture_sets.h"

namespace klik::compare {
namespace {

constexpr ViewColumn kColumns[] = {
    {"what", "host: contacted by name; clear: something went to it in the clear."},
    {"name", "The host."},
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

using Things = std::map<std::pair<std::string, std::string>, Seen>;   // by what and name

Things things_of(const Side& side, const CaptureSets& sets, bool before) {
  Things out;
  const auto take = [&](std::string what, const Table& t) {
    for (const auto& r : t.rows)
      if (sets.holds(before, number_in(r[0]))) out[{what, text_in(r[1])}].add(number_in(r[0]), static_cast<double>(number_in(r[2])), text_in(r[3]));
  };
  take("host", side.reader.query("SELECT capture_id, host, sum(bytes_out), min(fact_id) FROM connection WHERE host IS NOT NULL AND local = 0 GROUP BY capture_id, host ORDER BY 1, 2"));
  take("clear", side.reader.query("SELECT c.capture_id, coalesce(m.host, c.host), sum(m.body_bytes), min(m.fact_id) FROM message m JOIN connection c USING(connection_id, capture_id) "
                                  "WHERE m.out = 1 AND m.state = 'clear' AND c.local = 0 AND coalesce(m.host, c.host) IS NOT NULL GROUP BY 1, 2 ORDER BY 1, 2"));
  return out;
}

void run(const Pair& pair, const AddRow& add) {
  const CaptureSets sets(pair.before, pair.after);
  if (!sets.whole()) return;
  std::map<std::pair<std::string, std::string>, std::pair<Seen, Seen>> all;
  for (auto& [key, seen] : things_of(pair.before, sets, true)) all[key].first = seen;
  for (auto& [key, seen] : things_of(pair.after, sets, false)) all[key].second = seen;
  const auto count = [](std::size_t n) { return Value(static_cast<std::int64_t>(n)); };
  for (const auto& [key, seen] : all) {
    const auto& [before, after] = seen;
    const Judgement j = sets.judge(before, after);
    add(0, {key.first, key.second, j.verdict, count(before.amounts.size()), count(sets.captures(true).size()), count(after.amounts.size()), count(sets.captures(false).size()), count(sets.enough()), count(static_cast<std::size_t>(j.before)),
            count(static_cast<std::size_t>(j.after)), j.chance, or_null(before.fact), or_null(after.fact)});
  }
}

}  // namespace

extern const Comparer comparer_traffic;
const Comparer comparer_traffic{"traffic", "Captures of both sides: hosts that came or went, with noise told apart", kTables, run};

}  // namespace klik::compare
