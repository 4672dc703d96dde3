// What goes to whom in two sets of captures: identifiers of the owner, and kinds of data that decoders know. Told for owners of hosts
// and for services as well as for hosts, since one owner answers under many names. "Not seen" may mean "could not be seen into", so
// each row says how much of what went to the same hosts stayed dark.
#include <map>
#include <set>
#include <string>
#include <tuple>

#include "compare/traffic_side.h"
#include "data/decoders.h"

namespace klik::compare {
namespace {

constexpr ViewColumn kColumns[] = {
    {"what", "leak: an identifier of the owner; telemetry: a kind of data that a decoder knows."},
    {"about", "Kind of identifier, or kind of data; empty: a message of the service, whatever stands in it."},
    {"name", "The same in words."},
    {"name_nl", "In Dutch."},
    {"decoder", "Of telemetry; null of leaks."},
    {"service", "Whose and which service that is; null of leaks."},
    {"level", "owner: of hosts; service: of a decoder, whatever its hosts; host; place: in messages to that host."},
    {"recipient", "The owner, the decoder or the host."},
    {"owner", "Of the host; null: not known."},
    {"place", "At level place: where in the message, with the decodings that lead there and the form it has."},
    {"verdict", "As of traffic_seen; unasked: only one side was searched for this kind of identifier."},
    {"seen_before", "Captures of the old side that have it."},
    {"captures_before", "Captures of the old side."},
    {"seen_after", "Captures of the new side that have it."},
    {"captures_after", "Captures of the new side."},
    {"enough", "1: three captures or more on each side."},
    {"times_before", "Messages that hold it, in a thousand captures of the old side."},
    {"times_after", "Likewise of the new side."},
    {"chance", "How often, per thousand, shuffled captures differ as much in messages. Null: fewer than three on a side."},
    {"strong", "0: its kind has so few bits, or its value is so short, that all of it may be chance."},
    {"sought_before", "Identifiers of this kind that were looked for in the old side; null: none, or telemetry."},
    {"sought_after", "Likewise in the new side."},
    {"connections_before", "Connections of the old side to the same recipient."},
    {"dark_before", "Of these, with bytes from the phone's side that could not be seen into."},
    {"why_before", "Why not: tls, quic, …; null: they could."},
    {"others_dark_before", "Such connections of the old side to anybody."},
    {"connections_after", "Connections of the new side to the same recipient."},
    {"dark_after", "Of these, with bytes from the phone's side that could not be seen into."},
    {"why_after", "Why not."},
    {"others_dark_after", "Such connections of the new side to anybody."},
    {"old_fact", "A message of the old side that holds it; else a connection to the same recipient, a dark one first; else what shows that it was looked for; else a capture."},
    {"new_fact", "Likewise of the new side."},
};
constexpr ViewColumn kSoughtColumns[] = {
    {"identifier", "Kind."},
    {"sought_before", "How many of it were looked for in the old side; null: none."},
    {"sought_after", "Likewise in the new side."},
    {"old_fact", "That they were; else a capture of the old side."},
    {"new_fact", "Likewise of the new side."},
};
constexpr ComparedTable kTables[] = {
    {"traffic_data", "Data that was seen to go to somebody, in two sets of captures.", kColumns},
    {"traffic_sought", "Kinds of the owner's identifiers that were looked for in either set.", kSoughtColumns},
};

struct Names {
  std::string en, nl;
};

Names names_of(const DataKey& key) {
  if (key.what == "leak") return {"Identifier " + key.about, "Identificatie " + key.about};
  if (key.about.empty()) return {"A message of the service", "Een bericht van de dienst"};
  const data::DataCategory* category = data::find_data_category(key.about);
  return category ? Names{std::string(category->title_en), std::string(category->title_nl)} : Names{key.about, key.about};
}

struct Sides {
  const TrafficSide& before;
  const TrafficSide& after;
  // Many kinds and places have one recipient; hostile captures have more of them than connections could be counted for.
  std::map<std::tuple<bool, std::string, std::string>, Visibility> known{};

  const TrafficSide& of(bool old_side) const { return old_side ? before : after; }

  // Connections to whom a row is about; of a service to all hosts at which either side met it.
  const Visibility& towards(bool old_side, const DataKey& key) {
    const auto [at, added] = known.try_emplace({old_side, key.level == "place" ? "host" : key.level, key.to});
    if (added) at->second = counted(old_side, key);
    return at->second;
  }

  Visibility counted(bool old_side, const DataKey& key) const {
    const TrafficSide& side = of(old_side);
    if (key.level == "owner") return side.towards_owner(key.to);
    if (key.level != "service") return side.towards_hosts({key.to});
    std::set<std::string> hosts = before.hosts_of_service(key.decoder);
    hosts.merge(after.hosts_of_service(key.decoder));
    return side.towards_hosts(hosts);
  }

  Value sought(bool old_side, const std::string& kind) const {
    const auto at = of(old_side).sought().find(kind);
    return at == of(old_side).sought().end() ? Value() : Value(at->second.first);
  }

  std::string sought_fact(bool old_side, const std::string& kind) const {
    const auto at = of(old_side).sought().find(kind);
    return at == of(old_side).sought().end() ? of(old_side).capture_fact() : at->second.second;
  }
};

Value count(std::size_t n) { return static_cast<std::int64_t>(n); }
Value per_thousand(double n) { return static_cast<std::int64_t>(n * 1000); }

std::string first_of(const std::string& a, const std::string& b) { return a.empty() ? b : a; }

void add_data(const CaptureSets& sets, Sides& sides, const DataKey& key, const DataSeen& old_seen, const DataSeen& new_seen, const AddRow& add) {
  const bool leak = key.what == "leak";
  const Value sought_before = leak ? sides.sought(true, key.about) : Value(), sought_after = leak ? sides.sought(false, key.about) : Value();
  const Judgement j = sets.judge(old_seen.seen, new_seen.seen);
  const bool asked = !leak || (sought_before.index() != 0 && sought_after.index() != 0);
  const Visibility &before = sides.towards(true, key), &after = sides.towards(false, key);
  const auto fact = [&](bool old_side, const DataSeen& seen, const Visibility& there) {
    return or_null(first_of(first_of(seen.seen.fact, there.fact()), leak ? sides.sought_fact(old_side, key.about) : sides.of(old_side).capture_fact()));
  };
  const Names names = names_of(key);
  std::string owner, service;
  if (key.level == "host" || key.level == "place") owner = first_of(sides.after.owner_of(key.to), sides.before.owner_of(key.to));
  if (!leak) service = first_of(sides.after.service_of(key.decoder), sides.before.service_of(key.decoder));
  add(0, {key.what, key.about, names.en, names.nl, or_null(key.decoder), or_null(service), key.level, key.to, or_null(owner), or_null(key.place), asked ? j.verdict : "unasked",
          count(old_seen.seen.amounts.size()), count(sets.captures(true).size()), count(new_seen.seen.amounts.size()), count(sets.captures(false).size()), count(sets.enough()),
          per_thousand(j.before), per_thousand(j.after), j.chance, count(old_seen.strong || new_seen.strong), sought_before, sought_after,
          before.connections, before.dark, or_null(before.why()), sides.before.towards_anybody().dark, after.connections, after.dark, or_null(after.why()), sides.after.towards_anybody().dark,
          fact(true, old_seen, before), fact(false, new_seen, after)});
}

void run(const Pair& pair, const AddRow& add) {
  const CaptureSets sets(pair.before, pair.after);
  if (!sets.whole()) return;
  const TrafficSide before(pair.before, sets.captures(true)), after(pair.after, sets.captures(false));
  Sides sides{before, after};
  static const DataSeen kNowhere;
  std::map<DataKey, std::pair<const DataSeen*, const DataSeen*>> all;
  for (const auto& [key, seen] : before.things()) all.try_emplace(key, &kNowhere, &kNowhere).first->second.first = &seen;
  for (const auto& [key, seen] : after.things()) all.try_emplace(key, &kNowhere, &kNowhere).first->second.second = &seen;
  for (const auto& [key, seen] : all) add_data(sets, sides, key, *seen.first, *seen.second, add);

  std::set<std::string> kinds;
  for (const bool old_side : {true, false})
    for (const auto& [kind, number] : sides.of(old_side).sought()) kinds.insert(kind);
  for (const std::string& kind : kinds) add(1, {kind, sides.sought(true, kind), sides.sought(false, kind), or_null(sides.sought_fact(true, kind)), or_null(sides.sought_fact(false, kind))});
}

}  // namespace

extern const Comparer comparer_traffic_data;
const Comparer comparer_traffic_data{"traffic_data", "Captures of both sides: identifiers of the owner and kinds of data that were seen to go to somebody", kTables, run};

}  // namespace klik::compare
