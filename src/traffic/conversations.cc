#include "traffic/conversations.h"

#include <algorithm>
#include <array>
#include <optional>
#include <vector>

#include "traffic/flow_table.h"
#include "traffic/other_ip.h"
#include "traffic/protocol.h"
#include "traffic/search_windows.h"

namespace klik::traffic {
namespace {

constexpr std::int64_t kSecond = 1'000'000'000;
// Idle longer than this, in the capture's own time, and the next packet begins another connection. UDP: what networks forget
// after (RFC 4787 §4.3: two minutes and more); TCP: established connections are kept two hours (RFC 5382 §5).
// Back in time by more than a minute is another recording in the same file.
constexpr std::int64_t kBack = -60 * kSecond;
constexpr std::int64_t kUdpIdle = 180 * kSecond, kTcpIdle = 7440 * kSecond, kClosedIdle = 60 * kSecond;
constexpr std::uint64_t kSeed = 0x6b6c696b7370616e;   // any; results do not depend on it
constexpr unsigned kTries = 4;                         // datagrams that are offered to the protocols
constexpr std::size_t kMostPaths = 64;                 // of one connection
constexpr std::uint64_t kToldConflicts = 16, kToldLimits = 64;
constexpr std::uint8_t kNoNextHeader = 59;             // RFC 8200 §4.7: what follows is to be ignored

// Ports on which a server is likely: used only when nothing in the packets says who called.
bool likely_server(std::uint16_t port) { return port < 1024 || port == 1900 || port == 3478 || port == 5353 || port == 5355 || port == 5222 || port == 5223 || port == 5228 || port == 8080 || port == 8443 || port == 8883 || port == 1883; }

struct Nobody final : StreamReader {
  void read(const Piece&) override {}
  void gap(Way, std::uint64_t) override {}
  void end() override {}
};

struct Flow {
  explicit Flow(const FlowKey& k) : key(k) {}

  FlowKey key;
  std::uint64_t hash = 0;
  Connection connection;
  std::optional<Context> context;
  bool caller_is_low = true;
  bool closed = false, ended = false;   // closed: by both ends; ended: readers are gone
  std::array<TcpStream, 2> tcp;         // by Way
  std::unique_ptr<StreamReader> stream;
  std::unique_ptr<DatagramReader> datagrams;
  unsigned tried = 0;
  std::int64_t last_ns = 0;
  std::uint32_t before = FlowTable::kNone, after = FlowTable::kNone;   // in the order of the last packet
  // A connection that moved has a flow for each further pair of addresses, which only leads to it.
  std::uint32_t follows = FlowTable::kNone;   // of such a one: the slot of the connection
  std::size_t path = 0;                       // and its place among the connection's paths
  std::vector<std::uint32_t> followers;       // of the connection: their slots

  void count() {
    connection.bytes_up = tcp[0].bytes(), connection.missing_up = tcp[0].missing(), connection.late_up = tcp[0].late();
    connection.bytes_down = tcp[1].bytes(), connection.missing_down = tcp[1].missing(), connection.late_down = tcp[1].late();
  }
  Way way(const FlowKey& of_packet) const { return of_packet.swapped != caller_is_low ? Way::up : Way::down; }
};

}  // namespace

struct Conversations::State {
  State(EventSink& e, const Secrets& s, const Limits& l, Reread r) : events(e), secrets(s), limits(l), reread(std::move(r)) {}

  EventSink& events;
  const Secrets& secrets;
  const Limits& limits;
  Reread reread;
  std::uint64_t collected = 0;   // before the flows, which count in it until they go
  QuicIds ids;                   // the same
  FlowTable table;
  std::vector<std::unique_ptr<Flow>> slots;
  std::vector<std::uint32_t> free;
  std::uint32_t oldest = FlowTable::kNone, newest = FlowTable::kNone, open = 0;
  std::uint64_t count = 0, conflicts = 0, limited = 0;
  Waiting waiting;
  Nobody nobody;

  void unlink(Flow& f) {
    (f.before == FlowTable::kNone ? oldest : slots[f.before]->after) = f.after;
    (f.after == FlowTable::kNone ? newest : slots[f.after]->before) = f.before;
  }
  void link_last(std::uint32_t slot) {
    Flow& f = *slots[slot];
    f.before = newest, f.after = FlowTable::kNone;
    (newest == FlowTable::kNone ? oldest : slots[newest]->after) = slot;
    newest = slot;
  }

  std::uint32_t take_slot(const FlowKey& key, std::uint64_t hash);
  void free_slot(std::uint32_t slot);
  std::uint32_t begin(const Packet& p, const FlowKey& key, std::uint64_t hash);
  std::optional<std::uint32_t> moved_from(const Packet& p, Claim& claim) const;
  std::uint32_t follow(std::uint32_t from, const Claim& claim, const Packet& p, const FlowKey& key, std::uint64_t hash);
  void used(std::uint32_t slot, std::int64_t time_ns);
  void drop(std::uint32_t slot);
  void finish(Flow& f);
  void tcp(Flow& f, const Packet& p, Way way);
  void relieve(const Packet& p);
  void tell_given_up(const Flow& f, const TcpStream& stream, std::uint64_t before, const Packet& p);
  void udp(Flow& f, const Packet& p, Way way);
  void expire(std::int64_t now);
};

namespace {

// Who opened the connection, and how that is known.
std::string_view caller_of(const Packet& p, bool& sender_called) {
  if (p.protocol == 6 && (p.flags & tcp_flag::syn)) {
    sender_called = !(p.flags & tcp_flag::ack);
    return sender_called ? "syn" : "syn-ack";
  }
  if (p.protocol != 6 && p.protocol != 17) [[unlikely]] return caller_without_ports(p, sender_called);
  if (likely_server(p.to.port) != likely_server(p.from.port)) {
    sender_called = likely_server(p.to.port);
    return "port";
  }
  if (p.sent != Sent::unknown) {
    sender_called = p.sent == Sent::by_phone;
    return "capture";
  }
  sender_called = true;
  return "first";
}

}  // namespace

std::uint32_t Conversations::State::take_slot(const FlowKey& key, std::uint64_t hash) {
  std::uint32_t slot = static_cast<std::uint32_t>(slots.size());
  if (free.empty()) slots.emplace_back();
  else slot = free.back(), free.pop_back();
  slots[slot] = std::make_unique<Flow>(key);
  slots[slot]->hash = hash;
  table.insert(hash, slot);
  link_last(slot);
  ++open;
  return slot;
}

void Conversations::State::free_slot(std::uint32_t slot) {
  table.erase(slots[slot]->hash, slot);
  unlink(*slots[slot]);
  slots[slot].reset();
  free.push_back(slot);
  --open;
}

std::uint32_t Conversations::State::begin(const Packet& p, const FlowKey& key, std::uint64_t hash) {
  if (open >= limits.open_connections) drop(oldest);
  const std::uint32_t slot = take_slot(key, hash);
  Flow& f = *slots[slot];
  Connection& c = f.connection;
  bool sender_called = true;
  c.caller_by = caller_of(p, sender_called);
  f.caller_is_low = sender_called != key.swapped;
  c.caller = sender_called ? p.from : p.to;
  c.called = sender_called ? p.to : p.from;
  c.number = ++count;
  c.transport = p.protocol == 6 ? Transport::tcp : p.protocol == 17 ? Transport::udp : Transport::other;
  c.ip_protocol = p.protocol;
  c.started_ns = c.ended_ns = f.last_ns = p.time_ns;
  c.first = p.frame;
  f.context.emplace(Context{c, events, secrets, limits, &collected, &ids, slot});
  return slot;
}

// The connection that a packet between new addresses goes on with (RFC 9000 §9). Without keys only the client may have moved, and no two
// connections may share the id.
std::optional<std::uint32_t> Conversations::State::moved_from(const Packet& p, Claim& claim) const {
  std::optional<std::uint32_t> found;
  for (const std::uint32_t owner : ids.owners(p.payload)) {
    const Flow& f = *slots[owner];
    const Claim here = f.datagrams && p.time_ns - f.last_ns >= kBack ? f.datagrams->claim(p.payload) : Claim();
    if (here.by == Claim::By::keys) return claim = here, owner;
    if (here.by == Claim::By::nothing) continue;
    const Endpoint& server = here.client_way == Way::up ? f.connection.called : f.connection.caller;
    if ((here.way == here.client_way ? p.to : p.from) != server) continue;
    if (found) return {};
    claim = here, found = owner;
  }
  return found;
}

// Returns the new flow, or kNone when the connection moved too often.
std::uint32_t Conversations::State::follow(std::uint32_t from, const Claim& claim, const Packet& p, const FlowKey& key, std::uint64_t hash) {
  used(from, p.time_ns);
  const bool up = claim.way == Way::up;
  Path path{.caller = up ? p.from : p.to, .called = up ? p.to : p.from, .known_by = claim.by == Claim::By::keys ? "keys" : "id", .started_ns = p.time_ns, .first = p.frame};
  auto& paths = slots[from]->connection.paths;
  // It may have been there before, so long ago that this was forgotten.
  const auto known = std::ranges::find_if(paths, [&](const Path& other) { return other.caller == path.caller && other.called == path.called; });
  const auto place = static_cast<std::size_t>(known - paths.begin());
  if (place == kMostPaths || (open >= limits.open_connections && oldest == from)) return FlowTable::kNone;
  if (open >= limits.open_connections) drop(oldest);
  if (place == paths.size()) paths.push_back(std::move(path));
  const std::uint32_t slot = take_slot(key, hash);
  Flow& f = *slots[slot];
  f.follows = from;
  f.path = place;
  f.connection.transport = Transport::udp;   // for how long it may be idle
  f.caller_is_low = up != key.swapped;
  slots[from]->followers.push_back(slot);
  return slot;
}

void Conversations::State::used(std::uint32_t slot, std::int64_t time_ns) {
  slots[slot]->last_ns = time_ns;
  if (newest == slot) return;
  unlink(*slots[slot]);
  link_last(slot);
}

void Conversations::State::finish(Flow& f) {
  if (f.ended) return;
  f.ended = true;
  if (f.connection.transport == Transport::tcp) {
    for (const Way way : {Way::up, Way::down}) {
      TcpStream& tcp = f.tcp[std::to_underlying(way)];
      tcp.finish(way, f.stream ? *f.stream : nobody, waiting);
      if (tcp.finished()) f.connection.closed[std::to_underlying(way)] = true;
    }
    if (f.stream) f.stream->end();
  }
  if (f.datagrams) f.datagrams->end();
  if (f.connection.transport == Transport::tcp) f.count();
  f.stream.reset();
  f.datagrams.reset();
}

void Conversations::State::drop(std::uint32_t slot) {
  Flow& f = *slots[slot];
  if (f.follows != FlowTable::kNone) {
    std::erase(slots[f.follows]->followers, slot);
    return free_slot(slot);
  }
  for (const std::uint32_t follower : f.followers) free_slot(follower);
  finish(f);
  events.connection(f.connection);
  free_slot(slot);
}

void Conversations::State::expire(std::int64_t now) {
  while (oldest != FlowTable::kNone) {
    const Flow& f = *slots[oldest];
    const std::int64_t limit = f.closed ? kClosedIdle : f.connection.transport == Transport::tcp ? kTcpIdle : kUdpIdle;
    if (now - f.last_ns <= limit) return;
    drop(oldest);
  }
}

void Conversations::State::tcp(Flow& f, const Packet& p, Way way) {
  TcpStream& mine = f.tcp[std::to_underlying(way)];
  TcpStream& theirs = f.tcp[std::to_underlying(other(way))];
  if (f.ended) return;
  if ((p.flags & (tcp_flag::ack | tcp_flag::rst)) == tcp_flag::ack) theirs.hear(p.acknowledged);
  if (p.flags & tcp_flag::syn) f.connection.starts[std::to_underlying(way)] = true;
  if (!f.stream) {
    if (p.payload.empty() && p.cut == 0) {
      // Nothing to read yet; the sequence numbers still begin here.
      mine.take(p, way, nobody, limits, waiting);
      if ((p.flags & tcp_flag::rst) || (f.tcp[0].finished() && f.tcp[1].finished())) f.closed = true;
      return;
    }
    f.stream = recognising_reader(*f.context, "", "");
  }
  if (mine.overlaps(p) && conflicts < kToldConflicts) {
    if (const auto other = mine.contradicts(p, reread)) {
      ++conflicts;
      const auto error = other->read ? fail(Code::conflict, p.payload_at, "a repeated TCP segment has other bytes than its first copy, which is the one that was read")
                                     : fail(Code::conflict, p.payload_at, "TCP segments overlap with different bytes, and which of them their receiver read is not known");
      events.problem(error.error(), EventSink::Severity::error, "first copy at " + std::to_string(other->first.at) + ", " + connection_text(f.connection));
    }
  }
  const std::uint64_t before = mine.given_up();
  // What comes too late for the reader is searched alone.
  mine.take(p, way, *f.stream, limits, waiting, [&f](const Piece& late) {
    f.connection.hides(Dark::damaged, late.way, late.bytes.size());
    show_unread(*f.context, late);
  });
  tell_given_up(f, mine, before, p);
  if (waiting.bytes > limits.waiting_total) [[unlikely]] relieve(p);
  if (p.flags & tcp_flag::ack) theirs.acknowledged(p.acknowledged, other(way), *f.stream, waiting);
  f.count();
  if ((p.flags & tcp_flag::rst) || (f.tcp[0].finished() && f.tcp[1].finished())) {
    f.closed = true;
    if (f.tcp[0].finished() && f.tcp[1].finished()) finish(f);
  }
}

// All ways together hold too much: those that hold most give up, so that one bad connection does not take the patience of all others. An
// eighth is freed at a time, since all ways are looked at for it.
void Conversations::State::relieve(const Packet& p) {
  struct Holder {
    Flow* flow;
    Way way;
    std::uint64_t held;
  };
  std::vector<Holder> holders;
  for (const auto& f : slots)
    if (f)
      for (const Way way : {Way::up, Way::down})
        if (const std::uint64_t held = f->tcp[std::to_underlying(way)].held()) holders.push_back({f.get(), way, held});
  std::ranges::sort(holders, [](const Holder& a, const Holder& b) { return std::pair(b.held, a.flow->connection.number) < std::pair(a.held, b.flow->connection.number); });
  for (const Holder& h : holders) {
    if (waiting.bytes <= limits.waiting_total - limits.waiting_total / 8) return;
    TcpStream& stream = h.flow->tcp[std::to_underlying(h.way)];
    const std::uint64_t before = stream.given_up();
    while (stream.held() > 0) stream.give_up(h.way, h.flow->stream ? *h.flow->stream : nobody, waiting);
    tell_given_up(*h.flow, stream, before, p);
  }
}

void Conversations::State::tell_given_up(const Flow& f, const TcpStream& stream, std::uint64_t before, const Packet& p) {
  if (before != 0 || stream.given_up() == 0 || ++limited > kToldLimits) return;
  events.problem(fail(Code::over_budget, p.frame.at, "so much waits behind a missing TCP segment that the missing one is not waited for any longer").error(), EventSink::Severity::data_loss, connection_text(f.connection));
}

void Conversations::State::udp(Flow& f, const Packet& p, Way way) {
  if (p.payload.empty()) return;
  Connection& c = f.connection;
  (way == Way::up ? c.bytes_up : c.bytes_down) += p.payload.size();
  (way == Way::up ? c.missing_up : c.missing_down) += p.cut;
  const Piece piece{way, p.payload, {p.payload_at, p.payload.size()}, p.time_ns};
  if (!f.datagrams && c.transport == Transport::other) [[unlikely]] f.datagrams = other_ip_reader(*f.context);
  if (f.datagrams) return f.datagrams->read(piece);
  if (f.tried < kTries) {
    for (const DatagramProtocol* protocol : datagram_protocols()) {
      if (!protocol->recognise(p.payload, c.called.port)) continue;
      c.protocol.clear();
      c.speaks(protocol->name);
      f.datagrams = protocol->open(*f.context);
      return f.datagrams->read(piece);
    }
    if (f.tried++ == 0) {
      c.speaks("unknown");
      events.unknown(c, unknown_start(piece));
    }
  }
  c.hides(Dark::unknown_protocol, way, p.payload.size());
  show_unread(*f.context, piece);
}

namespace {

// A short header of QUIC, as far as one byte tells.
bool may_go_on(const Packet& p) { return p.protocol == 17 && !p.payload.empty() && !quic::is_long_header(p.payload[0]) && quic::has_fixed_bit(p.payload[0]); }

}  // namespace

Conversations::Conversations(EventSink& events, const Secrets& secrets, const Limits& limits, Reread reread) : state_(new State(events, secrets, limits, std::move(reread))) {}
Conversations::~Conversations() = default;

void Conversations::packet(const Packet& p) {
  State& s = *state_;
  if (p.protocol == kNoNextHeader) [[unlikely]] return;
  const FlowKey key(p);
  const std::uint64_t hash = key.hash(kSeed);
  std::uint32_t slot = s.table.find(hash, [&](std::uint32_t i) { return s.slots[i]->key == key; });
  if (slot != FlowTable::kNone) {
    const Flow& f = *s.slots[slot];
    const std::int64_t idle = p.time_ns - f.last_ns;
    const bool fresh_syn = p.protocol == 6 && (p.flags & (tcp_flag::syn | tcp_flag::ack)) == tcp_flag::syn;
    const TcpStream& mine = f.tcp[std::to_underlying(f.way(key))];
    // A new first packet with another number is another connection on the same ports.
    const bool again = fresh_syn && (f.closed || (mine.begun() && mine.start() != p.sequence + 1));
    if (again || idle < kBack || idle > (p.protocol == 6 ? kTcpIdle : kUdpIdle)) s.drop(slot), slot = FlowTable::kNone;
  }
  // A datagram that begins nothing may go on with a connection that moved; so may one behind others that said nothing.
  if (may_go_on(p) && !s.ids.empty() && (slot == FlowTable::kNone || (!s.slots[slot]->datagrams && s.slots[slot]->follows == FlowTable::kNone && s.slots[slot]->tried < kTries))) {
    s.expire(p.time_ns);
    Claim claim;
    if (const auto from = s.moved_from(p, claim)) {
      if (slot != FlowTable::kNone) s.drop(slot);
      slot = s.follow(*from, claim, p, key, hash);
    }
  }
  if (slot == FlowTable::kNone) {
    s.expire(p.time_ns);
    slot = s.begin(p, key, hash);
  }
  s.used(slot, p.time_ns);
  const Flow& at = *s.slots[slot];
  const bool moved = at.follows != FlowTable::kNone;
  if (moved) s.used(at.follows, p.time_ns);
  Flow& f = moved ? *s.slots[at.follows] : *s.slots[slot];
  Connection& c = f.connection;
  c.ended_ns = std::max(c.ended_ns, p.time_ns);
  c.started_ns = std::min(c.started_ns, p.time_ns);
  if (c.app.empty() && !p.app.empty()) c.app = p.app;
  const Way way = at.way(key);
  ++(way == Way::up ? c.packets_up : c.packets_down);
  if (moved) ++(way == Way::up ? c.paths[at.path].packets_up : c.paths[at.path].packets_down);
  if (p.protocol == 6) s.tcp(f, p, way);
  else s.udp(f, p, way);
}

void Conversations::end() {
  State& s = *state_;
  std::vector<std::uint32_t> left;
  for (std::uint32_t i = 0; i < s.slots.size(); ++i)
    if (s.slots[i] && s.slots[i]->follows == FlowTable::kNone) left.push_back(i);
  std::ranges::sort(left, {}, [&](std::uint32_t i) { return s.slots[i]->connection.number; });
  for (const std::uint32_t i : left) s.drop(i);
}

}  // namespace klik::traffic
