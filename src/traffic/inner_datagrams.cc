#include "traffic/inner_datagrams.h"

#include <algorithm>
#include <utility>

#include "traffic/http_message.h"
#include "traffic/protocol.h"

namespace klik::traffic {
namespace {

constexpr unsigned kTries = 4;                                       // datagrams that are offered to the protocols
constexpr std::uint64_t kMostHeld = 64, kMostHeldBytes = 64 << 10;   // of one message

}  // namespace

InnerDatagrams::InnerDatagrams(const Context& context, ToldProtocols& told, const Setup& setup) : context_(context), told_(told), setup_(setup), share_(context) { context_.ids = nullptr; }

InnerDatagrams::~InnerDatagrams() {
  for (const Handful& all : handfuls_) share_.give_back(all.held_bytes);
}

void InnerDatagrams::read(const Piece& datagram) {
  if (datagram.bytes.empty()) return;
  if (reader_) return void(told_.during(context_.connection, [&] { reader_->read(datagram); }));
  if (setup_.recognise && tried_ < kTries && recognised(datagram)) return;
  ++tried_;
  if (!std::exchange(start_told_[std::to_underlying(datagram.way)], true)) {
    told_.during(context_.connection, [&] { context_.connection.speaks("unknown"); });
    context_.events.unknown(context_.connection, unknown_start(datagram));
  }
  context_.connection.hides(Dark::unknown_protocol, datagram.way, datagram.bytes.size());
  gather(datagram);
}

bool InnerDatagrams::recognised(const Piece& datagram) {
  if (!may_nest(context_.connection)) return false;
  for (const DatagramProtocol* p : datagram_protocols()) {
    if (!p->recognise(datagram.bytes, setup_.port)) continue;
    told_.during(context_.connection, [&] { context_.connection.speaks(p->name); });
    reader_ = p->open(context_);
    told_.during(context_.connection, [&] { reader_->read(datagram); });
    return true;
  }
  return false;
}

void InnerDatagrams::gather(const Piece& d) {
  Handful& all = handfuls_[std::to_underlying(d.way)];
  const bool wanted = context_.events.wants_content();
  const auto fits = [&] { return all.held.size() < kMostHeld && d.bytes.size() <= kMostHeldBytes - all.held_bytes && d.bytes.size() <= share_.room(); };
  if (wanted && !fits()) tell(d.way);
  if (all.count++ == 0) all.origin = d.origin, all.time_ns = d.time_ns;
  all.bytes += d.bytes.size();
  if (!wanted) return;
  if (fits()) {
    share_.take(d.bytes.size());
    all.held_bytes += d.bytes.size();
    all.held.push_back({{d.bytes.begin(), d.bytes.end()}, d.origin, d.time_ns});
    return;
  }
  // Too many wait elsewhere: it is a message by itself.
  const std::uint64_t number = message(d.way, all);
  all = {};
  content(number, d);
}

void InnerDatagrams::tell(Way way) {
  Handful all = std::exchange(handfuls_[std::to_underlying(way)], {});
  if (all.count == 0) return;
  const std::uint64_t number = message(way, all);
  for (const Held& h : all.held) content(number, {way, Bytes(h.bytes), h.origin, h.time_ns});
  share_.give_back(all.held_bytes);
}

std::uint64_t InnerDatagrams::message(Way way, const Handful& all) {
  Message event;
  event.protocol = setup_.carrier;
  event.what = "datagrams";
  event.way = way;
  event.stream = setup_.stream;
  event.body_bytes = all.bytes;
  event.state = opened_state(context_.connection);
  event.detail = std::to_string(all.count) + (all.count == 1 ? " datagram" : " datagrams");
  event.origin = all.origin;
  event.time_ns = all.time_ns;
  return context_.events.message(context_.connection, std::move(event));
}

void InnerDatagrams::content(std::uint64_t message, const Piece& d) {
  context_.events.content(context_.connection, {.message = message, .place = "datagram", .name = {}, .type = {}, .way = d.way, .bytes = d.bytes, .coding = {}, .origin = d.origin, .time_ns = d.time_ns});
}

void InnerDatagrams::end() {
  if (reader_) told_.during(context_.connection, [&] { reader_->end(); });
  reader_.reset();
  for (const Way way : {Way::up, Way::down}) tell(way);
}

}  // namespace klik::traffic
