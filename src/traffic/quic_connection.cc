#include "traffic/quic_connection.h"

#include <algorithm>
#include <utility>

#include "traffic/key_derivation.h"

namespace klik::traffic {
namespace {

// Packets that wait for their keys, of one connection.
constexpr std::size_t kMostHeld = 64;
constexpr std::uint64_t kMostHeldBytes = std::uint64_t{96} << 10;
constexpr std::size_t kMostIds = 64;
constexpr std::uint8_t kShortestTelling = 4;    // of an id that tells a connection without keys
constexpr std::uint64_t kSmallestShort = 21;    // of a packet without its id: first byte, and four bytes before the sample of RFC 9001 §5.4.2
constexpr unsigned kMostProblems = 4;
// Packets in a row that fail before trying costs more than it gives. Real ones fail when they are of another connection.
constexpr std::uint32_t kMostFailures = 4096;

bool is_padding(Bytes bytes) {
  return std::ranges::all_of(bytes.span(), [](std::uint8_t b) { return b == 0; });
}

}  // namespace

QuicConnection::State::State(const Limits& limits) {
  for (auto& levels : crypto)
    for (int i = 0; i < 2; ++i) levels.emplace_back(limits.handshake_bytes);
}

QuicConnection::QuicConnection(Context& context) : context_(context), state_(context.limits) {}
QuicConnection::~QuicConnection() = default;

QuicConnection::Id QuicConnection::id_of(Bytes bytes) {
  Id id;
  id.size = static_cast<std::uint8_t>(std::min<std::uint64_t>(bytes.size(), quic::kLongestId));
  copy_bytes(id.bytes, 0, *bytes.slice(0, id.size));
  return id;
}

NumberSpace& QuicConnection::space(State& state, Level level, QuicSide side) {
  constexpr std::size_t kSpace[] = {0, 2, 1, 2};
  return state.numbers[kSpace[std::to_underlying(level)]][std::to_underlying(side)];
}

void QuicConnection::problem(Code code, const char* what, Origin origin, EventSink::Severity severity) {
  if (problems_++ < kMostProblems) context_.events.problem(fail(code, origin.at, what).error(), severity, connection_text(context_.connection));
}

void QuicConnection::hide(const Packet& packet) { context_.connection.hides(Dark::quic, packet.way, packet.bytes.size()); }

bool QuicConnection::is_known_id(Way way, Bytes bytes) const {
  const auto& ids = state_.ids[std::to_underlying(way)];
  return std::ranges::find(ids, id_of(bytes)) != ids.end();
}

void QuicConnection::learn_id(Way way, Bytes bytes) {
  if (is_known_id(way, bytes)) return;
  auto& ids = state_.ids[std::to_underlying(way)];
  if (ids.size() >= kMostIds) {
    if (context_.ids) context_.ids->remove(ids.front().view(), context_.slot);
    ids.erase(ids.begin());
  }
  ids.push_back(id_of(bytes));
  if (context_.ids) context_.ids->add(ids.back().view(), context_.slot);
}

void QuicConnection::forget_ids() {
  for (auto& ids : state_.ids) {
    if (context_.ids)
      for (const Id& id : ids) context_.ids->remove(id.view(), context_.slot);
    ids.clear();
  }
}

// Packets with a short header only: a client must not move before the handshake is done. Ids of no bytes are everybody's.
Claim QuicConnection::claim(Bytes datagram) {
  if (quic::is_long_header(datagram[0])) return {};
  Claim found{.by = Claim::By::nothing, .way = Way::up, .client_way = state_.client_way};
  for (const Way way : {Way::up, Way::down}) {
    for (const Id& id : state_.ids[std::to_underlying(way)]) {
      const auto there = datagram.slice(1, id.size);
      if (id.size == 0 || !there || datagram.size() < kSmallestShort + id.size || !std::ranges::equal(there->span(), id.view().span())) continue;
      // Where the keys are at hand they must fit: short ids repeat by chance, and anybody can copy one.
      if (can_open(way)) {
        if (open_protected({.way = way, .level = Level::application, .bytes = datagram, .destination = {}, .source = {}, .origin = {}}, 1 + id.size)) return found.by = Claim::By::keys, found.way = way, found;
      } else if (id.size >= kShortestTelling) {
        found.by = Claim::By::id, found.way = way;
      }
    }
  }
  return found;
}

bool QuicConnection::can_open(Way way) const {
  if (!state_.readable || state_.failures > kMostFailures) return false;
  const QuicSide from = side(way);
  return state_.keys[std::to_underlying(Level::application)][std::to_underlying(from)] || !context_.secrets.find(state_.random, from == QuicSide::client ? SecretLabel::client_traffic : SecretLabel::server_traffic).empty();
}

QuicStreams& QuicConnection::streams() {
  if (!state_.streams) {
    state_.streams = std::make_unique<QuicStreams>(context_);
    state_.streams->set_protocol(state_.alpn);
  }
  return *state_.streams;
}

// ---- datagrams and packets

void QuicConnection::read(const Piece& datagram) {
  Bytes rest = datagram.bytes;
  std::uint64_t at = 0;
  while (!rest.empty()) {
    Packet p{.way = datagram.way, .level = Level::application, .bytes = rest, .origin = {datagram.origin.at + at, rest.size()}, .time_ns = datagram.time_ns};
    if (!quic::is_long_header(rest[0])) {
      if (at > 0 && is_padding(rest)) return;
      return packet(p);
    }
    const auto header = quic::parse_long_header(rest);
    if (!header) return hide(p);
    p.version = header->version;
    p.number_at = header->number_at;
    p.destination = header->destination;
    p.source = header->source;
    const auto whole = rest.slice(0, header->size);
    const auto behind = rest.from(header->size);
    if (!whole || !behind) return hide(p);
    p.bytes = *whole;
    p.origin.length = whole->size();
    rest = *behind;
    at += header->size;
    switch (header->type) {
      case quic::PacketType::retry:
      case quic::PacketType::version_negotiation:
        if (!state_.server_seen) state_.starts_again = true;
        continue;
      case quic::PacketType::other: hide(p); continue;
      case quic::PacketType::initial: p.level = Level::initial; break;
      case quic::PacketType::zero_rtt: p.level = Level::early; break;
      case quic::PacketType::handshake: p.level = Level::handshake; break;
    }
    learn_id(other(p.way), p.source);
    if (p.level == Level::handshake) learn_id(p.way, p.destination);
    packet(p);
  }
}

void QuicConnection::packet(const Packet& p) {
  const auto try_one = [this](const Packet& one) {
    const bool opened = one.level == Level::initial ? read_initial(one) : read_protected(one);
    if (!opened && !hold(one)) hide(one);
  };
  try_one(p);
  // What waited is tried again, in its order. Each round needs a packet that has opened, so that they end.
  while (std::exchange(keys_came_, false) && !state_.held.empty()) {
    auto held = std::exchange(state_.held, {});
    state_.held_bytes = 0;
    for (Held& h : held) {
      h.packet.bytes = Bytes(h.bytes);
      try_one(h.packet);
    }
  }
  if (!state_.settled && state_.client_seen && state_.server_seen && !state_.readable) settle();
}

// Keeps only what tells another connection on the same ports from this one.
void QuicConnection::settle() {
  state_.settled = true;
  state_.keys = {};
  state_.crypto = {};
}

// True when the packet is kept for later.
bool QuicConnection::hold(const Packet& p) {
  // The server's first packets may stand before the client's in a capture; the others wait for a hello and for secrets.
  const bool may_open_later = p.level == Level::initial ? state_.version == nullptr : !state_.client_seen || (state_.readable && !state_.server_seen);
  if (!may_open_later || (p.level != Level::initial && context_.secrets.empty())) return false;
  if (state_.held.size() >= kMostHeld || p.bytes.size() > kMostHeldBytes - state_.held_bytes) return false;
  Held held{p, {p.bytes.begin(), p.bytes.end()}};
  held.packet.bytes = held.packet.destination = held.packet.source = {};
  state_.held_bytes += held.bytes.size();
  state_.held.push_back(std::move(held));
  return true;
}

// ---- Initial packets

bool QuicConnection::open_initial(QuicProtection& keys, const Packet& p, QuicSide side) {
  return keys.open(p.bytes, p.number_at, space(state_, Level::initial, side), plain_);
}

bool QuicConnection::read_initial(const Packet& p) {
  const quic::Version* version = quic::find_version(p.version);
  bool opened = false;
  if (state_.settled) {
    // Repeats of hellos that were read, and their acknowledgements.
    if (is_known_id(p.way, p.destination) || id_of(p.destination) == state_.first_destination) return true;
  } else if (state_.version != nullptr) {
    const QuicSide from = side(p.way);
    auto& keys = state_.keys[0];
    if (version == state_.version) {
      opened = open_initial(*keys[std::to_underlying(from)], p, from);
    } else if (from == QuicSide::server || !state_.starts_again) {
      // A server may answer in another version that the client offered; the id that keys are made of stays.
      std::array<std::optional<QuicProtection>, 2> others;
      for (const QuicSide s : {QuicSide::client, QuicSide::server}) others[std::to_underlying(s)] = initial_protection(*version, state_.first_destination.view(), s);
      auto& mine = others[std::to_underlying(from)];
      opened = mine && others[0] && others[1] && open_initial(*mine, p, from);
      if (opened) {
        for (std::size_t s = 0; s < 2; ++s) keys[s] = std::make_unique<QuicProtection>(*std::move(others[s]));
        state_.version = state_.traffic_version = version;
      }
    }
  }
  if (!opened && !begin(p)) return false;
  frames(p, version->google_frames);
  return true;
}

// A client's first packet makes the keys of all Initial packets; so does its first one after a Retry.
bool QuicConnection::begin(const Packet& p) {
  const quic::Version* version = quic::find_version(p.version);
  auto client = initial_protection(*version, p.destination, QuicSide::client);
  NumberSpace fresh;
  if (!client || !client->open(p.bytes, p.number_at, fresh, plain_)) return false;
  auto server = initial_protection(*version, p.destination, QuicSide::server);
  if (!server) return false;

  if (state_.version != nullptr && (state_.settled || !state_.starts_again)) {
    finish();
    forget_ids();
    state_ = State(context_.limits);
    learn_id(other(p.way), p.source);
  }
  // A hello that is repeated after a Retry has the same random, and is told once.
  for (auto& levels : state_.crypto) levels[0] = QuicCrypto(context_.limits.handshake_bytes);
  state_.numbers[0] = {fresh, {}};
  state_.starts_again = false;
  state_.client_way = p.way;
  state_.version = state_.traffic_version = version;
  state_.first_destination = id_of(p.destination);
  state_.keys[0][0] = std::make_unique<QuicProtection>(*std::move(client));
  state_.keys[0][1] = std::make_unique<QuicProtection>(*std::move(server));
  keys_came_ = true;
  return true;
}

// ---- packets that need secrets

std::uint64_t QuicConnection::short_number_at(const Packet& p) const {
  std::uint64_t length = 0;
  bool found = false;
  const auto& ids = state_.ids[std::to_underlying(p.way)];
  for (const Id& id : ids) {
    const auto there = p.bytes.slice(1, id.size);
    if (!there || (found && id.size < length) || !std::ranges::equal(there->span(), id.view().span())) continue;
    length = id.size;
    found = true;
  }
  // An id that was not seen being issued is as long as the others, as a rule.
  if (!found && !ids.empty()) length = ids.back().size;
  return 1 + length;
}

bool QuicConnection::read_protected(const Packet& p) {
  if (!state_.readable || state_.failures > kMostFailures) return false;
  const std::uint64_t number_at = p.number_at != 0 ? p.number_at : short_number_at(p);
  if (!open_protected(p, number_at)) {
    state_.failures += state_.server_seen;
    return false;
  }
  state_.failures = 0;
  frames(p, false);
  return true;
}

bool QuicConnection::open_protected(const Packet& p, std::uint64_t number_at) {
  const QuicSide from = side(p.way);
  NumberSpace& numbers = space(state_, p.level, from);
  auto& keys = state_.keys[std::to_underlying(p.level)][std::to_underlying(from)];
  if (keys) return keys->open(p.bytes, number_at, numbers, plain_);

  SecretLabel label = SecretLabel::client_early_traffic;
  if (p.level == Level::handshake) label = from == QuicSide::client ? SecretLabel::client_handshake_traffic : SecretLabel::server_handshake_traffic;
  if (p.level == Level::application) label = from == QuicSide::client ? SecretLabel::client_traffic : SecretLabel::server_traffic;
  if (p.level == Level::early && from != QuicSide::client) return false;
  const Bytes secret = context_.secrets.find(state_.random, label);
  const quic::Version* version = p.version != 0 ? quic::find_version(p.version) : state_.traffic_version;
  if (secret.empty() || version == nullptr) return false;
  // 0-RTT goes by the suite of an earlier connection, and a ServerHello may be missing: then the tag tells.
  constexpr AeadKind kAll[] = {AeadKind::aes_128_gcm, AeadKind::chacha20_poly1305, AeadKind::aes_256_gcm};
  const bool guess = p.level == Level::early || state_.kinds.empty();
  for (const AeadKind kind : guess ? std::span<const AeadKind>(kAll) : std::span<const AeadKind>(state_.kinds)) {
    if (digest_size(hash_of(kind)) != secret.size()) continue;
    auto trial = QuicProtection::make(secret, kind, version->v2);
    if (!trial || !trial->open(p.bytes, number_at, numbers, plain_)) continue;
    keys = std::make_unique<QuicProtection>(*std::move(trial));
    if (p.level == Level::handshake) state_.traffic_version = version;
    return true;
  }
  return false;
}

void QuicConnection::frames(const Packet& p, bool google_frames) {
  // Nothing that a frame leads to opens another packet, so the bytes stay.
  quic::Frames all(Bytes(plain_), google_frames);
  const Way way = way_of(side(p.way));
  std::optional<bool> copy;   // of a packet that was read before; asked only where it matters
  const bool data_allowed = p.level == Level::early || p.level == Level::application;
  while (!all.done()) {
    const auto frame = all.next();
    if (!frame) {
      if (!google_frames) problem(frame.error().code, frame.error().what, p.origin, EventSink::Severity::info);
      return;
    }
    switch (frame->kind) {
      case quic::FrameKind::crypto: handshake(p, *frame); break;
      case quic::FrameKind::stream:
        if (data_allowed) streams().data(frame->stream, way, frame->offset, frame->data, frame->fin, p.origin, p.time_ns);
        break;
      case quic::FrameKind::reset_stream:
        if (data_allowed) streams().reset(frame->stream, way, p.origin, p.time_ns);
        break;
      case quic::FrameKind::new_connection_id: learn_id(other(p.way), frame->connection_id); break;
      case quic::FrameKind::datagram:
        // Unlike streams they have no offsets that would show a packet to be a copy.
        if (!copy) copy = !data_allowed || state_.seen[std::to_underlying(side(p.way))].before(space(state_, p.level, side(p.way)).opened);
        if (!*copy) streams().datagram(way, frame->data, p.origin, p.time_ns);
        break;
      default: break;
    }
  }
}

// ---- the end

void QuicConnection::finish() {
  for (const Held& h : state_.held) context_.connection.hides(Dark::quic, h.packet.way, h.bytes.size());
  state_.held.clear();
  tell_server_hello();
  if (state_.streams) state_.streams->end();
}

void QuicConnection::end() {
  finish();
  forget_ids();
}

}  // namespace klik::traffic
