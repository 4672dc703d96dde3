#include "compare/traffic_side.h"

#include <algorithm>

namespace klik::compare {
namespace {

// "request.body/gzip/json.data[3]/base64", found as "md5.hex", is "request.body/gzip/json.data[*]/base64 (md5.hex)": the same field at
// another place of a list is the same field, and where base64 happened to begin says nothing.
std::string place_of(std::string path, std::string form) {
  std::string out;
  for (std::size_t i = 0; i < path.size(); ++i) {
    out += path[i];
    if (path[i] != '[') continue;
    const std::size_t end = path.find_first_not_of("0123456789", i + 1);
    if (end == i + 1 || end == path.npos || path[end] != ']') continue;
    out += '*';
    i = end - 1;
  }
  if (const auto phase = form.find(".phase"); phase != form.npos) form.resize(phase);
  return form.empty() || form == "plain" ? out : out + " (" + form + ")";
}

void take_least(std::string& fact, const std::string& other) {
  if (fact.empty() || (!other.empty() && other < fact)) fact = other;
}

}  // namespace

void Visibility::add(const Visibility& other) {
  connections += other.connections;
  dark += other.dark;
  reasons.insert(other.reasons.begin(), other.reasons.end());
  take_least(any_fact, other.any_fact);
  take_least(dark_fact, other.dark_fact);
}

std::string Visibility::why() const {
  std::string out;
  for (const std::string& reason : reasons) out += (out.empty() ? "" : ", ") + reason;
  return out;
}

TrafficSide::TrafficSide(const Side& side, const std::vector<std::int64_t>& captures) {
  for (const auto& r : side.reader.query("SELECT min(fact_id) FROM capture WHERE build_id = ?", {side.build}).rows) capture_fact_ = text_in(r[0]);
  for (const auto& r : side.reader.query("SELECT host, min(owner) FROM host_owner WHERE build_id = ? GROUP BY host", {side.build}).rows) owners_[text_in(r[0])] = text_in(r[1]);
  read_connections(side, captures);
  read_leaks(side);
  read_telemetry(side);
  read_sought(side);
}

void TrafficSide::read_connections(const Side& side, const std::vector<std::int64_t>& captures) {
  for (const auto& r : side.reader.query("SELECT capture_id, connection_id, coalesce(host, iif(outward = 0, src, dst)), owner, dark, coalesce(dark_out, 0), fact_id FROM connection WHERE local = 0 ORDER BY 1, 2").rows) {
    if (!std::ranges::binary_search(captures, number_in(r[0]))) continue;
    std::string host = text_in(r[2]), owner = text_in(r[3]);
    if (owner.empty()) owner = owner_of(host);
    // Where the phone's side was seen into, nothing of it can have gone unseen.
    const bool dark = number_in(r[5]) > 0;
    Visibility one{1, dark, {}, text_in(r[6]), {}};
    if (dark) one.dark_fact = one.any_fact, one.reasons.insert(text_in(r[4]));
    towards_anybody_.add(one);
    const ConnectionId id{number_in(r[0]), number_in(r[1])};
    by_host_[host].insert(id);
    if (!owner.empty()) by_owner_[owner].insert(id);
    connections_[id] = {std::move(host), std::move(owner), std::move(one)};
  }
  // One connection may carry requests to several hosts: each of them was met.
  for (const auto& r : side.reader.query("SELECT DISTINCT capture_id, connection_id, host FROM message WHERE host IS NOT NULL AND out = 1").rows) {
    const ConnectionId id{number_in(r[0]), number_in(r[1])};
    if (!connections_.contains(id)) continue;
    by_host_[text_in(r[2])].insert(id);
    if (const std::string owner = owner_of(text_in(r[2])); !owner.empty()) by_owner_[owner].insert(id);
  }
}

void TrafficSide::add(DataKey key, const ConnectionId& on, const std::string& fact, double amount, bool strong) {
  DataSeen& seen = things_[std::move(key)];
  seen.seen.add(on.first, amount, fact);
  seen.strong = seen.strong || strong;
}

void TrafficSide::read_leaks(const Side& side) {
  // The host that a message names goes before that of its connection, which may be a proxy's.
  std::map<std::pair<std::int64_t, std::int64_t>, std::string> named;
  for (const auto& r : side.reader.query("SELECT connection_id, number, host FROM message WHERE host IS NOT NULL AND connection_id IN (SELECT connection_id FROM leak WHERE out = 1)").rows) named[{number_in(r[0]), number_in(r[1])}] = text_in(r[2]);
  // A message counts once for each kind and place, however many forms and values of it stand there.
  std::set<std::tuple<DataKey, ConnectionId, std::int64_t>> counted;
  for (const auto& r : side.reader.query("SELECT capture_id, connection_id, message, identifier, decode_path, form, strength, fact_id FROM leak WHERE out = 1 ORDER BY 1, 2, 3, 8").rows) {
    const ConnectionId on{number_in(r[0]), number_in(r[1])};
    const auto connection = connections_.find(on);
    if (connection == connections_.end()) continue;   // local, or of another build
    const auto name = named.find({on.second, number_in(r[2])});
    const std::string host = name == named.end() ? connection->second.host : name->second, kind = text_in(r[3]), fact = text_in(r[7]);
    const std::string owner = name == named.end() ? connection->second.owner : owner_of(host);
    const bool strong = text_in(r[6]) != "weak";
    const auto take = [&](DataKey key) {
      const bool first = counted.emplace(key, on, number_in(r[2])).second;
      add(std::move(key), on, fact, first ? 1 : 0, strong);
    };
    take({"leak", kind, "", "host", host, ""});
    take({"leak", kind, "", "place", host, place_of(text_in(r[4]), text_in(r[5]))});
    if (!owner.empty()) take({"leak", kind, "", "owner", owner, ""});
  }
}

void TrafficSide::read_telemetry(const Side& side) {
  std::set<std::tuple<DataKey, ConnectionId, std::int64_t>> counted;
  for (const auto& r : side.reader.query("SELECT capture_id, connection_id, coalesce(message, 0), decoder, coalesce(category, ''), host, service, state, coalesce(out, 1), fact_id FROM telemetry ORDER BY 1, 2, 3, 10").rows) {
    const ConnectionId on{number_in(r[0]), number_in(r[1])};
    if (!connections_.contains(on)) continue;
    const std::string decoder = text_in(r[3]), about = text_in(r[4]), host = text_in(r[5]), state = text_in(r[7]);
    services_.try_emplace(decoder, text_in(r[6]));
    service_hosts_[decoder].insert(host);
    if (number_in(r[8]) == 0 || (state != "decoded" && state != "recognised")) continue;
    for (const std::string level : {"service", "host"}) {
      DataKey key{"telemetry", about, decoder, level, level == "host" ? host : decoder, ""};
      const bool first = counted.emplace(key, on, number_in(r[2])).second;
      add(std::move(key), on, text_in(r[9]), first ? 1 : 0, true);
    }
  }
}

void TrafficSide::read_sought(const Side& side) {
  for (const auto& r : side.reader.query("SELECT identifier, max(sought), min(fact_id) FROM identifier_sought WHERE build_id = ? GROUP BY identifier", {side.build}).rows) sought_[text_in(r[0])] = {number_in(r[1]), text_in(r[2])};
}

std::string TrafficSide::owner_of(const std::string& host) const {
  const auto at = owners_.find(host);
  return at == owners_.end() ? std::string() : at->second;
}

std::string TrafficSide::service_of(const std::string& decoder) const {
  const auto at = services_.find(decoder);
  return at == services_.end() ? std::string() : at->second;
}

std::set<std::string> TrafficSide::hosts_of_service(const std::string& decoder) const {
  const auto at = service_hosts_.find(decoder);
  return at == service_hosts_.end() ? std::set<std::string>() : at->second;
}

Visibility TrafficSide::of(const std::set<ConnectionId>& ids) const {
  Visibility out;
  for (const ConnectionId& id : ids) out.add(connections_.at(id).seen);
  return out;
}

Visibility TrafficSide::towards_hosts(const std::set<std::string>& hosts) const {
  std::set<ConnectionId> ids;
  for (const std::string& host : hosts)
    if (const auto at = by_host_.find(host); at != by_host_.end()) ids.insert(at->second.begin(), at->second.end());
  return of(ids);
}

Visibility TrafficSide::towards_owner(const std::string& owner) const {
  const auto at = by_owner_.find(owner);
  return at == by_owner_.end() ? Visibility() : of(at->second);
}

}  // namespace klik::compare
