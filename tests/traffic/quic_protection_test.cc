// The vectors of RFC 9001 appendix A and RFC 9369 appendix A.
#include "traffic/quic_protection.h"

#include <gtest/gtest.h>

#include "support/quic_maker.h"

namespace klik::traffic {
namespace {

using namespace test;

Octets of(std::string_view digits) { return *unhex(digits); }
std::string text_of(const Octets& bytes) { return hex(Bytes(bytes)); }

const Octets kDestination = of("8394c8f03e515708");

TEST(QuicProtection, KeysOfInitialPacketsAreThoseOfRfc9001A1) {
  const QuicSeal client = initial_seal(quic::kV1, kDestination, true), server = initial_seal(quic::kV1, kDestination, false);
  EXPECT_EQ(text_of(client.secret), "c00cf151ca5be075ed0ebfb5c80323c42d6b7db67881289af4008f1f6c357aea");
  EXPECT_EQ(text_of(client.derived("key", 16)), "1f369613dd76d5467730efcbe3b1a22d");
  EXPECT_EQ(text_of(client.derived("iv", 12)), "fa044b2f42a3fd3b46fb255c");
  EXPECT_EQ(text_of(client.derived("hp", 16)), "9f50449e04a0e810283a1e9933adedd2");
  EXPECT_EQ(text_of(server.secret), "3c199828fd139efd216c155ad844cc81fb82fa8d7446fa7d78be803acdda951b");
  EXPECT_EQ(text_of(server.derived("key", 16)), "cf3a5331653c364c88f0f379b6067e37");
  EXPECT_EQ(text_of(server.derived("iv", 12)), "0ac1493ca1905853b0bba03e");
  EXPECT_EQ(text_of(server.derived("hp", 16)), "c206b8d9b9f0f37644430b490eeaa314");
}

TEST(QuicProtection, KeysOfInitialPacketsAreThoseOfRfc9369A1) {
  const QuicSeal client = initial_seal(quic::kV2, kDestination, true), server = initial_seal(quic::kV2, kDestination, false);
  EXPECT_EQ(text_of(client.derived("key", 16)), "8b1a0bc121284290a29e0971b5cd045d");
  EXPECT_EQ(text_of(client.derived("iv", 12)), "91f73e2351d8fa91660e909f");
  EXPECT_EQ(text_of(client.derived("hp", 16)), "45b95e15235d6f45a6b19cbcb0294ba9");
  EXPECT_EQ(text_of(server.derived("key", 16)), "82db637861d55e1d011f19ea71d5d2a7");
  EXPECT_EQ(text_of(server.derived("iv", 12)), "dd13c276499c0249d3310652");
  EXPECT_EQ(text_of(server.derived("hp", 16)), "edf6d05c83121201b436e16877593c3a");
}

TEST(QuicProtection, TheClientsInitialOfRfc9001A2ComesOut) {
  Octets payload = of(
      "060040f1010000ed0303ebf8fa56f12939b9584a3896472ec40bb863cfd3e86804fe3a47f06a2b69484c00000413011302010000c000000010000e00000b6578616d706c652e636f6dff01000100"
      "000a00080006001d0017001800100007000504616c706e000500050100000000003300260024001d00209370b2c9caa47fbabaf4559fedba753de171fa71f50f1ce15d43e994ec74d748002b0003"
      "020304000d0010000e0403050306030203080408050806002d00020101001c00024001003900320408ffffffffffffffff05048000ffff07048000ffff0801100104800075300901100f088394c8"
      "f03e51570806048000ffff");
  payload.resize(1162);
  const Octets header = of("c300000001088394c8f03e5157080000449e00000002");
  const Octets packet = initial_seal(quic::kV1, kDestination, true).seal(header, 2, payload);
  ASSERT_EQ(packet.size(), 1200u);
  EXPECT_EQ(text_of(part(packet, 0, 38)), "c000000001088394c8f03e5157080000449e7b9aec34d1b1c98dd7689fb8ec11d242b123dc9b");
  EXPECT_EQ(text_of(part(packet, 1184, 16)), "e221af44860018ab0856972e194cd934");

  const auto parsed = quic::parse_long_header(Bytes(packet));
  ASSERT_TRUE(parsed);
  EXPECT_EQ(parsed->size, 1200u);
  NumberSpace numbers;
  Octets plain;
  auto keys = initial_protection(*quic::find_version(quic::kV1), Bytes(kDestination), QuicSide::client);
  ASSERT_TRUE(keys && keys->open(Bytes(packet), parsed->number_at, numbers, plain));
  EXPECT_EQ(plain, payload);
  EXPECT_EQ(numbers.largest, 2u);
  Octets damaged = packet;
  damaged[700] ^= 1;
  EXPECT_FALSE(keys->open(Bytes(damaged), parsed->number_at, numbers, plain));
}

void opens_server_initial(std::uint32_t version, std::string_view digits) {
  const Octets packet = of(digits);
  const auto parsed = quic::parse_long_header(Bytes(packet));
  ASSERT_TRUE(parsed);
  EXPECT_EQ(parsed->type, quic::PacketType::initial);
  EXPECT_EQ(hex(parsed->source), "f067a5502a4262b5");
  NumberSpace numbers;
  Octets plain;
  auto keys = initial_protection(*quic::find_version(version), Bytes(kDestination), QuicSide::server);
  ASSERT_TRUE(keys && keys->open(Bytes(packet), parsed->number_at, numbers, plain));
  EXPECT_EQ(numbers.largest, 1u);
  EXPECT_EQ(text_of(part(plain, 0, 16)), "02000000000600405a020000560303ee");
}

TEST(QuicProtection, TheServersInitialOfRfc9001A3Opens) {
  opens_server_initial(quic::kV1,
                       "cf000000010008f067a5502a4262b5004075c0d95a482cd0991cd25b0aac406a5816b6394100f37a1c69797554780bb38cc5a99f5ede4cf73c3ec2493a1839b3dbcba3f6ea46c5b7684df3548e7d"
                       "deb9c3bf9c73cc3f3bded74b562bfb19fb84022f8ef4cdd93795d77d06edbb7aaf2f58891850abbdca3d20398c276456cbc42158407dd074ee");
}

TEST(QuicProtection, TheServersInitialOfRfc9369A3Opens) {
  opens_server_initial(quic::kV2,
                       "dc6b3343cf0008f067a5502a4262b5004075d92faaf16f05d8a4398c47089698baeea26b91eb761d9b89237bbf87263017915358230035f7fd3945d88965cf17f9af6e16886c61bfc703106fbaf3"
                       "cb4cfa52382dd16a393e42757507698075b2c984c707f0a0812d8cd5a6881eaf21ceda98f4bd23f6fe1a3e2c43edd9ce7ca84bed8521e2e140");
}

TEST(QuicProtection, ShortHeadersWithChaCha20AreThoseOfTheAppendices) {
  const Octets secret = of("9ac312a7f877468ebe69422748ad00a15443f18203a07d6060f688f30f21632b");
  for (const auto& [v2, digits] : {std::pair{false, "4cfe4189655e5cd55c41f69080575d7999c25a5bfb"}, std::pair{true, "5558b1c60ae7b6b932bc27d786f4bc2bb20f2162ba"}}) {
    auto keys = QuicProtection::make(Bytes(secret), AeadKind::chacha20_poly1305, v2);
    NumberSpace numbers{true, 654360563};
    Octets plain;
    ASSERT_TRUE(keys && keys->open(Bytes(of(digits)), 1, numbers, plain)) << v2;
    EXPECT_EQ(numbers.largest, 654360564u);
    EXPECT_EQ(plain, Octets{1});
  }
}

TEST(QuicProtection, KeysFollowTheirUpdatesAndLatePacketsStillOpen) {
  for (const AeadKind kind : {AeadKind::aes_128_gcm, AeadKind::aes_256_gcm, AeadKind::chacha20_poly1305}) {
    const QuicSeal first{Octets(digest_size(hash_of(kind)), 5), kind}, second = first.updated(), third = second.updated();
    auto keys = QuicProtection::make(Bytes(first.secret), kind, false);
    ASSERT_TRUE(keys);
    NumberSpace numbers;
    const Octets id = of("0102");
    const auto opens = [&](std::uint64_t n, const QuicSeal& with, bool phase) {
      Octets plain;
      const Octets payload = text("payload of packet");
      return keys->open(Bytes(short_packet(id, n, payload, with, phase, &first)), 3, numbers, plain) && plain == payload;
    };
    EXPECT_TRUE(opens(0, first, false));
    EXPECT_TRUE(opens(2, first, false));
    EXPECT_TRUE(opens(4, second, true));
    EXPECT_TRUE(opens(3, first, false));    // late
    EXPECT_TRUE(opens(5, second, true));
    EXPECT_FALSE(opens(6, third, true));    // not the keys that its phase says
    EXPECT_TRUE(opens(7, third, false));
    EXPECT_TRUE(opens(6, second, true));
    EXPECT_FALSE(opens(8, first, true));
    EXPECT_TRUE(opens(9, third, false));
  }
}

TEST(QuicProtection, EveryPrefixIsRefused) {
  const Octets packet = long_packet({.destination = kDestination, .source = of("01"), .at_least = 60}, crypto_frame(0, text("hello")), initial_seal(quic::kV1, kDestination, true));
  const auto parsed = quic::parse_long_header(Bytes(packet));
  ASSERT_TRUE(parsed);
  auto keys = initial_protection(*quic::find_version(quic::kV1), Bytes(kDestination), QuicSide::client);
  for (std::size_t n = 0; n < packet.size(); ++n) {
    const Octets prefix = part(packet, 0, n);
    NumberSpace numbers;
    Octets plain;
    EXPECT_FALSE(keys->open(Bytes(prefix), parsed->number_at, numbers, plain)) << n;
    EXPECT_FALSE(quic::parse_long_header(Bytes(prefix))) << n;
    EXPECT_FALSE(numbers.any);
  }
}

}  // namespace
}  // namespace klik::traffic
