#include "traffic/conversations.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "support/traffic.h"

namespace klik::traffic {
namespace {

using test::tcp;
using test::udp;
constexpr std::int64_t kSecond = 1'000'000'000;
// Bytes that no protocol begins with.
constexpr std::string_view kNoise = "\xf7\xf6\xf5\xf4\xf3\xf2\xf1\xf0";

struct Capture {
  test::EventRecord events;
  Secrets secrets;
  Limits limits;
  Conversations conversations{events, secrets, limits, {}};
  void packet(const Packet& p) { conversations.packet(p); }
};

TEST(Conversations, TheCallerIsWhoeverSentTheSyn) {
  Capture c;
  c.packet(tcp(false, 9, "", tcp_flag::syn));
  c.packet(tcp(true, 1, "", tcp_flag::syn | tcp_flag::ack));
  c.packet(tcp(false, 10, kNoise));
  c.packet(tcp(true, 2, "xyz"));
  c.conversations.end();
  ASSERT_EQ(c.events.connections.size(), 1u);
  const Connection& found = c.events.connections[0];
  EXPECT_EQ(found.caller.port, 443);
  EXPECT_EQ(found.caller_by, "syn");
  EXPECT_EQ(found.packets_up, 2u);
  EXPECT_EQ(found.bytes_up, kNoise.size());
  EXPECT_EQ(found.bytes_down, 3u);
}

TEST(Conversations, StartsAndEndsOfEachWayAreKnown) {
  Capture c;
  c.packet(tcp(true, 9, "", tcp_flag::syn));
  c.packet(tcp(false, 1, "xyz"));
  c.packet(tcp(true, 10, kNoise));
  c.packet(tcp(true, 10 + kNoise.size(), "", tcp_flag::fin | tcp_flag::ack));
  c.conversations.end();
  ASSERT_EQ(c.events.connections.size(), 1u);
  EXPECT_EQ(c.events.connections[0].starts, (std::array{true, false}));
  EXPECT_EQ(c.events.connections[0].closed, (std::array{true, false}));
}

TEST(Conversations, AHoleThatALimitGivesUpIsToldAndItsBytesAreNotMissing) {
  Capture c;
  c.limits.waiting_bytes = 1'000;
  c.events.stretches_wanted = true;
  c.packet(tcp(true, 9, "", tcp_flag::syn));
  c.packet(tcp(true, 10, kNoise));
  for (std::uint32_t i = 0; i < 20; ++i) c.packet(tcp(true, 24 + 6 * i, "segm  "));
  ASSERT_EQ(c.events.problems.size(), 1u);
  EXPECT_EQ(c.events.problems[0].error.code, Code::over_budget);
  EXPECT_EQ(c.events.problems[0].severity, EventSink::Severity::data_loss);
  c.packet(tcp(true, 18, "late!!"));
  c.packet(tcp(true, 18, "late!!"));
  c.conversations.end();
  const Connection& found = c.events.connections.at(0);
  EXPECT_EQ(found.missing_up, 0u);
  EXPECT_EQ(found.late_up, 6u);
  EXPECT_EQ(found.bytes_up, kNoise.size() + 6 + 20 * 6);
  EXPECT_EQ(found.dark_up, found.bytes_up);
  EXPECT_TRUE(std::ranges::any_of(c.events.stretches, [](const auto& s) { return s.bytes == "late!!"; })) << "it is searched";
  EXPECT_EQ(c.events.problems.size(), 1u);
}

TEST(Conversations, BytesOfSegmentsThatOverlapAreCountedOnce) {
  Capture c;
  c.packet(tcp(true, 9, "", tcp_flag::syn));
  const std::string all(3'115, '\xf1');
  for (const auto& [from, to] : {std::pair{1000u, 2000u}, {500u, 2000u}, {0u, 500u}, {2000u, 3115u}, {100u, 2500u}}) c.packet(tcp(true, 10 + from, std::string_view(all).substr(from, to - from)));
  c.conversations.end();
  EXPECT_EQ(c.events.connections.at(0).bytes_up, all.size());
}

TEST(Conversations, TheWayThatHoldsMostGivesUpForAll) {
  Capture c;
  c.limits.waiting_total = 16'000;
  const std::string segment(100, '\xf1');
  const auto of = [](Packet p, std::uint16_t port) {
    (p.from.port == test::kPhone.port ? p.from : p.to).port = port;
    return p;
  };
  for (const std::uint16_t port : {std::uint16_t{1001}, std::uint16_t{1002}}) c.packet(of(tcp(true, 9, "", tcp_flag::syn), port)), c.packet(of(tcp(true, 10, kNoise), port));
  c.packet(of(tcp(true, 20, segment), 1002));   // two bytes are still to come
  for (std::uint32_t i = 0; i < 200; ++i) c.packet(of(tcp(true, 30 + 200 * i, segment), 1001));
  c.packet(of(tcp(true, 18, "ab"), 1002));
  c.conversations.end();
  ASSERT_EQ(c.events.connections.size(), 2u);
  EXPECT_GT(c.events.connections[0].missing_up, 0u);
  EXPECT_EQ(c.events.connections[1].missing_up + c.events.connections[1].late_up, 0u);
  ASSERT_EQ(c.events.problems.size(), 1u);
  EXPECT_NE(c.events.problems[0].detail.find("connection 1,"), std::string::npos) << c.events.problems[0].detail;
}

TEST(Conversations, AKeepAliveAloneIsNothingDark) {
  Capture c;
  c.packet(tcp(true, 9, "?"));
  c.packet(tcp(false, 1, ""));
  c.conversations.end();
  const Connection& found = c.events.connections.at(0);
  EXPECT_EQ(found.bytes_up + found.dark_up, 0u);
  EXPECT_EQ(found.dark, Dark::none);
  EXPECT_EQ(found.protocol, "");
}

TEST(Conversations, AnEndBehindAHoleIsReachedOnlyWhenTheHoleIsGivenUp) {
  Capture c;
  c.packet(tcp(true, 9, "", tcp_flag::syn));
  c.packet(tcp(true, 10, kNoise));
  c.packet(tcp(true, 100, "", tcp_flag::fin | tcp_flag::ack));
  c.conversations.end();
  EXPECT_EQ(c.events.connections[0].closed, (std::array{false, false})) << "what lies before it never came";
}

TEST(Conversations, WithoutASynPortsTell) {
  for (const bool up : {true, false}) {
    Capture c;
    c.packet(tcp(up, 1, kNoise));
    c.conversations.end();
    ASSERT_EQ(c.events.connections.size(), 1u);
    EXPECT_EQ(c.events.connections[0].called.port, 443);
    EXPECT_EQ(c.events.connections[0].caller_by, "port");
    EXPECT_EQ(c.events.connections[0].bytes_up, up ? kNoise.size() : 0);
  }
  Capture c;
  Packet synack = tcp(false, 1, "", tcp_flag::syn | tcp_flag::ack);
  c.packet(synack);
  c.conversations.end();
  EXPECT_EQ(c.events.connections[0].caller_by, "syn-ack");
  EXPECT_EQ(c.events.connections[0].called.port, 443);
}

TEST(Conversations, ANewSynWithANewNumberIsANewConnection) {
  Capture c;
  c.packet(tcp(true, 100, "", tcp_flag::syn));
  c.packet(tcp(true, 100, "", tcp_flag::syn));   // a repeat
  c.packet(tcp(true, 101, kNoise));
  c.packet(tcp(true, 900, "", tcp_flag::syn, kSecond));
  c.packet(tcp(true, 901, kNoise, tcp_flag::ack, kSecond));
  c.conversations.end();
  ASSERT_EQ(c.events.connections.size(), 2u);
  EXPECT_EQ(c.events.connections[0].number, 1u);
  EXPECT_EQ(c.events.connections[1].number, 2u);
  EXPECT_EQ(c.events.connections[1].started_ns, kSecond);
}

TEST(Conversations, SilenceEndsDatagrams) {
  Capture c;
  c.packet(udp(true, kNoise, 0));
  c.packet(udp(true, kNoise, 100 * kSecond));
  c.packet(udp(true, kNoise, 400 * kSecond));
  c.conversations.end();
  ASSERT_EQ(c.events.connections.size(), 2u);
  EXPECT_EQ(c.events.connections[0].packets_up, 2u);
  EXPECT_EQ(c.events.connections[0].ended_ns, 100 * kSecond);
}

TEST(Conversations, AnotherRecordingInTheSameFileIsAnotherConnection) {
  Capture c;
  c.packet(tcp(true, 1, kNoise, tcp_flag::ack, 5000 * kSecond));
  c.packet(tcp(true, 9, kNoise, tcp_flag::ack, 4999 * kSecond));   // swapped on the way
  c.packet(tcp(true, 1, "other bytes of the same numbers", tcp_flag::ack, 900 * kSecond));
  c.conversations.end();
  ASSERT_EQ(c.events.connections.size(), 2u);
  EXPECT_EQ(c.events.connections[0].bytes_up, 2 * kNoise.size());
}

TEST(Conversations, WhatNobodyKnowsIsToldAndDark) {
  Capture c;
  c.packet(tcp(true, 1, kNoise));
  c.packet(tcp(true, 9, "and more"));
  c.packet(udp(false, kNoise));
  c.conversations.end();
  ASSERT_EQ(c.events.unknowns.size(), 2u);
  EXPECT_EQ(c.events.unknowns[0].first.size(), kNoise.size());
  EXPECT_EQ(c.events.unknowns[0].entropy_millibits, 3000u);
  for (const Connection& found : c.events.connections) {
    EXPECT_EQ(found.dark, Dark::unknown_protocol);
    EXPECT_EQ(found.dark_up + found.dark_down, found.bytes_up + found.bytes_down);
    EXPECT_EQ(found.protocol, "unknown");
  }
}

TEST(Conversations, FalseBytesBeforeALongerTrueSegmentAreTold) {
  for (const bool false_first : {true, false}) {
    Capture c;
    c.packet(tcp(true, 100, "", tcp_flag::syn));
    c.packet(tcp(true, 101, kNoise));
    c.packet(tcp(true, 119, false_first ? "XXXXX" : "abcde", tcp_flag::ack, 0, 77));
    c.packet(tcp(true, 109, "0123456789abcdefghij"));
    c.conversations.end();
    ASSERT_EQ(c.events.problems.size(), false_first ? 1u : 0u);
    EXPECT_EQ(c.events.connections[0].bytes_up, kNoise.size() + 20);
    if (!false_first) continue;
    EXPECT_EQ(c.events.problems[0].error.code, Code::conflict);
    EXPECT_EQ(c.events.problems[0].detail, "first copy at 77, connection 1, 198.51.100.7:443");
  }
}

TEST(Conversations, WithoutASynTheAcknowledgementsTellWhatIsMissing) {
  const auto acknowledging = [](Packet p, std::uint32_t number) {
    p.acknowledged = number;
    return p;
  };
  Capture c;
  c.packet(acknowledging(tcp(true, 50, kNoise), 7000));
  c.packet(acknowledging(tcp(false, 7500, "answer"), 58));
  c.packet(acknowledging(tcp(true, 0, "", tcp_flag::rst | tcp_flag::ack), 900'000));   // of a reset the number says nothing
  c.packet(acknowledging(tcp(true, 58, kNoise), 8000));
  c.conversations.end();
  ASSERT_EQ(c.events.connections.size(), 1u);
  EXPECT_EQ(c.events.connections[0].missing_up, 0u);
  EXPECT_EQ(c.events.connections[0].missing_down, 500u + 494u);
  EXPECT_EQ(c.events.connections[0].bytes_down, 6u);
  Capture bare;   // without any payload
  bare.packet(acknowledging(tcp(true, 50, ""), 7000));
  bare.packet(acknowledging(tcp(true, 50, ""), 7300));
  bare.conversations.end();
  EXPECT_EQ(bare.events.connections[0].missing_down, 300u);
}

TEST(Conversations, OpenConnectionsAreBounded) {
  Capture c;
  c.limits.open_connections = 10;
  for (std::uint32_t i = 0; i < 1000; ++i) {
    Packet p = udp(true, kNoise);
    p.from.port = static_cast<std::uint16_t>(1024 + i);
    c.packet(p);
  }
  EXPECT_EQ(c.events.connections.size(), 990u);
  c.conversations.end();
  ASSERT_EQ(c.events.connections.size(), 1000u);
  for (std::size_t i = 0; i < 1000; ++i) EXPECT_EQ(c.events.connections[i].number, i + 1);
}

TEST(Conversations, ManyConnectionsAreFoundAgain) {
  Capture c;
  for (int round = 0; round < 3; ++round)
    for (std::uint32_t i = 0; i < 5000; ++i) {
      Packet p = udp(round != 1, kNoise);
      (round != 1 ? p.from : p.to).port = static_cast<std::uint16_t>(1024 + i * 7 % 60000);
      (round != 1 ? p.to : p.from).address = test::v4(10, static_cast<std::uint8_t>(i), static_cast<std::uint8_t>(i >> 8), 1);
      c.packet(p);
    }
  c.conversations.end();
  ASSERT_EQ(c.events.connections.size(), 5000u);
  for (const Connection& found : c.events.connections) {
    EXPECT_EQ(found.packets_up, 2u);
    EXPECT_EQ(found.packets_down, 1u);
  }
}

}  // namespace
}  // namespace klik::traffic
