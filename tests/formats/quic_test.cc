#include "formats/net/quic.h"
#include "formats/net/quic_parameters.h"

#include <gtest/gtest.h>

#include "base/hash.h"
#include "formats/net/gquic.h"
#include "formats/net/quic_frames.h"
#include "support/tls_made.h"

namespace klik::quic {
namespace {

using namespace test;

Octets of(std::string_view digits) { return *unhex(digits); }
Octets cut(const Octets& all, std::size_t at, std::size_t n) {
  const Bytes b = *Bytes(all).slice(at, std::min(n, all.size() - at));
  return {b.begin(), b.end()};
}

TEST(QuicHeader, TypesOfLongHeadersRotateInVersion2) {
  const Octets tail = joined({{2, 0xaa, 0xbb, 1, 0xcc}, {0x14}, Octets(20, 1)});
  for (const auto& [first, v1, v2] : {std::tuple{0xc0, PacketType::initial, PacketType::retry}, std::tuple{0xd0, PacketType::zero_rtt, PacketType::initial}, std::tuple{0xe0, PacketType::handshake, PacketType::zero_rtt}, std::tuple{0xf0, PacketType::retry, PacketType::handshake}}) {
    for (const auto& [version, want] : {std::pair{kV1, v1}, std::pair{kV2, v2}}) {
      // An Initial has a token before its length.
      const Octets token = want == PacketType::initial ? Octets{3, 7, 7, 7} : Octets{};
      const Octets packet = joined({{static_cast<std::uint8_t>(first)}, number(version, 4), cut(tail, 0, 5), token, cut(tail, 5, 99)});
      const auto h = parse_long_header(Bytes(packet));
      ASSERT_TRUE(h);
      EXPECT_EQ(h->type, want);
      EXPECT_EQ(hex(h->destination), "aabb");
      EXPECT_EQ(hex(h->source), "cc");
      EXPECT_EQ(h->size, packet.size());
      if (want == PacketType::initial) {
        EXPECT_EQ(hex(h->token), "070707");
      }
      if (want == PacketType::retry) {
        EXPECT_EQ(h->token.size(), 5u);
      }
    }
  }
}

TEST(QuicHeader, LengthsThatDoNotFitAreRefused) {
  const auto packet = [](std::uint8_t id, const Octets& length, std::size_t body) { return joined({{0xe0}, number(kV1, 4), {id}, Octets(id, 1), {0}, length, Octets(body, 1)}); };
  EXPECT_TRUE(parse_long_header(Bytes(packet(20, {0x14}, 20))));
  EXPECT_EQ(parse_long_header(Bytes(packet(21, {0x14}, 20))).error().code, Code::bad_value);
  EXPECT_EQ(parse_long_header(Bytes(packet(0, {0x13}, 20))).error().code, Code::bad_value);
  EXPECT_EQ(parse_long_header(Bytes(packet(0, {0x15}, 20))).error().code, Code::truncated);
  EXPECT_EQ(parse_long_header(Bytes(packet(0, of("ffffffffffffffff"), 20))).error().code, Code::truncated);
  EXPECT_EQ(parse_long_header(Bytes(packet(0, {0x14}, 30)))->size, 28u);
}

TEST(QuicHeader, ADatagramIsWholeWhenItsPacketsFillIt) {
  const Octets one = joined({{0xe0}, number(kV1, 4), {1, 0x77}, {0, 0x14}, Octets(20, 1)});
  const Octets short_one = joined({{0x40, 0x77}, Octets(20, 2)});
  EXPECT_TRUE(looks_whole(Bytes(one)));
  EXPECT_TRUE(looks_whole(Bytes(joined({one, one, short_one}))));
  EXPECT_TRUE(looks_whole(Bytes(joined({one, Octets(9)}))));
  EXPECT_FALSE(looks_whole(Bytes(short_one)));
  EXPECT_FALSE(looks_whole(Bytes(joined({one, {0x40, 0x78}, Octets(20, 2)}))));
  EXPECT_FALSE(looks_whole(Bytes(joined({one, {0xc1}}))));
  EXPECT_FALSE(looks_whole(Bytes()));
}

TEST(QuicHeader, VersionNegotiationListsVersions) {
  const Octets packet = joined({{0x80}, number(0, 4), {1, 5, 1, 6}, number(kV1, 4), number(0x1a2a3a4a, 4)});
  const auto h = parse_long_header(Bytes(packet));
  ASSERT_TRUE(h);
  EXPECT_EQ(h->type, PacketType::version_negotiation);
  EXPECT_EQ(*offered_versions(Bytes(packet), *h), (std::vector<std::uint32_t>{kV1, 0x1a2a3a4a}));
  EXPECT_TRUE(is_reserved_version(0x1a2a3a4a));
  const Octets odd = cut(packet, 0, packet.size() - 1);
  EXPECT_FALSE(offered_versions(Bytes(odd), *parse_long_header(Bytes(odd))));
}

TEST(QuicHeader, PacketNumbersAreThoseClosestToTheNext) {
  EXPECT_EQ(full_packet_number(true, 0xa82f30ea, 0x9b32, 2), 0xa82f9b32u);   // RFC 9000 §A.3
  EXPECT_EQ(full_packet_number(false, 0, 0xff, 1), 0xffu);
  EXPECT_EQ(full_packet_number(true, 0xff, 0x01, 1), 0x101u);
  EXPECT_EQ(full_packet_number(true, 0x101, 0xfe, 1), 0xfeu);
  EXPECT_EQ(full_packet_number(true, (std::uint64_t{1} << 62) - 1, 0, 4), (std::uint64_t{1} << 62));
}

TEST(QuicFrames, EveryTypeIsPassedAndFollowed) {
  const std::vector<std::pair<Octets, FrameKind>> frames = {
      {{0, 0, 0}, FrameKind::padding},
      {{1}, FrameKind::ping},
      {{2, 9, 0, 1, 3, 0, 2}, FrameKind::ack},
      {{3, 9, 0, 0, 3, 1, 2, 3}, FrameKind::ack},
      {{4, 8, 1, 2}, FrameKind::reset_stream},
      {{5, 8, 1}, FrameKind::stop_sending},
      {{6, 0x40, 0x05, 2, 'h', 'i'}, FrameKind::crypto},
      {{7, 2, 'h', 'i'}, FrameKind::new_token},
      {{0x0f, 4, 7, 2, 'h', 'i'}, FrameKind::stream},
      {{0x0a, 4, 2, 'h', 'i'}, FrameKind::stream},
      {{0x10, 1}, FrameKind::flow},
      {{0x11, 1, 1}, FrameKind::flow},
      {{0x12, 1}, FrameKind::flow},
      {{0x13, 1}, FrameKind::flow},
      {{0x14, 1}, FrameKind::flow},
      {{0x15, 1, 1}, FrameKind::flow},
      {{0x16, 1}, FrameKind::flow},
      {{0x17, 1}, FrameKind::flow},
      {joined({{0x18, 1, 0, 2, 0xab, 0xcd}, Octets(16, 3)}), FrameKind::new_connection_id},
      {{0x19, 1}, FrameKind::retire_connection_id},
      {joined({{0x1a}, Octets(8, 3)}), FrameKind::path},
      {joined({{0x1b}, Octets(8, 3)}), FrameKind::path},
      {{0x1c, 1, 6, 2, 'h', 'i'}, FrameKind::connection_close},
      {{0x1d, 1, 2, 'h', 'i'}, FrameKind::connection_close},
      {{0x1e}, FrameKind::handshake_done},
      {{0x40, 0xaf, 1, 1, 1, 1}, FrameKind::flow},
      {{0x42, 0xf5, 0x40, 0x99}, FrameKind::flow},
      {{0x31, 2, 'h', 'i'}, FrameKind::datagram},
      {{0x08, 4, 'r', 'e', 's', 't'}, FrameKind::stream},
  };
  Octets all;
  for (const auto& [bytes, kind] : frames) append(all, bytes);
  Frames reader(Bytes(all), false);
  for (const auto& [bytes, kind] : frames) {
    ASSERT_FALSE(reader.done());
    const auto f = reader.next();
    ASSERT_TRUE(f) << static_cast<int>(kind);
    EXPECT_EQ(f->kind, kind);
    if (f->type == 6 || f->type == 0x0f || f->type == 0x0a || f->type == 0x31) {
      EXPECT_EQ(f->data.text(), "hi");
    }
    if (f->type == 6) {
      EXPECT_EQ(f->offset, 5u);
    }
    if (f->type == 0x0f) {
      EXPECT_TRUE(f->stream == 4 && f->offset == 7 && f->fin);
    }
    if (f->type == 0x18) {
      EXPECT_EQ(hex(f->connection_id), "abcd");
    }
    if (f->type == 0x08) {
      EXPECT_EQ(f->data.text(), "rest");
    }
  }
  EXPECT_TRUE(reader.done());
  // Every prefix ends with an error or at a frame's end, and never passes it.
  for (std::size_t n = 0; n < all.size(); ++n) {
    const Octets prefix = cut(all, 0, n);
    Frames each(Bytes(prefix), false);
    std::size_t count = 0;
    while (!each.done() && each.next()) ++count;
    EXPECT_LE(count, frames.size());
  }
}

TEST(QuicFrames, ImpossibleValuesEndThePacket) {
  // A type nobody registered; more ranges than bytes; bytes past the greatest offset; ids of no and of 21 bytes; a length past the end.
  for (const Octets& bytes : {of("21"), of("0200003f00"), of("06ffffffffffffffff0168"), of("0c04ffffffffffffffff68"), of("18010000"), joined({of("18010015"), Octets(40)}), of("3105")})
    EXPECT_FALSE(Frames(Bytes(bytes), false).next()) << hex(Bytes(bytes));
}

Octets chlo(const std::vector<std::pair<std::string, std::string>>& entries) {
  Octets table, values;
  const auto le = [](std::size_t v) { return Octets{static_cast<std::uint8_t>(v), static_cast<std::uint8_t>(v >> 8), 0, 0}; };
  for (const auto& [tag, value] : entries) {
    append(values, text(value));
    append(table, joined({text(tag), le(values.size())}));
  }
  return joined({text("CHLO"), le(entries.size()), table, values});
}
const std::string kSni("SNI\0", 4), kPad("PAD\0", 4);

TEST(Gquic, HellosAreFoundBehindEveryHeader) {
  const Octets hello = chlo({{kPad, "---"}, {kSni, "made.example"}, {"UAID", "Made/1.0"}});
  const Octets frame = joined({{0xa0, 1, 0x40, 0}, hello});
  const std::vector<std::pair<Octets, std::string>> packets = {
      {joined({{0x09}, Octets(8, 5), text("Q035"), {1}, Octets(12, 6), frame}), "Q035"},
      {joined({{0x39}, Octets(8, 5), text("Q043"), Octets(6, 1), Octets(12, 6), frame}), "Q043"},
      {joined({{0xc3}, text("Q046"), {0x50}, Octets(8, 5), Octets(4, 1), Octets(12, 6), frame}), "Q046"},
  };
  for (const auto& [packet, version] : packets) {
    const auto h = gquic::parse_versioned_header(Bytes(packet));
    ASSERT_TRUE(h) << version;
    EXPECT_EQ(h->version, version);
    EXPECT_EQ(h->connection_id.size(), 8u);
    const auto found = gquic::find_client_hello(*Bytes(packet).from(h->frames_at));
    ASSERT_TRUE(found) << version;
    EXPECT_EQ(found->find(kSni).text(), "made.example");
    EXPECT_EQ(found->find("UAID").text(), "Made/1.0");
    EXPECT_TRUE(found->find("ALPN").empty());
    for (std::size_t n = 0; n < packet.size(); ++n) {
      const Octets prefix = cut(packet, 0, n);
      const auto header = gquic::parse_versioned_header(Bytes(prefix));
      if (!header) continue;
      const auto partial = gquic::find_client_hello(*Bytes(prefix).from(header->frames_at));
      // Values that were cut are left out, never shortened.
      if (partial) {
        EXPECT_TRUE(partial->find(kSni).empty() || partial->find(kSni).text() == "made.example");
      }
    }
  }
}

TEST(Gquic, TablesThatContradictThemselvesAreRefused) {
  EXPECT_TRUE(gquic::parse_message(Bytes(chlo({{kSni, "a"}}))));
  EXPECT_FALSE(gquic::parse_message(Bytes(chlo({{"UAID", "x"}, {kSni, "y"}}))));   // tags descend
  EXPECT_FALSE(gquic::parse_message(Bytes(chlo({{kSni, "x"}, {kSni, "y"}}))));
  Octets backwards = chlo({{kPad, "12345"}, {kSni, "y"}});
  backwards[8 + 8 + 4] = 2;
  EXPECT_FALSE(gquic::parse_message(Bytes(backwards)));
  EXPECT_FALSE(gquic::parse_message(Bytes(of("43484c4f0000000000"))));
  EXPECT_FALSE(gquic::parse_message(Bytes(of("43484c4fffff0000"))));
}

TEST(QuicParameters, TheIdOfAPreferredAddressAndEveryPrefix) {
  std::vector<std::uint8_t> parameters = {0x01, 2, 0x40, 0x64, 0x0d, 44};
  parameters.insert(parameters.end(), 24, 7);
  parameters.insert(parameters.end(), {3, 0xa, 0xb, 0xc});
  parameters.insert(parameters.end(), 16, 4);
  const auto id = quic::preferred_address_id(Bytes(parameters));
  ASSERT_TRUE(id);
  EXPECT_EQ(hex(*id), "0a0b0c");
  for (std::size_t n = 0; n < parameters.size(); ++n) {
    const std::vector<std::uint8_t> part(parameters.begin(), parameters.begin() + static_cast<std::ptrdiff_t>(n));
    const auto cut = quic::preferred_address_id(Bytes(part));
    // Whole at the end of a parameter; in the middle of one never.
    EXPECT_EQ(cut.has_value(), n == 0 || n == 4) << n;
    if (cut) {
      EXPECT_TRUE(cut->empty());
    }
  }
}

}  // namespace
}  // namespace klik::quic
