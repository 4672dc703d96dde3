// How much of two sets of captures could not be seen into: who reads that something is gone must know whether more is hidden now.
#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <string>

#include "compare/capture_sets.h"

namespace klik::compare {
namespace {

// A share that moves by less is no change: captures of one phone differ by as much from day to day.
constexpr std::int64_t kClearly = 100;   // per thousand

constexpr ViewColumn kColumns[] = {
    {"reason", "tls, quic, …: as connection.dark; all: any of them."},
    {"verdict", "more or less: the share differs by a tenth or more of all, and with three captures or more on each side either all of one side lie above all of the other or chance seldom does as much; same."},
    {"connections_before", "Connections of the old side to others outside the local network."},
    {"dark_before", "Of these, with bytes from the phone's side that could not be seen into for this reason."},
    {"bytes_before", "Payload from the phone's side, of the old side."},
    {"dark_bytes_before", "Of that, not seen into for this reason."},
    {"connections_after", "Likewise of the new side."},
    {"dark_after", "Likewise."},
    {"bytes_after", "Likewise."},
    {"dark_bytes_after", "Likewise."},
    {"chance", "How often, per thousand, shuffled captures differ as much in the share of bytes or of connections that moved more. Null: fewer than three captures on a side."},
    {"old_fact", "A dark connection of the old side; else a capture."},
    {"new_fact", "Likewise of the new side."},
};
constexpr ComparedTable kTables[] = {
    {"traffic_dark", "What of two sets of captures could not be seen into.", kColumns},
};

struct Amount {
  std::int64_t connections = 0, bytes = 0;
};

struct OneSide {
  std::map<std::int64_t, Amount> captures;                              // all that went out
  std::map<std::string, std::map<std::int64_t, Amount>> dark;           // by reason
  std::map<std::string, std::string> facts;                             // by reason
  std::string capture_fact;
};

OneSide side_of(const Side& side, const CaptureSets& sets, bool before) {
  OneSide out;
  for (const auto& r : side.reader.query("SELECT min(fact_id) FROM capture WHERE build_id = ?", {side.build}).rows) out.capture_fact = text_in(r[0]);
  for (const std::int64_t capture : sets.captures(before)) out.captures[capture];
  for (const auto& r : side.reader.query("SELECT capture_id, iif(dark_out > 0, coalesce(dark, ''), ''), count(*), sum(bytes_out), sum(iif(dark_out > 0, dark_out, 0)), min(fact_id) FROM connection WHERE local = 0 GROUP BY 1, 2 ORDER BY 1, 2").rows) {
    const std::int64_t capture = number_in(r[0]);
    if (!sets.holds(before, capture)) continue;
    Amount& all = out.captures[capture];
    all.connections += number_in(r[2]);
    all.bytes += number_in(r[3]);
    const std::string reason = text_in(r[1]), fact = text_in(r[5]);
    if (reason.empty()) continue;
    for (const std::string& of : {reason, std::string("all")}) {
      Amount& dark = out.dark[of][capture];
      dark.connections += number_in(r[2]);
      dark.bytes += number_in(r[4]);
      std::string& least = out.facts[of];
      if (least.empty() || fact < least) least = fact;
    }
  }
  return out;
}

Amount sum(const std::map<std::int64_t, Amount>& of) {
  Amount out;
  for (const auto& [capture, amount] : of) out.connections += amount.connections, out.bytes += amount.bytes;
  return out;
}

std::int64_t share(std::int64_t part, std::int64_t all) { return all > 0 ? static_cast<std::int64_t>(1000.0 * static_cast<double>(part) / static_cast<double>(all)) : 0; }

struct Dark {
  Amount all, dark;
  std::vector<double> shares_of_connections, shares_of_bytes;   // per capture
  std::string fact;
};

Dark dark_of(const OneSide& side, const std::string& reason) {
  static const std::map<std::int64_t, Amount> kNone;
  const auto at = side.dark.find(reason);
  const auto& dark = at == side.dark.end() ? kNone : at->second;
  Dark out{sum(side.captures), sum(dark), {}, {}, at == side.dark.end() ? side.capture_fact : side.facts.at(reason)};
  for (const auto& [capture, all] : side.captures) {
    const auto here = dark.find(capture);
    const Amount some = here == dark.end() ? Amount() : here->second;
    out.shares_of_connections.push_back(static_cast<double>(share(some.connections, all.connections)));
    out.shares_of_bytes.push_back(static_cast<double>(share(some.bytes, all.bytes)));
  }
  return out;
}

// All captures of one side lie above all of the other, as of a host that is new. Shuffling three captures a side cannot show less than
// one chance in ten.
bool apart(const std::vector<double>& a, const std::vector<double>& b) { return std::ranges::max(a) < std::ranges::min(b) || std::ranges::max(b) < std::ranges::min(a); }

void run(const Pair& pair, const AddRow& add) {
  const CaptureSets sets(pair.before, pair.after);
  if (!sets.whole()) return;
  const OneSide before = side_of(pair.before, sets, true), after = side_of(pair.after, sets, false);
  std::set<std::string> reasons{"all"};
  for (const OneSide* side : {&before, &after})
    for (const auto& [reason, amounts] : side->dark) reasons.insert(reason);
  for (const std::string& reason : reasons) {
    const Dark b = dark_of(before, reason), a = dark_of(after, reason);
    // Where a side sent nothing there is no share.
    if (b.all.connections == 0 || a.all.connections == 0) continue;
    const std::int64_t connections = share(a.dark.connections, a.all.connections) - share(b.dark.connections, b.all.connections);
    const std::int64_t bytes = share(a.dark.bytes, a.all.bytes) - share(b.dark.bytes, b.all.bytes);
    const bool by_bytes = std::abs(bytes) >= std::abs(connections);
    const std::int64_t moved = by_bytes ? bytes : connections;
    const auto &old_shares = by_bytes ? b.shares_of_bytes : b.shares_of_connections, &new_shares = by_bytes ? a.shares_of_bytes : a.shares_of_connections;
    const Value chance = sets.chance_of(old_shares, new_shares);
    const bool clearly = std::abs(moved) >= kClearly && (!sets.enough() || apart(old_shares, new_shares) || number_in(chance) <= kMostChance);
    add(0, {reason, std::string(!clearly ? "same" : moved > 0 ? "more" : "less"), b.all.connections, b.dark.connections, b.all.bytes, b.dark.bytes, a.all.connections, a.dark.connections, a.all.bytes, a.dark.bytes, chance, or_null(b.fact), or_null(a.fact)});
  }
}

}  // namespace

extern const Comparer comparer_traffic_dark;
const Comparer comparer_traffic_dark{"traffic_dark", "Captures of both sides: how much could not be seen into, by reason", kTables, run};

}  // namespace klik::compare
