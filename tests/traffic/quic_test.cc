// Connections made packet by packet, in good and in bad order.
#include <gtest/gtest.h>

#include <algorithm>

#include "support/quic_talk.h"
#include "support/traffic.h"
#include "traffic/protocol.h"

namespace klik::traffic {
namespace {

using namespace test;

const DatagramProtocol& protocol(std::string_view name) {
  const auto all = datagram_protocols();
  return **std::ranges::find_if(all, [&](const DatagramProtocol* p) { return p->name == name; });
}

struct Made {
  explicit Made(const std::string& log = "") { secrets.add_key_log(Bytes::of(log)); }

  EventRecord events;
  Connection connection;
  Secrets secrets;
  Limits limits;
  std::unique_ptr<Context> context;
  std::unique_ptr<DatagramReader> reader;
  std::uint64_t at = 1000;

  void take(Way way, const Octets& datagram) {
    if (!reader) {
      context = std::make_unique<Context>(connection, events, secrets, limits);
      reader = protocol("quic").open(*context);
    }
    // A copy of its own size, so that a sanitizer sees every step outside.
    const Octets exact = datagram;
    reader->read({way, Bytes(exact), {at, exact.size()}, static_cast<std::int64_t>(at)});
    at += exact.size();
  }
  void end() { reader->end(); }
};

TEST(Quic, AHelloIsPutTogetherInAnyOrder) {
  const Octets hello = hello_message("h3", "made.example", 7, 1500);
  Made run;
  // Two datagrams, the later half first, frames out of order and overlapping, padding and PING between them.
  run.take(Way::up, client_initial(joined({crypto_frame(900, part(hello, 900, 400)), {0, 0, 1}, crypto_frame(1200, part(hello, 1200, 2000))}), 1));
  EXPECT_TRUE(run.events.hellos.empty());
  const std::uint64_t second_at = run.at;
  run.take(Way::up, client_initial(joined({crypto_frame(40, part(hello, 40, 1000)), crypto_frame(0, part(hello, 0, 50))}), 0));
  ASSERT_EQ(run.events.hellos.size(), 1u);
  const Hello& h = run.events.hellos[0];
  EXPECT_EQ(h.sni, "made.example");
  EXPECT_EQ(h.over, "quic");
  EXPECT_EQ(h.alpn, "h3");
  EXPECT_EQ(h.quic_version, quic::kV1);
  EXPECT_TRUE(h.ja4.starts_with("q13d0304h3_")) << h.ja4;
  EXPECT_EQ(h.origin.at, second_at);   // of the datagram that brought the first byte
  EXPECT_EQ(run.connection.host, "made.example");
  EXPECT_EQ(run.connection.host_from, "quic");
  run.take(Way::down, server_initial(crypto_frame(0, server_hello_message(0x1301))));
  ASSERT_EQ(run.events.hellos.size(), 2u);
  EXPECT_EQ(run.events.hellos[1].cipher, "TLS_AES_128_GCM_SHA256");
  EXPECT_EQ(run.connection.dark, Dark::none);
  run.take(Way::down, Octets(300, 0x55));
  EXPECT_EQ(run.connection.dark, Dark::quic);
  EXPECT_EQ(run.connection.dark_down, 300u);
  // Repeats say nothing new.
  run.take(Way::up, client_initial(crypto_frame(0, part(hello, 0, 900)), 2));
  run.end();
  EXPECT_EQ(run.events.hellos.size(), 2u);
  EXPECT_TRUE(run.events.problems.empty());
}

TEST(Quic, AnotherCopyOfTheSameBytesIsToldAndTheFirstOneRead) {
  const Octets hello = hello_message();
  Octets lie = hello;
  lie[70] ^= 1;
  Made run;
  run.take(Way::up, client_initial(joined({crypto_frame(0, part(hello, 0, 90)), crypto_frame(60, part(lie, 60, 40))})));
  run.take(Way::up, client_initial(crypto_frame(90, part(hello, 90, 999)), 1));
  run.end();
  ASSERT_EQ(run.events.hellos.size(), 1u);
  EXPECT_EQ(run.events.hellos[0].sni, "made.example");
  ASSERT_EQ(run.events.problems.size(), 1u);
  EXPECT_EQ(run.events.problems[0].error.code, Code::conflict);
}

TEST(Quic, HelloesLargerThanTheLimitAreGivenUp) {
  Made run;
  run.limits.handshake_bytes = 600;
  const Octets hello = hello_message("h3", "made.example", 7, 900);
  run.take(Way::up, client_initial(crypto_frame(700, part(hello, 700, 200))));
  run.take(Way::up, client_initial(crypto_frame(10, part(hello, 10, 690)), 1));
  run.end();
  EXPECT_TRUE(run.events.hellos.empty());
  ASSERT_FALSE(run.events.problems.empty());
  EXPECT_EQ(run.events.problems[0].error.code, Code::over_budget);
}

TEST(Quic, EveryKnownVersionOpens) {
  for (const std::uint32_t version : {quic::kV1, quic::kV2, 0xff000016u, 0xff000017u, 0xff00001cu, 0xff00001du, 0xff000020u, 0xff000022u, 0xfaceb001u, 0xfaceb002u}) {
    const Octets datagram = client_initial(crypto_frame(0, hello_message()), 0, version);
    EXPECT_TRUE(protocol("quic").recognise(Bytes(datagram), 5000)) << version;
    EXPECT_FALSE(protocol("gquic").recognise(Bytes(datagram), 443));
    Octets damaged = datagram;
    damaged[800] ^= 1;
    EXPECT_FALSE(protocol("quic").recognise(Bytes(damaged), 5000));
    EXPECT_TRUE(protocol("quic").recognise(Bytes(damaged), 443));   // by its structure
    Made run;
    run.take(Way::up, datagram);
    ASSERT_EQ(run.events.hellos.size(), 1u) << version;
    EXPECT_EQ(run.events.hellos[0].quic_version, version);
  }
}

TEST(Quic, AfterARetryTheNextIdMakesTheKeysAndTheHelloIsToldOnce) {
  const Octets hello = hello_message(), second = *unhex("00112233445566778899");
  Made run;
  run.take(Way::up, client_initial(crypto_frame(0, hello)));
  run.take(Way::down, joined({{0xf0}, number(quic::kV1, 4), counted(kClientId, 1), counted(second, 1), text("token"), Octets(16, 9)}));
  run.take(Way::up, client_initial(crypto_frame(0, hello), 1, quic::kV1, second, second));
  run.take(Way::down, server_initial(crypto_frame(0, server_hello_message(0x1303)), 0, quic::kV1, second));
  run.end();
  ASSERT_EQ(run.events.hellos.size(), 2u);
  EXPECT_TRUE(run.events.hellos[0].client);
  EXPECT_FALSE(run.events.hellos[1].client);
  EXPECT_EQ(run.events.hellos[1].cipher, "TLS_CHACHA20_POLY1305_SHA256");
}

TEST(Quic, AfterAVersionNegotiationTheHelloInTheOtherVersionCounts) {
  const Ends ends;
  Made run(ends.log(9));
  const Octets offer = joined({{0xca}, number(0, 4), counted(kClientId, 1), counted(kFirstId, 1), number(quic::kV1, 4), number(0x1a2a3a4a, 4)});
  run.take(Way::up, client_initial(crypto_frame(0, hello_message("test")), 0, quic::kV2));
  run.take(Way::down, offer);
  // To the same id, under the keys that it makes in the other version, with a hello of its own.
  run.take(Way::up, client_initial(crypto_frame(0, hello_message("test", "made.example", 9)), 1));
  run.take(Way::down, joined({server_initial(crypto_frame(0, server_hello_message(0x1301))), handshake_packet(ends, Way::down, crypto_frame(0, encrypted_extensions("test")))}));
  run.take(Way::up, data_packet(ends, Way::up, stream_frame(0, 0, "opened", true), 0));
  run.end();
  ASSERT_EQ(run.events.hellos.size(), 3u);
  EXPECT_EQ(run.events.hellos[0].quic_version, quic::kV2);
  EXPECT_EQ(run.events.hellos[1].quic_version, quic::kV1);
  EXPECT_EQ(run.events.hellos[2].alpn, "test");
  EXPECT_EQ(run.connection.dark_up, 6u);
  EXPECT_EQ(run.connection.dark, Dark::unknown_protocol);
  EXPECT_TRUE(run.events.problems.empty());
}

TEST(Quic, AServerMayAnswerInAnotherVersion) {
  const Ends ends{AeadKind::aes_128_gcm, true};
  Made run(ends.log());
  run.take(Way::up, client_initial(crypto_frame(0, hello_message("test"))));
  run.take(Way::down, server_initial(crypto_frame(0, server_hello_message(0x1301)), 0, quic::kV2));
  run.take(Way::up, client_initial({1}, 1, quic::kV2, kServerId));
  run.take(Way::down, handshake_packet(ends, Way::down, crypto_frame(0, encrypted_extensions("test"))));
  run.take(Way::up, data_packet(ends, Way::up, stream_frame(0, 0, "unheard of", true), 0));
  run.end();
  ASSERT_EQ(run.events.hellos.size(), 2u);
  EXPECT_EQ(run.events.hellos[1].quic_version, quic::kV2);
  EXPECT_EQ(run.events.hellos[1].alpn, "test");
  EXPECT_EQ(run.connection.dark, Dark::unknown_protocol);
  EXPECT_EQ(run.connection.dark_up, 10u);
}

TEST(Quic, ASecondHelloIsMarked) {
  Made run;
  const Octets hello = hello_message();
  run.take(Way::up, client_initial(crypto_frame(0, hello)));
  run.take(Way::down, server_initial(crypto_frame(0, server_hello_message(0x1301, true))));
  run.take(Way::up, client_initial(crypto_frame(hello.size(), hello), 1));
  run.take(Way::down, server_initial(crypto_frame(server_hello_message(0x1301, true).size(), server_hello_message(0x1301)), 1));
  run.end();
  ASSERT_EQ(run.events.hellos.size(), 4u);
  EXPECT_FALSE(run.events.hellos[0].retried);
  EXPECT_TRUE(run.events.hellos[2].client && run.events.hellos[2].retried);
}

TEST(Quic, PacketsBeforeTheirKeysWait) {
  const Ends ends;
  Made run(ends.log());
  const Octets early = long_packet({.type = 1, .destination = kFirstId, .source = kClientId}, stream_frame(0, 0, "early ", false), ends.early());
  const Octets shake = joined({encrypted_extensions("test"), certificate_message({"leaf", "root"})});
  // 0-RTT, the server's data and handshake, its hello, and only then the client's.
  run.take(Way::up, early);
  run.take(Way::down, data_packet(ends, Way::down, stream_frame(0, 0, "answer", true), 0));
  run.take(Way::down, joined({server_initial(crypto_frame(0, server_hello_message(0x1301))), handshake_packet(ends, Way::down, crypto_frame(0, shake))}));
  EXPECT_TRUE(run.events.hellos.empty());
  run.take(Way::up, client_initial(crypto_frame(0, hello_message("test"))));
  run.take(Way::up, data_packet(ends, Way::up, stream_frame(0, 6, "late", true), 1));
  run.end();
  ASSERT_EQ(run.events.hellos.size(), 2u);
  EXPECT_TRUE(run.events.hellos[0].client);
  EXPECT_EQ(run.events.hellos[1].alpn, "test");
  ASSERT_EQ(run.events.certificates.size(), 2u);
  EXPECT_EQ(Bytes(run.events.certificates[0].der).text(), "leaf");
  EXPECT_EQ(run.events.certificates[1].position, 1u);
  ASSERT_EQ(run.events.unknowns.size(), 1u);
  EXPECT_EQ(Bytes(run.events.unknowns[0].first).text(), "early ");
  EXPECT_EQ(run.connection.dark_up, 10u);
  EXPECT_EQ(run.connection.dark_down, 6u);
  EXPECT_EQ(run.connection.dark, Dark::unknown_protocol);
  EXPECT_EQ(run.connection.protocol, "unknown");
}

TEST(Quic, SuitesUpdatesLossAndOrderGiveTheSameStream) {
  for (const AeadKind kind : {AeadKind::aes_128_gcm, AeadKind::aes_256_gcm, AeadKind::chacha20_poly1305}) {
    for (const bool hello_lost : {false, true}) {
      const Ends ends{kind};
      Made run(ends.log());
      run.take(Way::up, client_initial(crypto_frame(0, hello_message("test"))));
      if (!hello_lost) run.take(Way::down, server_initial(crypto_frame(0, server_hello_message(ends.suite()))));
      run.take(Way::down, handshake_packet(ends, Way::down, crypto_frame(0, encrypted_extensions("test"))));
      const QuicSeal first = ends.traffic(Way::up), next = first.updated();
      const Octets new_id = *unhex("7e7e7e7e7e7e7e7e7e");
      run.take(Way::down, data_packet(ends, Way::down, joined({{0x18, 1, 0}, counted(new_id, 1), Octets(16, 4)}), 0));
      run.take(Way::up, short_packet(kServerId, 3, stream_frame(0, 10, "of ", false), first));
      run.take(Way::up, short_packet(new_id, 4, stream_frame(0, 13, "it", true), next, true, &first));
      run.take(Way::up, short_packet(kServerId, 2, stream_frame(0, 4, "order ", false), first));
      run.take(Way::up, short_packet(kServerId, 2, stream_frame(0, 4, "order ", false), first));
      run.take(Way::up, short_packet(kServerId, 1, stream_frame(0, 0, "the ", false), first));
      run.end();
      ASSERT_EQ(run.events.unknowns.size(), 1u);
      EXPECT_EQ(Bytes(run.events.unknowns[0].first).text(), "the ");
      EXPECT_EQ(run.connection.dark_up, 15u);
      EXPECT_TRUE(run.events.problems.empty());
    }
  }
}

TEST(Quic, WithoutSecretsAPacketIsOnlyCounted) {
  const Ends ends;
  Made run(ends.log(99));   // of somebody else
  run.take(Way::up, client_initial(crypto_frame(0, hello_message())));
  run.take(Way::down, joined({server_initial(crypto_frame(0, server_hello_message(0x1301))), handshake_packet(ends, Way::down, crypto_frame(0, encrypted_extensions("h3")))}));
  run.take(Way::up, data_packet(ends, Way::up, stream_frame(0, 0, "dark", true), 0));
  run.end();
  EXPECT_EQ(run.events.hellos.size(), 2u);
  EXPECT_TRUE(run.events.unknowns.empty() && run.events.certificates.empty());
  EXPECT_EQ(run.connection.dark, Dark::quic);
  EXPECT_EQ(run.connection.dark_up, data_packet(ends, Way::up, stream_frame(0, 0, "dark", true), 0).size());
}

TEST(Quic, AnotherConnectionOnTheSamePortsBeginsAnew) {
  Made run;
  const Octets other_id = *unhex("aaaaaaaaaaaaaaaa");
  run.take(Way::up, client_initial(crypto_frame(0, hello_message("h3", "one.example", 1))));
  run.take(Way::down, server_initial(crypto_frame(0, server_hello_message(0x1301))));
  run.take(Way::up, client_initial(crypto_frame(0, hello_message("h3", "two.example", 2)), 0, quic::kV1, other_id, other_id));
  run.take(Way::down, server_initial(crypto_frame(0, server_hello_message(0x1302)), 0, quic::kV1, other_id));
  run.end();
  ASSERT_EQ(run.events.hellos.size(), 4u);
  EXPECT_EQ(run.events.hellos[2].sni, "two.example");
  EXPECT_EQ(run.events.hellos[3].cipher, "TLS_AES_256_GCM_SHA384");
  EXPECT_EQ(run.connection.host, "one.example");
}

TEST(Quic, AClientThatTheCaptureTakesForTheServerIsStillTheClient) {
  const Ends ends;
  Made run(ends.log());
  run.take(Way::down, client_initial(crypto_frame(0, hello_message("test"))));
  run.take(Way::up, joined({server_initial(crypto_frame(0, server_hello_message(0x1301))), handshake_packet(ends, Way::down, crypto_frame(0, encrypted_extensions("test")))}));
  run.take(Way::down, data_packet(ends, Way::up, stream_frame(0, 0, "upwards", true), 0));
  run.end();
  EXPECT_EQ(run.events.hellos.size(), 2u);
  ASSERT_EQ(run.events.unknowns.size(), 1u);
  EXPECT_EQ(run.events.unknowns[0].way, Way::up);
}

TEST(Quic, ARequestOfHttp3ComesOut) {
  const Ends ends;
  Made run(ends.log());
  run.take(Way::up, client_initial(crypto_frame(0, hello_message("h3"))));
  run.take(Way::down, joined({server_initial(crypto_frame(0, server_hello_message(0x1301))), handshake_packet(ends, Way::down, crypto_frame(0, encrypted_extensions("h3")))}));
  // RFC 9204 appendix A: GET, https, "/" by their numbers, the host as a literal.
  const std::string block = std::string("\0\0\xd1\xd7\xc1\x50\x0c", 7) + "made.example", request = std::string("\x01", 1) + static_cast<char>(block.size()) + block;
  run.take(Way::up, data_packet(ends, Way::up, stream_frame(0, 5, std::string_view(request).substr(5), true), 1));
  run.take(Way::up, data_packet(ends, Way::up, stream_frame(0, 0, std::string_view(request).substr(0, 9), false), 0));
  const std::string answer = std::string("\x01\x03\0\0\xd9", 5) + std::string("\0\x02hi", 4);
  run.take(Way::down, data_packet(ends, Way::down, stream_frame(0, 0, answer, true), 0));
  run.end();
  EXPECT_EQ(run.connection.protocol, "h3");
  ASSERT_GE(run.events.messages.size(), 2u);
  EXPECT_EQ(run.events.messages[0].host, "made.example");
  EXPECT_EQ(run.events.messages[0].path, "/");
  EXPECT_EQ(run.events.messages[1].status, 200u);
  EXPECT_EQ(run.connection.dark, Dark::none);
}

TEST(Quic, DatagramsAreSearchedOnceEach) {
  const Ends ends;
  Made run(ends.log());
  run.take(Way::up, client_initial(crypto_frame(0, hello_message("test"))));
  run.take(Way::down, joined({server_initial(crypto_frame(0, server_hello_message(0x1301))), handshake_packet(ends, Way::down, crypto_frame(0, encrypted_extensions("test")))}));
  const auto datagram = [](std::string_view words, bool last) { return last ? joined({{0x30}, text(words)}) : joined({{0x31}, sized(text(words))}); };
  const Octets two = data_packet(ends, Way::up, joined({datagram("first", false), datagram("second", true)}), 5);
  run.take(Way::up, two);
  run.take(Way::up, data_packet(ends, Way::up, datagram("earlier", true), 4));
  run.take(Way::up, two);   // the capture has it twice
  run.take(Way::down, data_packet(ends, Way::down, datagram("back", true), 5));
  run.end();
  ASSERT_EQ(run.events.messages.size(), 2u);
  EXPECT_EQ(run.events.messages[0].protocol, "quic");
  EXPECT_EQ(run.events.messages[0].detail, "3 datagrams");
  ASSERT_EQ(run.events.contents.size(), 4u);
  EXPECT_EQ(run.events.contents[0].bytes + run.events.contents[1].bytes + run.events.contents[2].bytes, "firstsecondearlier");
  EXPECT_EQ(run.events.contents[3].way, Way::down);
  EXPECT_EQ(run.connection.dark_up, 18u);
}

TEST(Quic, WhatIsOpenAtATimeIsBounded) {
  const Ends ends;
  Made run(ends.log());
  run.limits.streams = 8;
  run.limits.waiting_bytes = 5000;
  run.take(Way::up, client_initial(crypto_frame(0, hello_message("test"))));
  run.take(Way::down, joined({server_initial(crypto_frame(0, server_hello_message(0x1301))), handshake_packet(ends, Way::down, crypto_frame(0, encrypted_extensions("test")))}));
  std::uint64_t n = 0;
  for (std::uint64_t id = 0; id < 400; id += 4) run.take(Way::up, data_packet(ends, Way::up, stream_frame(id, 1, std::string(999, 'x'), false), n++));
  for (std::uint64_t i = 1; i < 40; ++i) run.take(Way::up, data_packet(ends, Way::up, stream_frame(0, 1000 * i + 2, std::string(999, 'y'), false), n++));
  run.end();
  EXPECT_EQ(std::ranges::count(run.events.problems, Code::over_budget, [](const auto& p) { return p.error.code; }), 1);
  EXPECT_GT(run.connection.missing_up, 8u);
}

TEST(Quic, HelloesOfQ050AreTold) {
  const auto le = [](std::size_t v) { return Octets{static_cast<std::uint8_t>(v), static_cast<std::uint8_t>(v >> 8), 0, 0}; };
  const Octets chlo = joined({text("CHLO"), le(2), text(std::string_view("SNI\0", 4)), le(12), text("UAID"), le(20), text("made.example"), text("Made/1.0")});
  Made run;
  const Octets datagram = client_initial(joined({{8, 0}, sized(chlo)}), 0, quic::kQ050);
  EXPECT_TRUE(protocol("quic").recognise(Bytes(datagram), 5000));
  run.take(Way::up, datagram);
  run.end();
  ASSERT_EQ(run.events.messages.size(), 1u);
  EXPECT_EQ(run.events.messages[0].host, "made.example");
  EXPECT_EQ(run.events.messages[0].agent, "Made/1.0");
  EXPECT_EQ(run.events.messages[0].detail, "Q050");
  EXPECT_EQ(run.connection.host_from, "gquic");
}

TEST(Quic, EveryPrefixAndEveryDamagedByteIsSurvived) {
  const Ends ends;
  const Octets first = client_initial(crypto_frame(0, hello_message("test")));
  const Octets second = joined({server_initial(crypto_frame(0, server_hello_message(0x1301))), handshake_packet(ends, Way::down, crypto_frame(0, encrypted_extensions("test"))),
                                data_packet(ends, Way::down, stream_frame(0, 0, "x", true), 0)});
  for (std::size_t n = 1; n < first.size(); n += n < 200 ? 1 : 53) {
    Made run(ends.log());
    run.take(Way::up, part(first, 0, n));
    run.end();
    EXPECT_TRUE(run.events.hellos.empty());
    EXPECT_EQ(run.connection.dark_up, n);
  }
  for (std::size_t n = 1; n < second.size(); ++n) {
    Made run(ends.log());
    run.take(Way::up, first);
    Octets bytes = part(second, 0, n);
    run.take(Way::down, bytes);
    bytes = second;
    bytes[n] ^= 0x10;
    run.take(Way::down, bytes);
    run.end();
    EXPECT_GE(run.events.hellos.size(), 1u);
  }
}

TEST(Gquic, HelloesAreTold) {
  const auto le = [](std::size_t v) { return Octets{static_cast<std::uint8_t>(v), 0, 0, 0}; };
  const Octets chlo = joined({text("CHLO"), le(2), text(std::string_view("SNI\0", 4)), le(12), text("UAID"), le(20), text("made.example"), text("Made/1.0")});
  const Octets packet = joined({{0x09}, Octets(8, 5), text("Q043"), {1}, Octets(12, 6), {0xa0, 1, 0, 0}, chlo});
  ASSERT_TRUE(protocol("gquic").recognise(Bytes(packet), 443));
  Connection connection;
  EventRecord events;
  Secrets secrets;
  Limits limits;
  Context context{connection, events, secrets, limits};
  const auto reader = protocol("gquic").open(context);
  reader->read({Way::up, Bytes(packet), {7, packet.size()}, 0});
  reader->read({Way::down, Bytes(packet).slice(0, 20).value(), {7, 20}, 0});
  reader->end();
  ASSERT_EQ(events.messages.size(), 1u);
  EXPECT_EQ(events.messages[0].detail, "Q043");
  EXPECT_EQ(events.messages[0].agent, "Made/1.0");
  EXPECT_EQ(connection.host, "made.example");
  EXPECT_EQ(connection.dark_up, 0u);
  EXPECT_EQ(connection.dark_down, 20u);
}

}  // namespace
}  // namespace klik::traffic
