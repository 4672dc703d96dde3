#include <gtest/gtest.h>

#include "io/source.h"
#include "support/evidence.h"
#include "support/tls_made.h"
#include "support/traffic.h"
#include "traffic/capture_reader.h"
#include "traffic/conversations.h"
#include "traffic/protocol.h"

namespace klik::traffic {
namespace {

using test::Octets;

Octets fragment(std::uint8_t type, std::uint16_t number, const Octets& body, std::size_t from, std::size_t size) {
  return test::joined({{type}, test::number(body.size(), 3), test::number(number, 2), test::number(from, 3), test::number(size, 3),
                       {body.begin() + static_cast<std::ptrdiff_t>(from), body.begin() + static_cast<std::ptrdiff_t>(from + size)}});
}
Octets record(std::uint8_t type, std::uint16_t epoch, std::uint64_t sequence, const Octets& body, std::uint16_t version = 0xfefd) {
  return test::joined({{type}, test::number(version, 2), test::number(epoch, 2), test::number(sequence, 6), test::counted(body, 2)});
}

struct Reading {
  Secrets secrets;
  Limits limits;
  Connection connection;
  test::EventRecord events;
  Context context{connection, events, secrets, limits};
  std::unique_ptr<DatagramReader> reader;
  std::uint64_t at = 0;

  Reading() {
    for (const DatagramProtocol* p : datagram_protocols())
      if (p->name == "dtls") reader = p->open(context);
  }
  void feed(Way way, const Octets& bytes) { reader->read({way, Bytes(bytes), {at++, bytes.size()}, 0}); }
};

const Octets kHello = test::client_hello({.version = 0xfefd, .extensions = test::server_name_of("dtls.example"), .dtls = true, .cookie = {1, 2}});

TEST(Dtls, PutsFragmentsInAnyOrderTogether) {
  Reading r;
  const std::size_t size = kHello.size();
  r.feed(Way::up, record(22, 0, 2, fragment(1, 1, kHello, 30, size - 30)));
  r.feed(Way::up, record(22, 0, 3, fragment(1, 1, kHello, 10, 30)));   // overlaps
  EXPECT_TRUE(r.events.hellos.empty());
  r.feed(Way::up, record(22, 0, 1, fragment(1, 1, kHello, 0, 12)));
  r.feed(Way::up, record(22, 0, 4, fragment(1, 1, kHello, 0, size)));   // sent again
  ASSERT_EQ(r.events.hellos.size(), 1u);
  EXPECT_EQ(r.events.hellos[0].sni, "dtls.example");
  EXPECT_EQ(r.events.hellos[0].version, "DTLS 1.2");
  EXPECT_TRUE(r.events.hellos[0].retried);
  EXPECT_TRUE(r.events.hellos[0].ja4.starts_with("dd2d0201"));
  EXPECT_EQ(r.connection.host, "dtls.example");
}

TEST(Dtls, WhatComesUnderKeysIsDark) {
  Reading r;
  const Octets data = record(23, 1, 0, Octets(40, 5)), media(100, 0x80);
  r.feed(Way::up, test::joined({record(20, 0, 5, {1}), data}));
  r.feed(Way::down, media);
  EXPECT_EQ(r.connection.dark, Dark::dtls);
  EXPECT_EQ(r.connection.dark_up, data.size());
  EXPECT_EQ(r.connection.dark_down, media.size());
}

TEST(Dtls, EveryPrefixEndsQuietly) {
  const Octets whole = test::joined({record(22, 0, 0, fragment(1, 0, kHello, 0, kHello.size())), record(21, 0, 1, {2, 40})});
  for (std::size_t n = 0; n <= whole.size(); ++n) {
    Reading r;
    const Octets part(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(n));
    r.feed(Way::up, part);
    EXPECT_EQ(r.events.hellos.size(), n >= 25 + kHello.size() ? 1u : 0u);
    EXPECT_EQ(r.events.messages.size(), n == whole.size() ? 1u : 0u);
  }
}

TEST(Dtls, AMessageTooLongIsNotHeld) {
  Reading r;
  r.limits.handshake_bytes = 1000;
  Reading small;
  const Octets body(0x20000, 1);
  for (std::size_t at = 0; at < body.size(); at += 8192) r.feed(Way::up, record(22, 0, at, fragment(11, 0, body, at, 8192)));
  EXPECT_TRUE(r.events.certificates.empty());
  EXPECT_TRUE(r.events.problems.empty());
}

TEST(Dtls, ACapturedHandshakeTellsItsCertificate) {
  KLIK_NEEDS_EVIDENCE();
  const auto source = file_source((test::evidence() + "/traffic/protocols/dtls_certificate.pcapng").c_str());
  ASSERT_TRUE(source);
  Secrets secrets;
  Limits limits;
  test::EventRecord events;
  Conversations conversations(events, secrets, limits, {});
  CaptureVisitor visitor;
  visitor.packet = [&](const Packet& p) { conversations.packet(p); };
  ASSERT_TRUE(read_capture(**source, visitor));
  conversations.end();
  ASSERT_EQ(events.hellos.size(), 1u);
  EXPECT_FALSE(events.hellos[0].client);
  ASSERT_EQ(events.certificates.size(), 1u);
  EXPECT_EQ(events.certificates[0].der.at(0), 0x30);
  EXPECT_EQ(events.connections.at(0).protocol, "dtls");
}

}  // namespace
}  // namespace klik::traffic
