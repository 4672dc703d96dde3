// Datagrams of HTTP/3, and tunnels for UDP, as RFC 9297 and RFC 9298 have them.
#include "traffic/http_datagrams.h"

#include <gtest/gtest.h>

#include <map>

#include "support/quic_talk.h"
#include "support/traffic.h"
#include "traffic/http3.h"
#include "traffic/protocol.h"

namespace klik::traffic {
namespace {

using namespace test;

std::string as_text(const Octets& bytes) { return {bytes.begin(), bytes.end()}; }
// A field line whose name and value are literals without Huffman's code (RFC 9204 §4.5.6).
std::string field(std::string_view name, std::string_view value) {
  std::string out;
  out += static_cast<char>(0x20 | std::min<std::size_t>(name.size(), 7));
  if (name.size() >= 7) out += static_cast<char>(name.size() - 7);
  out += name;
  out += static_cast<char>(value.size());
  return out.append(value);
}
std::string frame(unsigned type, std::string_view payload) { return as_text(joined({varint(type), varint(payload.size()), text(payload)})); }
std::string headers(std::string_view fields) { return frame(1, std::string("\0\0", 2).append(fields)); }
std::string connect(std::string_view protocol, std::string_view path) {
  return headers(field(":method", "CONNECT") + field(":protocol", protocol) + field(":scheme", "https") + field(":authority", "relay.example") + field(":path", path));
}
const std::string kGranted = headers(field(":status", "200"));
std::string capsule(unsigned type, std::string_view value) { return as_text(joined({varint(type), varint(value.size()), text(value)})); }
std::string question(std::string_view name) { return std::string("\x12\x34\x01\0\0\x01\0\0\0\0\0\0", 12) + static_cast<char>(name.size()) + std::string(name) + std::string("\7example\0\0\x01\0\x01", 13); }
constexpr std::string_view kToDns = "/.well-known/masque/udp/192.0.2.53/53/";

struct Wire {
  Secrets secrets;
  Limits limits;
  Connection connection;
  EventRecord events;
  Context context{connection, events, secrets, limits};
  Http3 http3{context};
  std::uint64_t at = 0;

  Wire() { connection.protocol = "quic/h3"; }
  void stream(std::uint64_t id, Way way, std::string_view bytes, bool fin = false) {
    const std::string exact(bytes);
    http3.stream_data(id, way, Bytes::of(exact), fin, {at++, 1}, 0);
  }
  void datagram(Way way, std::string_view bytes) {
    const std::string exact(bytes);
    http3.datagram(way, Bytes::of(exact), {at++, 1}, 0);
  }
};

TEST(HttpDatagrams, ATunnelForUdpIsToldAndItsInsideIsRead) {
  Wire w;
  w.stream(0, Way::up, connect("connect-udp", kToDns));
  w.datagram(Way::up, std::string("\0\0", 2) + question("early"));   // before the answer: RFC 9298 §5
  w.stream(0, Way::down, kGranted);
  ASSERT_EQ(w.events.messages.size(), 2u);   // told when it is granted, not when it ends
  w.datagram(Way::up, std::string("\0\0", 2) + question("later"));
  w.http3.end();
  ASSERT_EQ(w.events.messages.size(), 2u);
  const Message& request = w.events.messages[0].method.empty() ? w.events.messages[1] : w.events.messages[0];
  EXPECT_EQ(request.method, "CONNECT");
  EXPECT_EQ(request.detail, "a tunnel for UDP");
  EXPECT_EQ(request.path, kToDns);
  EXPECT_EQ(request.state, Opened::decrypted);
  ASSERT_EQ(w.events.lookups.size(), 2u);
  EXPECT_EQ(w.events.lookups[0].name, "early.example");
  EXPECT_EQ(w.events.lookups[1].name, "later.example");
  EXPECT_EQ(w.connection.protocol, "quic/h3/connect-udp/dns");
  EXPECT_EQ(w.connection.host, "relay.example");
  EXPECT_EQ(w.connection.dark, Dark::none);
}

TEST(HttpDatagrams, CapsulesOnTheStreamCarryTheSame) {
  const std::string capsules = capsule(0, std::string(1, '\0') + question("first")) + capsule(0x1234, "of another kind") + capsule(0x40, std::string(3000, 'z')) + capsule(0, std::string(1, '\0') + question("second"));
  for (std::size_t step = 1; step < capsules.size(); step = step * 3 + 1) {
    Wire w;
    w.stream(4, Way::up, connect("connect-udp", kToDns));
    w.stream(4, Way::down, kGranted);
    const std::string data = frame(0, capsules);
    for (std::size_t n = 0; n < data.size(); n += step) w.stream(4, Way::up, data.substr(n, step));
    w.stream(4, Way::up, "", true);
    w.stream(4, Way::down, "", true);
    w.http3.end();
    ASSERT_EQ(w.events.lookups.size(), 2u) << step;
    EXPECT_EQ(w.events.lookups[1].name, "second.example");
    EXPECT_EQ(w.events.messages.size(), 2u);
    EXPECT_TRUE(w.events.problems.empty());
  }
}

TEST(HttpDatagrams, AHoleInTheStreamEndsItsCapsulesOnly) {
  Wire w;
  w.stream(0, Way::up, connect("connect-udp", kToDns));
  w.stream(0, Way::down, kGranted);
  w.stream(0, Way::up, frame(0, capsule(0, std::string(1, '\0') + question("first"))) + frame(0, capsule(0, std::string(1, '\0') + question("second"))).substr(0, 20));
  w.http3.stream_gap(0, Way::up);
  w.datagram(Way::up, std::string("\0\0", 2) + question("third"));
  w.http3.end();
  ASSERT_EQ(w.events.lookups.size(), 2u);
  EXPECT_EQ(w.events.lookups[1].name, "third.example");
}

TEST(HttpDatagrams, OthersAreSearchedAndCounted) {
  Wire w;
  w.stream(0, Way::up, connect("webtransport", "/game"));
  w.stream(4, Way::up, connect("connect-udp", kToDns));
  w.stream(8, Way::up, connect("connect-ip", "/ip"));
  for (const std::uint64_t id : {0, 4, 8}) w.stream(id, Way::down, kGranted);
  w.datagram(Way::up, std::string(1, '\0') + "of a game");
  w.datagram(Way::up, "\x01\x02" "under a context that nobody explains");
  w.datagram(Way::up, std::string("\x02\0", 2) + "E is for IP");
  w.datagram(Way::up, "\x19of a stream that nobody saw");
  w.datagram(Way::up, "\x80");   // no whole number
  w.datagram(Way::up, "");
  w.http3.end();
  std::map<std::string, std::uint64_t> counted;
  for (const auto& c : w.events.contents)
    if (c.place == "datagram") counted[c.bytes] = c.message;
  ASSERT_EQ(counted.size(), 5u);
  EXPECT_TRUE(counted.contains("of a game") && counted.contains("\x02" "under a context that nobody explains") && counted.contains(std::string(1, '\0') + "E is for IP") && counted.contains("of a stream that nobody saw") && counted.contains("\x80"));
  for (const Message& m : w.events.messages)
    if (m.path == "/ip") {
      EXPECT_EQ(m.detail.substr(0, 15), "a tunnel for IP");
    }
  EXPECT_EQ(w.events.messages[counted["of a game"] - 1].what, "datagrams");
  EXPECT_EQ(w.events.messages[counted["of a game"] - 1].protocol, "h3");
}

TEST(HttpDatagrams, AnUpgradeOfHttp1LeadsIntoATunnelToo) {
  Wire w;
  w.connection.protocol = "";
  const auto reader = recognising_reader(w.context, "", "");
  const auto say = [&](Way way, std::string_view words) {
    const std::string exact(words);
    reader->read({way, Bytes::of(exact), {w.at++, 1}, 0});
  };
  say(Way::up, "GET https://relay.example" + std::string(kToDns) + " HTTP/1.1\r\nHost: relay.example\r\nConnection: Upgrade\r\nUpgrade: connect-udp\r\nCapsule-Protocol: ?1\r\n\r\n");
  say(Way::down, "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: connect-udp\r\n\r\n");
  say(Way::up, capsule(0, std::string(1, '\0') + question("inside")));
  reader->end();
  ASSERT_EQ(w.events.messages.size(), 2u);
  EXPECT_NE(w.events.messages[0].detail.find("a tunnel for UDP"), std::string::npos) << w.events.messages[0].detail;
  ASSERT_EQ(w.events.lookups.size(), 1u);
  EXPECT_EQ(w.events.lookups[0].name, "inside.example");
  EXPECT_EQ(w.connection.protocol, "http1/connect-udp/dns");
}

TEST(HttpDatagrams, PortsOfTargets) {
  EXPECT_EQ(masque_port(kToDns), 53);
  EXPECT_EQ(masque_port("/.well-known/masque/udp/2001%3Adb8%3A%3A42/443/"), 443);
  EXPECT_EQ(masque_port("/.well-known/masque/udp/target.example/443"), 443);
  EXPECT_EQ(masque_port("/.well-known/masque/udp/target.example/443x/"), 0);
  EXPECT_EQ(masque_port("/.well-known/masque/udp/target.example/99999/"), 0);
  EXPECT_EQ(masque_port("/.well-known/masque/udp/target.example"), 0);
  EXPECT_EQ(masque_port("/proxy?h=target.example&p=443"), 0);
}

TEST(HttpDatagrams, EveryPrefixIsSurvived) {
  const std::string capsules = capsule(0, std::string(1, '\0') + question("first")) + capsule(0x40, "zzz"), whole = std::string("\0\0", 2) + question("first");
  for (std::size_t n = 0; n <= capsules.size(); ++n) {
    Wire w;
    w.stream(0, Way::up, connect("connect-udp", kToDns));
    w.stream(0, Way::down, kGranted);
    w.stream(0, Way::up, frame(0, capsules.substr(0, n)), true);
    w.datagram(Way::down, whole.substr(0, n));
    w.http3.end();
    const std::size_t in_capsule = n >= 3 + question("first").size(), in_datagram = n >= whole.size();
    EXPECT_EQ(w.events.lookups.size(), in_capsule + in_datagram) << n;
  }
}

TEST(HttpDatagrams, QuicInsideATunnelIsOpenedWithItsOwnSecrets) {
  const Ends ends;
  Wire w;
  w.secrets.add_key_log(Bytes::of(ends.log()));
  w.stream(0, Way::up, connect("connect-udp", "/.well-known/masque/udp/made.example/443/"));
  w.stream(0, Way::down, kGranted);
  const auto send = [&](Way way, const Octets& packet) { w.datagram(way, std::string("\0\0", 2) + as_text(packet)); };
  send(Way::up, client_initial(crypto_frame(0, hello_message("test", "inside.example"))));
  send(Way::down, joined({server_initial(crypto_frame(0, server_hello_message(0x1301))), handshake_packet(ends, Way::down, crypto_frame(0, encrypted_extensions("test")))}));
  send(Way::up, data_packet(ends, Way::up, stream_frame(0, 0, "in a tunnel", true), 0));
  w.http3.end();
  ASSERT_EQ(w.events.hellos.size(), 2u);
  EXPECT_EQ(w.events.hellos[0].sni, "inside.example");
  EXPECT_EQ(w.connection.protocol, "quic/h3/connect-udp/quic/unknown");
  ASSERT_EQ(w.events.unknowns.size(), 1u);
  EXPECT_EQ(Bytes(w.events.unknowns[0].first).text(), "in a tunnel");
}

}  // namespace
}  // namespace klik::traffic
