#include "traffic/quic_streams.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "support/traffic.h"
#include "traffic/quic_crypto.h"

namespace klik::traffic {
namespace {

using namespace test;

// Pieces of `whole`, overlapping, each up to three times, in any order.
std::vector<std::pair<std::size_t, std::size_t>> scattered(const std::string& whole, std::mt19937& random) {
  std::vector<std::pair<std::size_t, std::size_t>> pieces;
  for (std::size_t at = 0; at < whole.size();) {
    const std::size_t length = 1 + random() % 9, begin = at - std::min<std::size_t>(at, random() % 6);
    for (std::size_t n = 1 + random() % 3; n > 0; --n) pieces.emplace_back(begin, std::min(at + length, whole.size()) - begin);
    at += length;
  }
  std::ranges::shuffle(pieces, random);
  return pieces;
}

TEST(QuicReorder, PiecesInAnyOrderGiveTheWhole) {
  std::mt19937 random(11);
  const std::string whole = "the quick brown fox jumps over the lazy dog, and so on";
  for (int round = 0; round < 300; ++round) {
    QuicReorder order;
    std::string got;
    for (const auto& [at, length] : scattered(whole, random)) {
      const Bytes bytes = Bytes::of(std::string_view(whole).substr(at, length));
      if (const Bytes fresh = order.pass(at, bytes); !fresh.empty()) {
        got += fresh.text();
      } else {
        ASSERT_EQ(order.take(at, bytes, {}, 0, 1000), QuicReorder::Took::all);
      }
      while (const auto part = order.next()) got += Bytes(part->bytes).text();
      ASSERT_EQ(got.size(), order.at());
    }
    ASSERT_EQ(got, whole);
    ASSERT_EQ(order.held(), 0u);
  }
}

TEST(QuicReorder, TheFirstCopyStays) {
  QuicReorder order;
  EXPECT_EQ(order.take(2, Bytes::of("cd"), {}, 0, 100), QuicReorder::Took::all);
  EXPECT_EQ(order.take(1, Bytes::of("bXde"), {}, 0, 100), QuicReorder::Took::conflict);
  EXPECT_EQ(order.pass(0, Bytes::of("a")).text(), "");   // something waits: in order through take()
  EXPECT_EQ(order.take(0, Bytes::of("a"), {}, 0, 100), QuicReorder::Took::all);
  std::string got;
  while (const auto part = order.next()) got += Bytes(part->bytes).text();
  EXPECT_EQ(got, "abcde");
}

TEST(QuicReorder, WhatIsHeldIsBounded) {
  QuicReorder order;
  EXPECT_EQ(order.take(10, Bytes::of("0123456789"), {}, 0, 10), QuicReorder::Took::all);
  EXPECT_EQ(order.take(30, Bytes::of("x"), {}, 0, 10), QuicReorder::Took::full);
  EXPECT_EQ(order.take(12, Bytes::of("234"), {}, 0, 10), QuicReorder::Took::all);   // nothing new
  EXPECT_EQ(order.held(), 10u);
  EXPECT_EQ(order.skip_to(order.first_held()), 10u);
  EXPECT_EQ(Bytes(order.next()->bytes).text(), "0123456789");
}

struct Streams {
  Connection connection;
  EventRecord events;
  Secrets secrets;
  Limits limits;
  Context context{connection, events, secrets, limits};
  QuicStreams streams{context};
  std::int64_t now = 0;
  void give(std::uint64_t id, Way way, std::uint64_t offset, std::string_view bytes, bool fin = false) { streams.data(id, way, offset, Bytes::of(bytes), fin, {static_cast<std::uint64_t>(now), bytes.size()}, now), ++now; }
};

TEST(QuicStreams, EachStreamHasAReaderAndTheProtocolIsSaidOnce) {
  Streams s;
  s.streams.set_protocol("unheard-of");
  for (const std::uint64_t id : {0u, 4u, 8u}) {
    s.give(id, Way::up, 3, "lo", true);
    s.give(id, Way::up, 0, "hel");
    s.give(id, Way::up, 0, "hello", true);   // a repeat
    s.give(id, Way::down, 0, "yes", true);
    s.give(id, Way::down, 0, "yes", true);   // of a stream that is done
  }
  s.streams.end();
  EXPECT_EQ(s.events.unknowns.size(), 3u);   // one side was enough to tell
  EXPECT_EQ(s.connection.protocol, "unknown");
  EXPECT_EQ(s.connection.dark_up, 15u);
  EXPECT_EQ(s.connection.dark_down, 9u);
}

TEST(QuicStreams, HolesAreToldAtTheEnd) {
  Streams s;
  s.give(0, Way::up, 0, "ab");
  s.give(0, Way::up, 5, "cd");
  s.give(0, Way::up, 9, "ef", true);
  EXPECT_EQ(s.connection.missing_up, 0u);
  s.streams.end();
  EXPECT_EQ(s.connection.missing_up, 5u);
  EXPECT_EQ(s.connection.dark_up, 6u);
}

TEST(QuicStreams, BytesBehindTheEndAreNoPartOfTheStream) {
  Streams s;
  s.give(0, Way::up, 2, "", true);
  s.give(0, Way::up, 0, "abcdef");
  s.give(0, Way::up, 4, "efgh");
  s.give(1, Way::up, 0, "a server's stream, whose answer this is");
  s.give(3, Way::up, 0, "a server's one-way stream is none of the client's");
  s.streams.end();
  ASSERT_EQ(s.events.unknowns.size(), 2u);
  EXPECT_EQ(Bytes(s.events.unknowns[0].first).text(), "ab");
}

TEST(QuicStreams, ManyScatteredStreamsOfHttp3AllArrive) {
  Streams s;
  s.streams.set_protocol("h3");
  std::mt19937 random(5);
  const std::string request = std::string("\x01\x13\0\0\xd1\xd7\xc1\x50\x0c", 9) + "made.example";
  struct Step {
    std::uint64_t id;
    std::size_t at, length;
  };
  std::vector<Step> steps;
  for (std::uint64_t id = 0; id < 4 * 200; id += 4)
    for (const auto& [at, length] : scattered(request, random)) steps.push_back({id, at, length});
  // Neighbours change places, so that no more streams are open than may be.
  for (std::size_t i = 0; i + 40 < steps.size(); i += 40) std::shuffle(steps.begin() + static_cast<std::ptrdiff_t>(i), steps.begin() + static_cast<std::ptrdiff_t>(i + 40), random);
  for (const Step& step : steps) s.give(step.id, Way::up, step.at, std::string_view(request).substr(step.at, step.length), step.at + step.length == request.size());
  s.streams.end();
  std::vector<std::uint64_t> ids;
  for (const Message& m : s.events.messages)
    if (m.what == "request") ids.push_back(m.stream);
  std::ranges::sort(ids);
  ASSERT_EQ(ids.size(), 200u);
  for (std::size_t i = 0; i < ids.size(); ++i) EXPECT_EQ(ids[i], 4 * i);
  EXPECT_TRUE(s.events.problems.empty());
}

TEST(QuicCrypto, MessagesThatShareFramesComeOneByOne) {
  const std::string messages = std::string("\x01\0\0\x03" "abc", 7) + std::string("\x02\0\0\0", 4) + std::string("\x0b\0\0\x05" "12345", 9);
  std::mt19937 random(3);
  for (int round = 0; round < 100; ++round) {
    QuicCrypto crypto(100);
    std::string got;
    for (const auto& [at, length] : scattered(messages, random)) {
      EXPECT_EQ(crypto.take(at, Bytes::of(std::string_view(messages).substr(at, length)), {at, length}, 0), QuicReorder::Took::all);
      while (const auto m = crypto.next()) got += std::to_string(m->message.type) + ":" + std::string(m->message.body.text()) + " ";
    }
    ASSERT_EQ(got, "1:abc 2: 11:12345 ");
    EXPECT_EQ(crypto.start().text(), messages);
  }
}

}  // namespace
}  // namespace klik::traffic
