// Feeds the input to all connections of a capture as datagrams of UDP, so that they begin, move to other addresses, are forgotten and
// come again. A record: a byte with the way (bit 0), the client (bits 1 to 3), the server (bit 4) and how long after the last (bits 5 to 7),
// a length of two bytes, low first, and the datagram. Every packet is counted in one connection.
// links: klik_traffic
#include <array>
#include <set>

#include "traffic/conversations.h"
#include "traffic_events.h"

namespace {

using namespace klik;
using namespace klik::traffic;

struct Counting final : EventSink {
  void lookup(const Connection&, Lookup) override {}
  void hello(const Connection&, Hello) override {}
  void certificate(const Connection&, Certificate) override {}
  std::uint64_t message(const Connection&, Message) override { return 1; }
  void content(const Connection&, const Content&) override {}
  void unknown(const Connection&, Unknown) override {}
  bool wants_content() const override { return true; }
  void connection(const Connection& c) override {
    if (!numbers.insert(c.number).second) __builtin_trap();
    std::uint64_t moved = 0;
    for (const Path& path : c.paths) moved += path.packets_up + path.packets_down;
    if (moved > c.packets_up + c.packets_down) __builtin_trap();
    packets += c.packets_up + c.packets_down;
    if (c.dark_up > c.bytes_up || c.dark_down > c.bytes_down) __builtin_trap();
  }
  void problem(const Error&, Severity, std::string) override {}

  std::set<std::uint64_t> numbers;
  std::uint64_t packets = 0;
};

Address address(std::uint8_t last) {
  Address a;
  a.bytes[10] = a.bytes[11] = 0xff;
  a.bytes[12] = 192, a.bytes[14] = 2, a.bytes[15] = last;
  return a;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  constexpr std::array<std::int64_t, 8> kSeconds = {0, 0, 1, 10, 100, 170, 400, -100};
  const Bytes input(data, size);
  Counting events;
  const Secrets secrets;
  Limits limits;
  limits.open_connections = 6;
  limits.waiting_bytes = 1 << 16;
  Conversations conversations(events, secrets, limits, {});
  std::uint64_t given = 0;
  std::int64_t now = 0;
  for (std::uint64_t at = 0; at + 3 <= size;) {
    const std::uint8_t head = input[at];
    const std::uint64_t length = std::min<std::uint64_t>(input[at + 1] | input[at + 2] << 8, size - at - 3);
    at += 3;
    now += kSeconds[head >> 5] * 1'000'000'000;
    const Endpoint client{address(static_cast<std::uint8_t>(10 + (head >> 2 & 3))), static_cast<std::uint16_t>(40'000 + (head >> 1 & 1))}, server{address(static_cast<std::uint8_t>(1 + (head >> 4 & 1))), 443};
    Packet p;
    p.from = head & 1 ? server : client;
    p.to = head & 1 ? client : server;
    p.protocol = 17, p.time_ns = now, p.payload = *input.slice(at, length), p.payload_at = at, p.frame = {at, length};
    conversations.packet(p);
    ++given;
    at += length;
  }
  conversations.end();
  if (events.packets != given) __builtin_trap();
  return 0;
}
