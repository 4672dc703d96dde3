// links: OpenSSL::SSL
#include <gtest/gtest.h>
#include <openssl/evp.h>

#include "io/source.h"
#include "support/evidence.h"
#include "support/tls_made.h"
#include "support/tls_maker.h"
#include "support/traffic.h"
#include "traffic/capture_reader.h"
#include "traffic/conversations.h"
#include "traffic/dtls_keys.h"
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

  explicit Reading(const std::string& log = "") {
    secrets.add_key_log(Bytes::of(log));
    connection.protocol = "dtls";
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

const std::string kUp = "a reading of the meter, 000000123456789", kDown = "an acknowledgement";
test::TlsMade spoken(int version, const std::string& suite, bool encrypt_then_mac = true) {
  return test::TlsMaker::make({.version = version, .suite = suite, .encrypt_then_mac = encrypt_then_mac, .said = {{Way::up, kUp}, {Way::down, kDown}, {Way::up, "more"}}});
}
void feed_all(Reading& r, const test::TlsMade& made) {
  for (const auto& [way, datagram] : made.flights) r.feed(way, test::text(datagram));
  r.reader->end();
}

TEST(Dtls, DataIsOpenedWithSecretsUnderEachSuite) {
  struct Case {
    int version;
    const char* suite;
    bool encrypt_then_mac = true;
  };
  for (const Case& c : {Case{DTLS1_2_VERSION, "ECDHE-ECDSA-AES128-GCM-SHA256"}, Case{DTLS1_2_VERSION, "ECDHE-RSA-AES256-GCM-SHA384"}, Case{DTLS1_2_VERSION, "ECDHE-RSA-CHACHA20-POLY1305"}, Case{DTLS1_2_VERSION, "ECDHE-ECDSA-AES128-CCM8"},
                        Case{DTLS1_2_VERSION, "ECDHE-RSA-AES128-SHA256"}, Case{DTLS1_2_VERSION, "AES256-SHA", false}, Case{DTLS1_VERSION, "ECDHE-RSA-AES128-SHA"}, Case{DTLS1_VERSION, "AES256-SHA", false}}) {
    const test::TlsMade made = spoken(c.version, c.suite, c.encrypt_then_mac);
    Reading r(made.key_log);
    feed_all(r, made);
    ASSERT_EQ(r.events.contents.size(), 3u) << c.suite;
    EXPECT_EQ(r.events.contents[0].bytes, kUp);
    EXPECT_EQ(r.events.contents[1].bytes, "more");
    EXPECT_EQ(r.events.contents[2].bytes, kDown);
    EXPECT_EQ(r.events.contents[0].place, "datagram");
    EXPECT_EQ(r.events.hellos.back().version, c.version == DTLS1_VERSION ? "DTLS 1.0" : "DTLS 1.2");
    EXPECT_EQ(r.connection.protocol, "dtls/unknown");
    EXPECT_EQ(r.connection.dark, Dark::unknown_protocol);
    EXPECT_EQ(r.connection.dark_up, kUp.size() + 4);
    EXPECT_EQ(r.connection.dark_down, kDown.size());
    EXPECT_EQ(r.events.messages.at(0).protocol, "dtls");
    EXPECT_EQ(r.events.messages[0].state, Opened::decrypted);

    Reading blind;
    feed_all(blind, made);
    EXPECT_TRUE(blind.events.contents.empty());
    EXPECT_EQ(blind.connection.dark, Dark::dtls);
    EXPECT_GT(blind.connection.dark_up, kUp.size());
  }
}

TEST(Dtls, LossOrderAndCopiesLeaveTheRestReadable) {
  const test::TlsMade made = spoken(DTLS1_2_VERSION, "ECDHE-RSA-AES128-GCM-SHA256");
  std::vector<std::pair<Way, Octets>> hellos, data;
  for (const auto& [way, datagram] : made.flights) (datagram[0] == 23 ? data : hellos).emplace_back(way, test::text(datagram));
  ASSERT_EQ(data.size(), 3u);
  Reading r(made.key_log);
  for (const auto& [way, d] : hellos)
    if (d[4] == 0 && d[0] == 22) r.feed(way, d);   // Finished, and the change of keys, are lost
  r.feed(data[2].first, data[2].second);
  r.feed(data[0].first, data[0].second);
  r.feed(data[0].first, data[0].second);
  Octets damaged = data[1].second;
  damaged.back() ^= 1;
  r.feed(data[1].first, damaged);
  r.feed(data[1].first, data[1].second);
  Octets wrong = data[1].second;
  wrong[4] = 2;   // an epoch that nobody agreed on
  r.feed(data[1].first, wrong);
  r.reader->end();
  ASSERT_EQ(r.events.contents.size(), 3u);
  EXPECT_EQ(r.events.contents[0].bytes, "more");
  EXPECT_EQ(r.events.contents[1].bytes, kUp);
  EXPECT_EQ(r.events.contents[2].bytes, kDown);
  EXPECT_EQ(r.connection.dark_up, kUp.size() + 4);
  EXPECT_EQ(r.connection.dark_down, damaged.size() + wrong.size() + kDown.size());
}

TEST(Dtls, EveryPrefixOfAnOpenedConnectionEndsQuietly) {
  const test::TlsMade made = spoken(DTLS1_2_VERSION, "ECDHE-RSA-AES128-GCM-SHA256");
  for (std::size_t last = 0; last < made.flights.size(); ++last) {
    const std::string& whole = made.flights[last].second;
    for (std::size_t n = 0; n < whole.size(); n += last + 3 < made.flights.size() ? 17 : 1) {
      Reading r(made.key_log);
      std::uint64_t given = 0;
      for (std::size_t i = 0; i <= last; ++i) {
        const std::string part = i < last ? made.flights[i].second : whole.substr(0, n);
        r.feed(made.flights[i].first, test::text(part));
        given += part.size();
      }
      r.reader->end();
      EXPECT_LE(r.connection.dark_up + r.connection.dark_down, given);
      std::size_t opened = 0;
      for (std::size_t i = 0; i < last; ++i) opened += made.flights[i].second[0] == 23;
      EXPECT_EQ(r.events.contents.size(), opened);
    }
  }
}

// A record of AES-128-GCM as RFC 5288 §3 and RFC 6347 §4.1 have it.
struct DtlsSeal {
  Octets client_key, server_key, client_iv, server_iv;
  DtlsSeal(const Octets& master, std::uint8_t client_random, std::uint8_t server_random) {
    const Octets seed = test::joined({Octets(32, server_random), Octets(32, client_random)});
    const Octets block = tls12_prf(HashAlgorithm::sha256, Bytes(master), "key expansion", Bytes(seed), 40);
    client_key.assign(block.begin(), block.begin() + 16), server_key.assign(block.begin() + 16, block.begin() + 32);
    client_iv.assign(block.begin() + 32, block.begin() + 36), server_iv.assign(block.begin() + 36, block.end());
  }
  Octets record(Way way, std::uint8_t type, std::uint16_t epoch, std::uint64_t sequence, const Octets& plain) const {
    const Octets number = test::joined({test::number(epoch, 2), test::number(sequence, 6)});
    const Octets nonce = test::joined({way == Way::up ? client_iv : server_iv, number}), additional = test::joined({number, {type, 0xfe, 0xfd}, test::number(plain.size(), 2)});
    Octets sealed(plain.size() + 16);
    int n = 0;
    EVP_CIPHER_CTX* c = EVP_CIPHER_CTX_new();
    const bool good = EVP_EncryptInit_ex(c, EVP_aes_128_gcm(), nullptr, (way == Way::up ? client_key : server_key).data(), nonce.data()) == 1 && EVP_EncryptUpdate(c, nullptr, &n, additional.data(), static_cast<int>(additional.size())) == 1 &&
                      EVP_EncryptUpdate(c, sealed.data(), &n, plain.data(), static_cast<int>(plain.size())) == 1 && EVP_EncryptFinal_ex(c, sealed.data() + n, &n) == 1 && EVP_CIPHER_CTX_ctrl(c, EVP_CTRL_AEAD_GET_TAG, 16, sealed.data() + plain.size()) == 1;
    EVP_CIPHER_CTX_free(c);
    EXPECT_TRUE(good);
    return klik::traffic::record(type, epoch, sequence, test::joined({number, sealed}));
  }
};
const Octets kMaster(48, 0xaa), kMaster2(48, 0xbb);
std::string log_line(std::uint8_t random, const Octets& master) { return "CLIENT_RANDOM " + hex(Bytes(Octets(32, random))) + " " + hex(Bytes(master)) + "\n"; }
Octets made_client_hello(std::uint8_t random, const Octets& extensions = {}) { return test::client_hello({.version = 0xfefd, .random = random, .suites = test::words({0xc02f}), .extensions = extensions, .dtls = true}); }
Octets made_server_hello(std::uint8_t random, const Octets& extensions = {}, std::uint16_t suite = 0xc02f) {
  return test::joined({{0xfe, 0xfd}, Octets(32, random), {0}, test::number(suite, 2), {0}, test::counted(extensions, 2)});
}
Octets message(std::uint8_t type, std::uint16_t number, const Octets& body) { return fragment(type, number, body, 0, body.size()); }

TEST(Dtls, ARenegotiationBringsANewEpochAndTheOldOneStillOpens) {
  Reading r(log_line(1, kMaster) + log_line(3, kMaster2));
  const DtlsSeal first(kMaster, 1, 2), second(kMaster2, 3, 4);
  r.feed(Way::up, record(22, 0, 0, message(1, 0, made_client_hello(1))));
  r.feed(Way::down, record(22, 0, 0, message(2, 0, made_server_hello(2))));
  r.feed(Way::up, first.record(Way::up, 23, 1, 1, test::text("one")));
  r.feed(Way::up, first.record(Way::up, 22, 1, 2, message(1, 0, made_client_hello(3, test::server_name_of("second.example")))));
  r.feed(Way::down, first.record(Way::down, 22, 1, 0, message(2, 0, made_server_hello(4))));
  r.feed(Way::up, second.record(Way::up, 23, 2, 0, test::text("three")));
  r.feed(Way::up, first.record(Way::up, 23, 1, 4, test::text("two")));
  r.feed(Way::down, second.record(Way::down, 23, 2, 0, test::text("answer")));
  r.feed(Way::down, second.record(Way::down, 21, 2, 1, {2, 40}));
  r.reader->end();
  ASSERT_EQ(r.events.hellos.size(), 4u);
  EXPECT_EQ(r.events.hellos[2].sni, "second.example");
  ASSERT_EQ(r.events.contents.size(), 4u);
  EXPECT_EQ(r.events.contents[0].bytes + r.events.contents[1].bytes + r.events.contents[2].bytes, "onethreetwo");
  EXPECT_EQ(r.events.messages.at(0).what, "alert");
  EXPECT_EQ(r.events.messages[0].state, Opened::decrypted);
  EXPECT_EQ(r.events.messages[0].detail, "fatal handshake_failure");
}

TEST(Dtls, AnotherConnectionOnTheSamePortsHasItsOwnKeys) {
  Reading r(log_line(1, kMaster) + log_line(3, kMaster2));
  const DtlsSeal first(kMaster, 1, 2), second(kMaster2, 3, 4);
  r.feed(Way::up, record(22, 0, 0, message(1, 0, made_client_hello(1))));
  r.feed(Way::down, record(22, 0, 0, message(2, 0, made_server_hello(2))));
  r.feed(Way::up, first.record(Way::up, 23, 1, 1, test::text("one")));
  r.feed(Way::up, record(22, 0, 9, message(1, 0, made_client_hello(3))));
  r.feed(Way::down, record(22, 0, 1, message(2, 0, made_server_hello(4))));
  r.feed(Way::up, second.record(Way::up, 23, 1, 1, test::text("other")));
  r.reader->end();
  ASSERT_EQ(r.events.contents.size(), 2u);
  EXPECT_EQ(r.events.contents[1].bytes, "other");
}

TEST(Dtls, RecordsWithConnectionIdsAreCountedAndTheNextIsRead) {
  // RFC 9146 §3: the id that an end wants to see; here the client wants none of its own but takes part.
  const Octets wants = test::extension_of(54, {4, 1, 2, 3, 4}), takes_part = test::extension_of(54, {0});
  Reading r(log_line(1, kMaster));
  const DtlsSeal seal(kMaster, 1, 2);
  r.feed(Way::up, record(22, 0, 0, message(1, 0, made_client_hello(1, takes_part))));
  r.feed(Way::down, record(22, 0, 0, message(2, 0, made_server_hello(2, wants))));
  const Octets with_id = test::joined({{25, 0xfe, 0xfd, 0, 1}, test::number(5, 6), {1, 2, 3, 4}, test::counted(Octets(30, 9), 2)});
  r.feed(Way::up, test::joined({with_id, seal.record(Way::up, 23, 1, 6, test::text("behind it")), with_id}));
  // To the client: the same type without an id.
  const Octets without = test::joined({{25, 0xfe, 0xfd, 0, 1}, test::number(5, 6), test::counted(Octets(31, 9), 2)});
  r.feed(Way::down, test::joined({without, seal.record(Way::down, 23, 1, 6, test::text("and this"))}));
  for (std::size_t n = 1; n < with_id.size(); ++n) r.feed(Way::up, {with_id.begin(), with_id.begin() + static_cast<std::ptrdiff_t>(n)});
  r.reader->end();
  ASSERT_EQ(r.events.contents.size(), 2u);
  EXPECT_EQ(r.events.contents[0].bytes, "behind it");
  EXPECT_EQ(r.connection.dark_up, 2 * with_id.size() + 9 + with_id.size() * (with_id.size() - 1) / 2);
  EXPECT_EQ(r.connection.dark_down, without.size() + 8);

  // Where nobody agreed on ids the rest of the datagram cannot be parted.
  Reading never;
  never.feed(Way::up, record(22, 0, 0, message(1, 0, made_client_hello(1))));
  never.feed(Way::up, with_id);
  EXPECT_EQ(never.connection.dark_up, with_id.size());
}

TEST(Dtls, Version13IsToldAndItsRecordsAreDark) {
  const Octets offers = test::extension_of(43, test::counted(test::words({0xfefc, 0xfefd}), 1)), chosen = test::extension_of(43, test::number(0xfefc, 2));
  Octets retry = made_server_hello(0, chosen, 0x1301);
  const Octets random = *unhex("cf21ad74e59a6111be1d8c021e65b891c2a211167abb8c5e079e09e2c8a8339c");
  std::copy(random.begin(), random.end(), retry.begin() + 2);
  Reading r(log_line(1, kMaster));
  r.feed(Way::up, record(22, 0, 0, message(1, 0, made_client_hello(1, offers))));
  r.feed(Way::down, record(22, 0, 0, message(2, 0, retry)));
  r.feed(Way::up, record(22, 0, 1, message(1, 1, made_client_hello(1, offers))));
  r.feed(Way::down, record(22, 0, 1, message(2, 1, made_server_hello(2, chosen, 0x1301))));
  // RFC 9147 §4: 001, connection id, sequence of 16 bits, length, epoch 2.
  r.feed(Way::down, test::joined({{0x2e, 0x12, 0x34}, test::counted(Octets(60, 7), 2)}));
  r.feed(Way::up, record(23, 1, 1, Octets(40, 5)));   // nothing of 1.2 either
  r.reader->end();
  ASSERT_EQ(r.events.hellos.size(), 4u);
  EXPECT_EQ(r.events.hellos[0].version, "DTLS 1.3");
  EXPECT_FALSE(r.events.hellos[0].retried);
  EXPECT_TRUE(r.events.hellos[0].ja4.starts_with("dd3i0101")) << r.events.hellos[0].ja4;
  EXPECT_TRUE(r.events.hellos[2].retried);
  EXPECT_EQ(r.events.hellos[3].version, "DTLS 1.3");
  EXPECT_EQ(r.events.hellos[3].cipher, "TLS_AES_128_GCM_SHA256");
  EXPECT_EQ(r.connection.dark, Dark::dtls);
  EXPECT_EQ(r.connection.dark_down, 65u);
}

TEST(Dtls, NamesAskedUnderKeysAreRead) {
  Reading r(log_line(1, kMaster));
  r.connection.called.port = 853;
  const DtlsSeal seal(kMaster, 1, 2);
  r.feed(Way::up, record(22, 0, 0, message(1, 0, made_client_hello(1))));
  r.feed(Way::down, record(22, 0, 0, message(2, 0, made_server_hello(2))));
  r.feed(Way::up, seal.record(Way::up, 23, 1, 1, test::text(std::string_view("\x12\x34\x01\0\0\x01\0\0\0\0\0\0\6inside\7example\0\0\x01\0\x01", 32))));
  r.reader->end();
  ASSERT_EQ(r.events.lookups.size(), 1u);
  EXPECT_EQ(r.events.lookups[0].name, "inside.example");
  EXPECT_EQ(r.connection.protocol, "dtls/dns");
  EXPECT_EQ(r.connection.dark, Dark::none);
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
