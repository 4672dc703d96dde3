// Connections whose client changes its address, seen packet by packet (RFC 9000 §9).
#include <gtest/gtest.h>

#include "support/quic_talk.h"
#include "support/traffic.h"
#include "traffic/conversations.h"
#include "traffic/quic_ids.h"

namespace klik::traffic {
namespace {

using namespace test;

constexpr std::int64_t kSecond = 1'000'000'000;
const Endpoint kMoved{v4(203, 0, 113, 9), 5000}, kMovedAgain{v4(203, 0, 113, 10), 5001};
const Octets kNewId = *unhex("7e7e7e7e7e7e7e7e7e");

struct Capture {
  explicit Capture(const std::string& log = "") { secrets.add_key_log(Bytes::of(log)); }

  EventRecord events;
  Secrets secrets;
  Limits limits;
  Conversations conversations{events, secrets, limits, {}};
  std::int64_t now = kSecond;
  std::uint64_t at = 1000;

  void send(Way way, const Octets& datagram, const Endpoint& client = kPhone, const Endpoint& server = kServer) {
    const Octets exact = datagram;
    Packet p;
    p.from = way == Way::up ? client : server;
    p.to = way == Way::up ? server : client;
    p.protocol = 17, p.time_ns = now, p.payload = Bytes(exact), p.payload_at = at, p.frame = {at, exact.size()};
    conversations.packet(p);
    now += kSecond / 1000;
    at += exact.size();
  }
  // Both hellos, and what is agreed on.
  void open(const Ends& ends, const Endpoint& client = kPhone) {
    send(Way::up, client_initial(crypto_frame(0, hello_message("test"))), client);
    send(Way::down, joined({server_initial(crypto_frame(0, server_hello_message(ends.suite()))), handshake_packet(ends, Way::down, crypto_frame(0, encrypted_extensions("test")))}), client);
  }
  const std::vector<Connection>& end() {
    conversations.end();
    return events.connections;
  }
};

std::string text_of(const Endpoint& end) { return to_text(end.address) + ":" + std::to_string(end.port); }

TEST(QuicMigration, WithoutSecretsTheSameIdIsFollowedToAnotherPortAndAddress) {
  const Ends ends;
  Capture c;
  c.open(ends);
  c.send(Way::up, data_packet(ends, Way::up, stream_frame(0, 0, "first, from the old place", false), 0));
  c.send(Way::up, data_packet(ends, Way::up, stream_frame(0, 25, "second, from another port", false), 1), {kPhone.address, 41000});
  c.send(Way::down, data_packet(ends, Way::down, {1}, 0), {kPhone.address, 41000});
  c.send(Way::up, data_packet(ends, Way::up, stream_frame(0, 50, "third, from another network", true), 2), kMoved);
  c.send(Way::down, data_packet(ends, Way::down, {1}, 1), kPhone);   // and something late to the old one
  ASSERT_EQ(c.end().size(), 1u);
  const Connection& found = c.events.connections[0];
  EXPECT_EQ(text_of(found.caller), "192.0.2.1:40000");
  EXPECT_EQ(found.packets_up, 4u);
  EXPECT_EQ(found.packets_down, 3u);
  EXPECT_EQ(found.dark, Dark::quic);
  ASSERT_EQ(found.paths.size(), 2u);
  EXPECT_EQ(text_of(found.paths[0].caller), "192.0.2.1:41000");
  EXPECT_EQ(found.paths[0].known_by, "id");
  EXPECT_EQ(found.paths[0].packets_up, 1u);
  EXPECT_EQ(found.paths[0].packets_down, 1u);
  EXPECT_EQ(text_of(found.paths[1].caller), "203.0.113.9:5000");
  EXPECT_EQ(text_of(found.paths[1].called), text_of(kServer));
  EXPECT_GT(found.paths[1].first.at, found.paths[0].first.at);
  EXPECT_TRUE(c.events.unknowns.empty());
}

TEST(QuicMigration, WithSecretsIdsOfOpenedFramesAreFollowedAndKeyUpdatesToo) {
  for (const AeadKind kind : {AeadKind::aes_128_gcm, AeadKind::aes_256_gcm, AeadKind::chacha20_poly1305}) {
    const Ends ends{kind};
    Capture c(ends.log());
    c.open(ends);
    const QuicSeal first = ends.traffic(Way::up), next = first.updated();
    c.send(Way::down, data_packet(ends, Way::down, joined({{0x18, 1, 0}, counted(kNewId, 1), Octets(16, 4)}), 0));
    c.send(Way::up, short_packet(kServerId, 0, stream_frame(0, 0, "one ", false), first));
    c.send(Way::up, short_packet(kNewId, 1, stream_frame(0, 4, "and ", false), next, true, &first), kMoved);
    c.send(Way::down, data_packet(ends, Way::down, {1}, 1), kMoved);
    c.send(Way::up, short_packet(kNewId, 2, stream_frame(0, 8, "two", true), next, true, &first), kMovedAgain);
    ASSERT_EQ(c.end().size(), 1u);
    const Connection& found = c.events.connections[0];
    ASSERT_EQ(found.paths.size(), 2u);
    EXPECT_EQ(found.paths[0].known_by, "keys");
    EXPECT_EQ(text_of(found.paths[1].caller), text_of(kMovedAgain));
    EXPECT_EQ(found.dark_up, 11u);   // the one stream, of a protocol that nobody knows
    EXPECT_EQ(found.dark_down, 0u);
    ASSERT_EQ(c.events.unknowns.size(), 1u);
    EXPECT_EQ(Bytes(c.events.unknowns[0].first).text(), "one ");
    EXPECT_TRUE(c.events.problems.empty());
  }
}

TEST(QuicMigration, TheIdOfAPreferredAddressLeadsThere) {
  const Ends ends;
  const Octets preferred = joined({{198, 51, 100, 9}, number(4433, 2), Octets(18), counted(kNewId, 1), Octets(16, 4)});
  const Octets parameters = joined({varint(1), sized({0x40, 0x64}), varint(0x0d), sized(preferred), varint(4), sized({1})});
  const Octets extensions = handshake(8, counted(joined({alpn_of({"test"}), extension_of(57, parameters)}), 2));
  for (const std::string& log : {ends.log(), std::string()}) {
    Capture c(log);
    c.send(Way::up, client_initial(crypto_frame(0, hello_message("test"))));
    c.send(Way::down, joined({server_initial(crypto_frame(0, server_hello_message(ends.suite()))), handshake_packet(ends, Way::down, crypto_frame(0, extensions))}));
    c.send(Way::up, short_packet(kNewId, 0, stream_frame(0, 0, "to where the server would be", true), ends.traffic(Way::up)), kPhone, {v4(198, 51, 100, 9), 4433});
    ASSERT_EQ(c.end().size(), log.empty() ? 2u : 1u);
    if (log.empty()) continue;
    EXPECT_EQ(text_of(c.events.connections[0].paths.at(0).called), "198.51.100.9:4433");
    EXPECT_EQ(text_of(c.events.connections[0].paths[0].caller), text_of(kPhone));
  }
}

TEST(QuicMigration, ANewIdThatWasNotReadCannotBeFollowed) {
  const Ends ends;
  Capture c;
  c.open(ends);
  c.send(Way::up, short_packet(kNewId, 1, stream_frame(0, 0, "from a place nobody can link", true), ends.traffic(Way::up)), kMoved);
  ASSERT_EQ(c.end().size(), 2u);
  EXPECT_TRUE(c.events.connections[0].paths.empty());
  EXPECT_EQ(c.events.connections[1].protocol, "unknown");
}

TEST(QuicMigration, ACopiedIdIsNotEnough) {
  const Ends ends, others{AeadKind::aes_128_gcm, true};
  const Octets real = data_packet(ends, Way::up, stream_frame(0, 0, "something long enough", false), 0);
  {
    // Where keys are at hand they decide.
    Capture c(ends.log());
    c.open(ends);
    c.send(Way::up, data_packet(others, Way::up, stream_frame(0, 0, "something long enough", false), 0), kMoved);
    EXPECT_EQ(c.end().size(), 2u);
  }
  {
    // Without keys a packet to another server is another matter.
    Capture c;
    c.open(ends);
    c.send(Way::up, real, kMoved, {v4(198, 51, 100, 8), 443});
    c.send(Way::up, real, kMoved, {kServer.address, 8443});
    EXPECT_EQ(c.end().size(), 3u);
  }
  {
    // With keys it is this connection, wherever it goes.
    Capture c(ends.log());
    c.open(ends);
    c.send(Way::up, real, kPhone, {v4(198, 51, 100, 8), 443});
    ASSERT_EQ(c.end().size(), 1u);
    EXPECT_EQ(to_text(c.events.connections[0].paths.at(0).called.address), "198.51.100.8");
  }
  {
    // Too short to be a packet under keys.
    Capture c;
    c.open(ends);
    c.send(Way::up, part(real, 0, 1 + kServerId.size() + 19), kMoved);
    EXPECT_EQ(c.end().size(), 2u);
  }
  {
    // Two connections share the id: neither is known to be the one.
    Capture c;
    c.open(ends);
    c.open(ends, {kPhone.address, 40001});
    c.send(Way::up, real, kMoved);
    ASSERT_EQ(c.end().size(), 3u);
    EXPECT_TRUE(c.events.connections[0].paths.empty() && c.events.connections[1].paths.empty());
  }
}

TEST(QuicMigration, IdsOfNoBytesAreNobodys) {
  const Ends ends;
  Capture c;
  // A server that wants no ids: every packet to it looks alike.
  c.send(Way::up, client_initial(crypto_frame(0, hello_message("test"))));
  c.send(Way::down, long_packet({.destination = kClientId, .source = {}, .packet_number = 0}, crypto_frame(0, server_hello_message(0x1301)), initial_seal(quic::kV1, kFirstId, false)));
  c.send(Way::up, short_packet({}, 0, stream_frame(0, 0, "something that is long enough", false), ends.traffic(Way::up)), kMoved);
  ASSERT_EQ(c.end().size(), 2u);
  EXPECT_TRUE(c.events.connections[0].paths.empty());
}

TEST(QuicMigration, AShortIdTellsNothingWithoutKeys) {
  const Ends ends;
  for (const std::string& log : {std::string(), ends.log()}) {
    Capture c(log);
    const Octets id = {0x31, 0x32, 0x33};
    c.send(Way::up, client_initial(crypto_frame(0, hello_message("test"))));
    c.send(Way::down, long_packet({.destination = kClientId, .source = id, .packet_number = 0}, crypto_frame(0, server_hello_message(0x1301)), initial_seal(quic::kV1, kFirstId, false)));
    c.send(Way::up, short_packet(id, 0, stream_frame(0, 0, "something that is long enough", false), ends.traffic(Way::up)), kMoved);
    EXPECT_EQ(c.end().size(), log.empty() ? 2u : 1u);
  }
}

TEST(QuicMigration, APathBeforeItsFirstKnownPacketIsTakenOver) {
  const Ends ends;
  Capture c(ends.log());
  c.open(ends);
  // The server's answer to the new place was caught before the client's first packet from there; the client wants ids of three bytes.
  c.send(Way::down, short_packet({}, 9, Octets(40, 1), {Octets(32, 0x77)}), kMoved);
  c.send(Way::up, data_packet(ends, Way::up, stream_frame(0, 0, "the rest is followed", false), 0), kMoved);
  c.send(Way::down, data_packet(ends, Way::down, {1}, 0), kMoved);
  ASSERT_EQ(c.end().size(), 2u);
  EXPECT_EQ(c.events.connections[0].number, 2u);   // the one that said nothing, ended first
  EXPECT_EQ(c.events.connections[0].packets_down, 1u);
  EXPECT_EQ(c.events.connections[1].paths.at(0).packets_down, 1u);
}

TEST(QuicMigration, AnIdleConnectionIsForgottenWithItsIds) {
  const Ends ends;
  Capture c;
  c.open(ends);
  c.send(Way::up, data_packet(ends, Way::up, stream_frame(0, 0, "from a first new place", false), 0), kMoved);
  c.now += 100 * kSecond;   // the old path is idle by now, the connection is not
  c.send(Way::up, data_packet(ends, Way::up, stream_frame(0, 22, "still there", false), 1), kMoved);
  c.now += 100 * kSecond;
  c.send(Way::up, data_packet(ends, Way::up, stream_frame(0, 33, "still there and moved", false), 2), kMovedAgain);
  c.now += 200 * kSecond;
  c.send(Way::up, data_packet(ends, Way::up, stream_frame(0, 54, "another connection by now", false), 3), kMoved);
  c.send(Way::up, data_packet(ends, Way::up, stream_frame(0, 54, "another connection by now", false), 4), {kPhone.address, 3});
  ASSERT_EQ(c.end().size(), 3u);
  EXPECT_EQ(c.events.connections[0].number, 1u);
  EXPECT_EQ(c.events.connections[0].paths.size(), 2u);
  EXPECT_EQ(c.events.connections[0].packets_up, 4u);
}

TEST(QuicMigration, ComingBackIsNoNewPathAndManyAreBounded) {
  const Ends ends;
  Capture c;
  c.limits.open_connections = 20;
  c.open(ends);
  for (std::uint64_t n = 0; n < 400; ++n) c.send(Way::up, data_packet(ends, Way::up, stream_frame(0, 30 * n, "going round and round and round", false), n), {kPhone.address, static_cast<std::uint16_t>(50000 + n % 40)});
  c.end();
  std::uint64_t packets = 0;
  for (const Connection& found : c.events.connections) packets += found.packets_up;
  EXPECT_EQ(packets, 401u);
  ASSERT_EQ(c.events.connections.size(), 1u);
  EXPECT_EQ(c.events.connections[0].paths.size(), 40u);

  Capture many;
  many.open(ends);
  for (std::uint64_t n = 0; n < 100; ++n) many.send(Way::up, data_packet(ends, Way::up, stream_frame(0, 30 * n, "going round and round and round", false), n), {kPhone.address, static_cast<std::uint16_t>(50000 + n)});
  EXPECT_EQ(many.end().size(), 37u);   // 64 are followed
}

TEST(QuicMigration, EveryPrefixOfAMovedPacketIsSurvived) {
  const Ends ends;
  const Octets moved = data_packet(ends, Way::up, stream_frame(0, 0, "from another port altogether", true), 0);
  for (const std::string& log : {std::string(), ends.log()}) {
    for (std::size_t n = 1; n <= moved.size(); ++n) {
      Capture c(log);
      c.open(ends);
      c.send(Way::up, part(moved, 0, n), kMoved);
      const std::size_t expected = n == moved.size() || (log.empty() && n >= 21 + kServerId.size()) ? 1u : 2u;
      EXPECT_EQ(c.end().size(), expected) << n << (log.empty() ? "" : " with secrets");
    }
  }
}

TEST(QuicIds, TheLongestIdComesFirstAndWhatManyShareTellsNothing) {
  QuicIds ids;
  const Octets id = *unhex("0102030405060708"), packet = joined({{0x41}, id, Octets(30, 9)});
  EXPECT_TRUE(ids.owners(Bytes(packet)).empty());
  ids.add(Bytes(id), 3);
  ids.add(Bytes(part(id, 0, 4)), 5);
  ids.add({}, 6);
  EXPECT_EQ(ids.owners(Bytes(packet)), (std::vector<std::uint32_t>{3, 5}));
  EXPECT_EQ(ids.owners(Bytes(part(packet, 0, 6))), (std::vector<std::uint32_t>{5}));
  ids.remove(Bytes(id), 3);
  ids.remove(Bytes(id), 3);
  EXPECT_EQ(ids.owners(Bytes(packet)), (std::vector<std::uint32_t>{5}));
  for (std::uint32_t owner = 10; owner < 15; ++owner) ids.add(Bytes(id), owner);
  EXPECT_TRUE(ids.owners(Bytes(packet)).empty());
  for (std::uint32_t owner = 5; owner < 15; ++owner) ids.remove(Bytes(id), owner), ids.remove(Bytes(part(id, 0, 4)), owner);
  EXPECT_TRUE(ids.empty());
}

}  // namespace
}  // namespace klik::traffic
