#include "traffic/tcp_stream.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "support/traffic.h"

namespace klik::traffic {
namespace {

using test::tcp;

struct OneWay {
  TcpStream stream;
  test::StreamRecord reader;
  Limits limits;
  Waiting waiting;
  std::uint64_t take(std::uint32_t sequence, std::string_view bytes, std::uint8_t flags = tcp_flag::ack, std::uint32_t cut = 0) {
    Packet p = tcp(true, sequence, bytes, flags, 0, sequence);
    p.cut = cut;
    return stream.take(p, Way::up, reader, limits, waiting);
  }
  std::string finish() {
    stream.finish(Way::up, reader, waiting);
    EXPECT_EQ(waiting.bytes, 0u);
    return reader.text[0];
  }
};

TEST(TcpStream, SegmentsInAnyOrderGiveTheStream) {
  const std::string whole = "the quick brown fox jumps over the lazy dog";
  std::mt19937 random(7);
  for (int round = 0; round < 200; ++round) {
    // Cut anew, overlapping, each piece up to three times, shuffled behind the SYN; numbers wrap.
    const std::uint32_t base = 0xffffffe0u + static_cast<std::uint32_t>(round % 40);
    std::vector<std::pair<std::size_t, std::size_t>> pieces;
    for (std::size_t at = 0; at < whole.size();) {
      const std::size_t length = 1 + static_cast<std::size_t>(random() % 9);
      const std::size_t begin = at - std::min<std::size_t>(at, random() % 4);
      for (unsigned n = 1 + static_cast<unsigned>(random() % 3); n > 0; --n) pieces.emplace_back(begin, std::min(at + length, whole.size()) - begin);
      at += length;
    }
    std::ranges::shuffle(pieces, random);
    OneWay one;
    one.take(base - 1, "", tcp_flag::syn);
    std::uint64_t fresh = 0;
    for (const auto& [at, length] : pieces) fresh += one.take(base + static_cast<std::uint32_t>(at), std::string_view(whole).substr(at, length));
    EXPECT_GE(fresh, whole.size());
    ASSERT_EQ(one.finish(), whole);
    EXPECT_EQ(one.stream.missing(), 0u);
  }
}

TEST(TcpStream, WhatTheCaptureLacksIsToldWithItsLength) {
  OneWay one;
  one.take(100, "", tcp_flag::syn);
  one.take(101, "ab");
  one.take(113, "cd");
  EXPECT_EQ(one.reader.text[0], "ab");
  EXPECT_EQ(one.finish(), "ab<10>cd");
  EXPECT_EQ(one.stream.missing(), 10u);
}

TEST(TcpStream, AStreamMayBeginAnywhere) {
  OneWay one;
  one.take(5000, "seen first");
  one.take(5010, "!");
  EXPECT_EQ(one.finish(), "seen first!");
}

TEST(TcpStream, ByteThatASnapLengthCutAreAGap) {
  OneWay one;
  one.take(1, "head", tcp_flag::ack, 6);
  one.take(11, "next");
  EXPECT_EQ(one.finish(), "head<6>next");
  // The rest of a cut segment comes whole in a repeat that lies before the cut one is done: kept is what came first.
  OneWay again;
  again.take(1, "he");
  again.take(1, "he", tcp_flag::ack, 2);
  EXPECT_EQ(again.finish(), "he<2>");
}

TEST(TcpStream, AnAcknowledgedHoleIsGivenUpAfterManyMore) {
  OneWay one;
  one.take(1, "a");
  one.take(4, "b");
  for (int i = 0; i < 63; ++i) one.stream.acknowledged(5, Way::up, one.reader, one.waiting);
  EXPECT_EQ(one.reader.text[0], "a");
  one.stream.acknowledged(5, Way::up, one.reader, one.waiting);
  EXPECT_EQ(one.reader.text[0], "a<2>b");
  one.take(2, "xx");   // too late
  EXPECT_EQ(one.finish(), "a<2>b");
}

TEST(TcpStream, WaitingBytesAreBounded) {
  OneWay one;
  one.limits.waiting_bytes = 100;
  one.take(1, "a");
  const std::string ten(10, 'x');
  for (std::uint32_t i = 0; i < 1000; ++i) one.take(10 + 20 * i, ten);
  EXPECT_LE(one.waiting.bytes, 110u);
  const std::string all = one.finish();
  EXPECT_EQ(std::ranges::count(all, 'x'), 10'000);
  EXPECT_EQ(std::ranges::count(all, '<'), 1000);
}

TEST(TcpStream, KeepAliveBytesAndRepeatsAreNothingNew) {
  OneWay one;
  EXPECT_EQ(one.take(1, "abc"), 3u);
  EXPECT_EQ(one.take(3, "c"), 0u);
  EXPECT_EQ(one.take(1, "abc"), 0u);
  EXPECT_EQ(one.take(2, "bcd"), 1u);
  EXPECT_EQ(one.finish(), "abcd");
}

TEST(TcpStream, TheEndIsReachedWhenAllBeforeTheFinIsThere) {
  OneWay one;
  one.take(1, "ab");
  one.take(4, "d", tcp_flag::fin | tcp_flag::ack);
  EXPECT_FALSE(one.stream.finished());
  one.take(3, "c");
  EXPECT_TRUE(one.stream.finished());
  EXPECT_EQ(one.finish(), "abcd");
}

TEST(TcpStream, ARepeatWithOtherBytesIsSeen) {
  const std::string file = ".........first.......";
  const Reread reread = [&](std::uint64_t at, MutableBytes out) {
    if (at + out.size() > file.size()) return false;
    copy_bytes(out, 0, Bytes::of(file.substr(at, out.size())));
    return true;
  };
  OneWay one;
  one.stream.take(tcp(true, 1, "first", tcp_flag::ack, 0, 9), Way::up, one.reader, one.limits, one.waiting);
  Origin first;
  EXPECT_FALSE(one.stream.contradicts(tcp(true, 1, "first"), reread, first));
  EXPECT_FALSE(one.stream.contradicts(tcp(true, 3, "rst"), reread, first));
  const Packet other = tcp(true, 3, "rXt and more");
  ASSERT_TRUE(one.stream.repeats(other));
  EXPECT_TRUE(one.stream.contradicts(other, reread, first));
  EXPECT_EQ(first.at, 11u);
  EXPECT_EQ(first.length, 3u);
}

}  // namespace
}  // namespace klik::traffic
