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
  std::string late;   // its place is its number
  std::uint64_t take(std::uint32_t sequence, std::string_view bytes, std::uint8_t flags = tcp_flag::ack | tcp_flag::psh, std::uint32_t cut = 0) {
    Packet p = tcp(true, sequence, bytes, flags, 0, sequence);
    p.cut = cut;
    const std::uint64_t before = stream.bytes();
    stream.take(p, Way::up, reader, limits, waiting, [&](const Piece& piece) { late += std::to_string(piece.origin.at) + ":" + std::string(piece.bytes.text()) + ";"; });
    return stream.bytes() - before;
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
    ASSERT_EQ(one.finish(), whole);
    EXPECT_EQ(fresh, whole.size()) << "no byte counts twice";
    EXPECT_EQ(one.stream.bytes(), whole.size());
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

TEST(TcpStream, WithoutASynTheOtherSidesWordIsTheStart) {
  OneWay one;
  one.stream.hear(100);
  one.stream.hear(120);   // the first word counts
  one.take(110, "later");
  EXPECT_EQ(one.reader.text[0], "") << "what is between may still come";
  one.take(104, "first ");
  EXPECT_EQ(one.finish(), "<4>first later");
  EXPECT_EQ(one.stream.missing(), 4u + 5u) << "and of 115 to 120 nothing was seen";
  EXPECT_EQ(one.stream.start(), 100u);
}

TEST(TcpStream, AStartThatCannotBeIsNotTaken) {
  struct {
    std::uint32_t heard, sequence;
    std::uint8_t flags;
  } constexpr kCases[] = {{100, 90, tcp_flag::ack}, {100, 100, tcp_flag::ack}, {100, 100 + (1u << 30) + 1, tcp_flag::ack}, {100, 200, tcp_flag::syn | tcp_flag::ack}};
  for (const auto& c : kCases) {
    OneWay one;
    one.stream.hear(c.heard);
    one.take(c.sequence, "bytes", c.flags);
    EXPECT_EQ(one.finish(), "bytes");
    EXPECT_EQ(one.stream.missing(), c.sequence == 90 ? 5u : 0u);   // 90 to 94 were seen, up to 99 acknowledged
  }
  OneWay late;   // the other side spoke after this one
  late.take(200, "bytes");
  late.stream.hear(100);
  EXPECT_EQ(late.finish(), "bytes");
  EXPECT_EQ(late.stream.missing(), 0u);
}

TEST(TcpStream, WhatWasAcknowledgedAndNeverSeenIsMissing) {
  const auto missing = [](std::uint32_t acknowledged, std::uint8_t flags) {
    OneWay one;
    one.take(1, "ab", flags);
    one.stream.hear(acknowledged);
    EXPECT_EQ(one.finish(), "ab");
    return one.stream.missing();
  };
  EXPECT_EQ(missing(3, tcp_flag::ack), 0u);
  EXPECT_EQ(missing(4, tcp_flag::ack), 0u) << "a FIN that is not in the capture";
  EXPECT_EQ(missing(10, tcp_flag::ack), 7u);
  EXPECT_EQ(missing(4, tcp_flag::ack | tcp_flag::fin), 0u);
  EXPECT_EQ(missing(2, tcp_flag::ack), 0u);
  OneWay nothing;
  nothing.stream.hear(1000);
  nothing.stream.hear(1500);
  EXPECT_EQ(nothing.finish(), "");
  EXPECT_EQ(nothing.stream.missing(), 500u);
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
  OneWay later;
  later.take(0, "", tcp_flag::syn);
  later.take(3, "c", tcp_flag::ack, 4);
  later.take(1, "abcd");   // reaches into what was cut
  EXPECT_EQ(later.finish(), "abcd<3>");
  EXPECT_EQ(later.take(1, "abcdefg"), 3u);
  EXPECT_EQ(later.late, "5:efg;");
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
  one.limits.waiting_bytes = 1'000;
  one.take(1, "a");
  const std::string ten(10, 'x');
  for (std::uint32_t i = 0; i < 1000; ++i) {
    one.take(10 + 20 * i, ten);
    EXPECT_LE(one.waiting.bytes, 1'000u) << "with what keeping a segment costs";
  }
  EXPECT_GT(one.stream.given_up(), 900u);
  const std::string all = one.finish();
  EXPECT_EQ(std::ranges::count(all, 'x'), 10'000);
  EXPECT_EQ(std::ranges::count(all, '<'), 1000);
}

TEST(TcpStream, AByteAtATimeInReverseOrderIsTheStream) {
  OneWay one;
  one.take(0, "", tcp_flag::syn);
  for (std::uint32_t i = 20'000; i > 0; --i) one.take(i, "x");
  EXPECT_EQ(one.stream.given_up(), 0u);
  EXPECT_EQ(one.finish(), std::string(20'000, 'x'));
  EXPECT_EQ(one.stream.missing(), 0u);
}

TEST(TcpStream, ASegmentMayComeMegabytesLater) {
  OneWay one;
  const std::string segment(1'400, 'x');
  one.take(1, "a");
  for (std::uint32_t i = 0; i < 3'000; ++i) one.take(4 + 1'400 * i, segment);
  EXPECT_EQ(one.reader.text[0], "a");
  one.take(2, "bc");
  EXPECT_EQ(one.reader.text[0].size(), 3 + 3'000 * segment.size());
  EXPECT_EQ(one.stream.missing() + one.stream.late() + one.stream.given_up(), 0u);
}

TEST(TcpStream, WhatComesForAHoleThatWasGivenUpIsNotMissing) {
  OneWay one;
  one.take(1, "a");
  one.take(8, "h");
  one.stream.give_up(Way::up, one.reader, one.waiting);
  EXPECT_EQ(one.reader.text[0], "a<6>h");
  EXPECT_EQ(one.stream.missing(), 6u);
  EXPECT_EQ(one.take(3, "cd"), 2u);
  EXPECT_EQ(one.take(3, "cd"), 0u) << "once";
  EXPECT_EQ(one.take(1, "abcde"), 2u) << "what is left on both sides of it";
  EXPECT_EQ(one.stream.missing(), 2u);
  EXPECT_EQ(one.stream.late(), 4u);
  EXPECT_EQ(one.late, "3:cd;2:b;5:e;");
  EXPECT_EQ(one.take(6, "fghi"), 3u) << "late, known, next";
  EXPECT_EQ(one.late, "3:cd;2:b;5:e;6:fg;");
  EXPECT_EQ(one.finish(), "a<6>hi");
  EXPECT_EQ(one.stream.missing(), 0u);
  EXPECT_EQ(one.stream.bytes(), 9u);
}

TEST(TcpStream, ManyHolesThatWereGivenUpAreNotAllRemembered) {
  OneWay one;
  one.take(0, "", tcp_flag::syn);
  for (std::uint32_t i = 0; i < 1'000; ++i) {
    one.take(2 + 2 * i, "x");
    one.stream.give_up(Way::up, one.reader, one.waiting);
  }
  EXPECT_EQ(one.stream.missing(), 1'000u);
  EXPECT_EQ(one.take(1, "y"), 0u) << "a repeat, as far as is known";
  EXPECT_EQ(one.take(1'999, "y"), 1u);
}

TEST(TcpStream, KeepAliveBytesAndRepeatsAreNothingNew) {
  OneWay one;
  EXPECT_EQ(one.take(1, "abc"), 3u);
  EXPECT_EQ(one.take(3, "c"), 0u);
  EXPECT_EQ(one.take(1, "abc"), 0u);
  EXPECT_EQ(one.take(2, "bcd"), 1u);
  EXPECT_EQ(one.finish(), "abcd");
}

TEST(TcpStream, AKeepAliveIsNoStartOfAStream) {
  OneWay one;
  EXPECT_EQ(one.take(9, "?", tcp_flag::ack), 0u);
  EXPECT_EQ(one.take(9, "?", tcp_flag::ack), 0u);
  EXPECT_FALSE(one.stream.begun());
  EXPECT_EQ(one.take(10, "abc"), 3u);
  EXPECT_EQ(one.finish(), "abc");
  EXPECT_EQ(one.stream.missing(), 0u);
  OneWay pushed;
  EXPECT_EQ(pushed.take(9, "?", tcp_flag::ack | tcp_flag::psh), 1u) << "somebody writes";
  OneWay begun;
  begun.take(8, "", tcp_flag::syn);
  EXPECT_EQ(begun.take(9, "?", tcp_flag::ack), 1u) << "the first byte of all";
  OneWay heard;
  heard.stream.hear(9);
  EXPECT_EQ(heard.take(9, "?", tcp_flag::ack), 1u) << "the other side had not this byte";
  OneWay known;
  known.stream.hear(10);
  EXPECT_EQ(known.take(9, "?", tcp_flag::ack), 0u);
  OneWay last;
  EXPECT_EQ(last.take(9, "?", tcp_flag::ack | tcp_flag::fin), 1u);
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
  EXPECT_FALSE(one.stream.contradicts(tcp(true, 1, "first"), reread));
  EXPECT_FALSE(one.stream.contradicts(tcp(true, 3, "rst"), reread));
  const Packet other = tcp(true, 3, "rXt and more");
  ASSERT_TRUE(one.stream.overlaps(other));
  const auto found = one.stream.contradicts(other, reread);
  ASSERT_TRUE(found);
  EXPECT_TRUE(found->read);
  EXPECT_EQ(found->first.at, 11u);
  EXPECT_EQ(found->first.length, 3u);
  EXPECT_FALSE(one.stream.contradicts(other, {}));
  EXPECT_FALSE(one.stream.contradicts(tcp(true, 5, "X"), reread)) << "a keep-alive";
  EXPECT_TRUE(one.stream.contradicts(tcp(true, 4, "X"), reread));
  EXPECT_FALSE(one.stream.overlaps(tcp(true, 6, "next")));
}

TEST(TcpStream, ARepeatOfWhatWasLongAgoIsCompared) {
  std::string file(1000, '.');
  const Reread reread = [&](std::uint64_t at, MutableBytes out) {
    copy_bytes(out, 0, Bytes::of(file.substr(at, out.size())));
    return true;
  };
  OneWay one;
  for (std::uint32_t i = 0; i < 100; ++i) one.stream.take(tcp(true, 1 + 2 * i, "..", tcp_flag::ack, 0, 2 * i), Way::up, one.reader, one.limits, one.waiting);
  const auto found = one.stream.contradicts(tcp(true, 1 + 2 * 40, "..XX.."), reread);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->first.at, 82u);
}

TEST(TcpStream, WhatWaitsIsComparedWithWhateverOverlapsIt) {
  const auto waiting = [](OneWay& one) {
    one.take(1, "ab");
    one.take(5, "efghijkl");   // its place is its number
    one.take(7, "gh");
    one.take(20, "tu");
  };
  struct {
    std::uint32_t sequence;
    std::string_view bytes;
    std::uint64_t at;   // of the first copy; 0: nothing is contradicted
  } constexpr kCases[] = {
      {3, "cd", 0}, {3, "cdefghijklmnopqrstuv", 0}, {5, "efghijkl", 0}, {12, "lmn", 0}, {3, "cdX", 5}, {3, "cdefghijklmnopqrstX", 20}, {5, "Xf", 5},
      {12, "Xm", 12}, {11, "k", 0}, {11, "X", 11}, {13, "XXXXXXX", 0}, {13, "XXXXXXXX", 20}, {21, "X", 21}, {22, "X", 0},
  };
  for (const auto& c : kCases) {
    OneWay one;
    waiting(one);
    const Packet p = tcp(true, c.sequence, c.bytes);
    EXPECT_TRUE(one.stream.overlaps(p));
    const auto found = one.stream.contradicts(p, {});
    ASSERT_EQ(found.has_value(), c.at != 0) << c.sequence << c.bytes;
    if (!found) continue;
    EXPECT_FALSE(found->read);
    EXPECT_EQ(found->first.at, c.at) << c.sequence << c.bytes;
  }
}

}  // namespace
}  // namespace klik::traffic
