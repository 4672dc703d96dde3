#include "traffic/inner_datagrams.h"

#include <gtest/gtest.h>

#include "support/traffic.h"

namespace klik::traffic {
namespace {

struct Reading {
  explicit Reading(InnerDatagrams::Setup of = {.carrier = "dtls"}) : setup(of) { connection.protocol = "dtls"; }
  Secrets secrets;
  Limits limits;
  Connection connection;
  test::EventRecord events;
  std::uint64_t collected = 0, at = 100;
  InnerDatagrams::Setup setup;
  std::unique_ptr<Context> context;
  ToldProtocols told;
  std::unique_ptr<InnerDatagrams> inner;

  void give(Way way, std::string_view text) {
    if (!inner) {
      context = std::make_unique<Context>(Context{connection, events, secrets, limits, &collected});
      inner = std::make_unique<InnerDatagrams>(*context, told, setup);
    }
    const std::string exact(text);
    inner->read({way, Bytes::of(exact), {at, 50}, static_cast<std::int64_t>(at)});
    at += 50;
  }
};

TEST(InnerDatagrams, ThoseOfOneWayAreOneMessageAndEachIsLookedInto) {
  Reading r({.carrier = "quic", .stream = 7});
  r.give(Way::up, "one");
  r.give(Way::down, "answer");
  r.give(Way::up, "");
  r.give(Way::up, "three");
  EXPECT_TRUE(r.events.messages.empty());
  EXPECT_EQ(r.collected, 14u);
  r.inner->end();
  EXPECT_EQ(r.collected, 0u);
  ASSERT_EQ(r.events.messages.size(), 2u);
  const Message& up = r.events.messages[0];
  EXPECT_EQ(up.protocol, "quic");
  EXPECT_EQ(up.what, "datagrams");
  EXPECT_EQ(up.way, Way::up);
  EXPECT_EQ(up.stream, 7u);
  EXPECT_EQ(up.body_bytes, 8u);
  EXPECT_EQ(up.detail, "2 datagrams");
  EXPECT_EQ(up.state, Opened::decrypted);
  EXPECT_EQ(up.origin.at, 100u);
  EXPECT_EQ(r.events.messages[1].detail, "1 datagram");
  ASSERT_EQ(r.events.contents.size(), 3u);
  EXPECT_EQ(r.events.contents[1].bytes, "three");
  EXPECT_EQ(r.events.contents[1].place, "datagram");
  EXPECT_EQ(r.events.contents[1].message, 1u);
  EXPECT_EQ(r.events.contents[2].message, 2u);
  EXPECT_EQ(r.events.contents[2].way, Way::down);
  // The start of each way is told as of anything unknown.
  EXPECT_EQ(r.events.starts, (std::vector<std::string>{"one", "answer"}));
  EXPECT_EQ(r.connection.protocol, "dtls/unknown");
  EXPECT_EQ(r.connection.dark, Dark::unknown_protocol);
  EXPECT_EQ(r.connection.dark_up, 8u);
}

TEST(InnerDatagrams, ManyAreToldByTheHandful) {
  Reading r;
  for (int n = 0; n < 150; ++n) r.give(Way::up, "datagram " + std::to_string(n));
  EXPECT_EQ(r.events.messages.size(), 2u);
  r.inner->end();
  ASSERT_EQ(r.events.messages.size(), 3u);
  EXPECT_EQ(r.events.messages[0].detail, "64 datagrams");
  EXPECT_EQ(r.events.messages[2].detail, "22 datagrams");
  EXPECT_EQ(r.events.messages[1].origin.at, 100u + 64 * 50);
  ASSERT_EQ(r.events.contents.size(), 150u);
  for (std::size_t n = 0; n < 150; ++n) EXPECT_EQ(r.events.contents[n].bytes, "datagram " + std::to_string(n));
  std::uint64_t bytes = 0;
  for (const Message& m : r.events.messages) bytes += m.body_bytes;
  EXPECT_EQ(bytes, r.connection.dark_up);
}

TEST(InnerDatagrams, LargeOnesAreTellingTooAndNothingIsHeldBeyondTheLimits) {
  Reading large;
  for (int n = 0; n < 5; ++n) large.give(Way::up, std::string(30'000, 'x'));
  large.inner->end();
  ASSERT_EQ(large.events.messages.size(), 3u);
  EXPECT_EQ(large.events.messages[0].detail, "2 datagrams");

  Reading full;
  full.limits.collected_total = 20;
  full.collected = 15;   // of others
  for (int n = 0; n < 3; ++n) full.give(Way::up, "1234567890");
  EXPECT_EQ(full.collected, 15u);
  full.inner->end();
  EXPECT_EQ(full.events.messages.size(), 3u);
  EXPECT_EQ(full.events.contents.size(), 3u);
  EXPECT_EQ(full.collected, 15u);

  Reading dropped;
  dropped.give(Way::up, "held when everything goes");
  dropped.inner.reset();
  EXPECT_EQ(dropped.collected, 0u);
}

TEST(InnerDatagrams, WhenNobodyLooksTheyAreCountedOnly) {
  Reading r;
  r.events.content_wanted = false;
  for (int n = 0; n < 1000; ++n) r.give(Way::down, "ten bytes.");
  EXPECT_EQ(r.collected, 0u);
  r.inner->end();
  ASSERT_EQ(r.events.messages.size(), 1u);
  EXPECT_EQ(r.events.messages[0].detail, "1000 datagrams");
  EXPECT_EQ(r.events.messages[0].body_bytes, 10'000u);
  EXPECT_TRUE(r.events.contents.empty());
}

TEST(InnerDatagrams, AProtocolThatIsKnownReadsThem) {
  const std::string question("\x12\x34\x01\0\0\x01\0\0\0\0\0\0\6inside\7example\0\0\x01\0\x01", 32);
  for (const bool recognise : {true, false}) {
    Reading r({.carrier = "h3", .recognise = recognise, .port = 53});
    r.give(Way::up, question);
    r.inner->end();
    ASSERT_EQ(r.events.lookups.size(), recognise ? 1u : 0u);
    EXPECT_EQ(r.events.messages.size(), recognise ? 0u : 1u);
    EXPECT_EQ(r.connection.protocol, recognise ? "dtls/dns" : "dtls/unknown");
    EXPECT_EQ(r.connection.dark_up, recognise ? 0u : question.size());
    if (recognise) {
      EXPECT_EQ(r.events.lookups[0].name, "inside.example");
    }
  }
}

TEST(InnerDatagrams, TwoThatSpeakTheSameAreSaidOnce) {
  Reading r;
  r.give(Way::up, "what nobody knows");
  InnerDatagrams second(*r.context, r.told, {.carrier = "dtls"});
  const std::string text = "and something else";
  second.read({Way::up, Bytes::of(text), {}, 0});
  second.end();
  r.inner->end();
  EXPECT_EQ(r.connection.protocol, "dtls/unknown");
}

}  // namespace
}  // namespace klik::traffic
