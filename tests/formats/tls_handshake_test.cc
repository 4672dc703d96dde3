#include "formats/net/tls_handshake.h"

#include <gtest/gtest.h>

#include <random>

#include "formats/net/tls_record.h"
#include "support/tls_made.h"

namespace klik::tls {
namespace {

using namespace klik::test;

TEST(HandshakeAssembler, GivesMessagesHoweverTheyAreCut) {
  const Octets whole = joined({handshake(1, Octets(10, 1)), handshake(14, {}), handshake(11, Octets(300, 2))});
  for (std::size_t step = 1; step <= whole.size(); ++step) {
    HandshakeAssembler assembler(1000);
    std::vector<std::pair<int, std::size_t>> seen;
    for (std::size_t at = 0; at < whole.size(); at += step) {
      assembler.add(*Bytes(whole).slice(at, std::min(step, whole.size() - at)));
      while (const auto m = assembler.next()) seen.emplace_back(m->type, m->body.size());
    }
    EXPECT_EQ(seen, (std::vector<std::pair<int, std::size_t>>{{1, 10}, {14, 0}, {11, 300}})) << step;
    EXPECT_TRUE(assembler.between_messages());
  }
}

TEST(HandshakeAssembler, PassesOverWhatIsTooLong) {
  const Octets whole = joined({handshake(11, Octets(5000, 2)), handshake(2, {7})});
  for (const std::size_t step : {1, 3, 5003, 5004, 6000}) {
    HandshakeAssembler assembler(100);
    std::vector<int> seen;
    for (std::size_t at = 0; at < whole.size(); at += step) {
      assembler.add(*Bytes(whole).slice(at, std::min(step, whole.size() - at)));
      while (const auto m = assembler.next()) seen.push_back(m->type);
    }
    EXPECT_EQ(seen, std::vector<int>{2}) << step;
    EXPECT_EQ(assembler.passed_over(), 1u);
  }
}

Octets dtls_fragment(std::uint8_t type, std::uint16_t message, const Octets& body, std::size_t from, std::size_t size) {
  return joined({{type}, number(body.size(), 3), number(message, 2), number(from, 3), number(size, 3), {body.begin() + static_cast<std::ptrdiff_t>(from), body.begin() + static_cast<std::ptrdiff_t>(from + size)}});
}

TEST(DtlsAssembler, FragmentsInAnyOrderTwiceAndOverlappingGiveTheMessage) {
  Octets body;
  for (int i = 0; i < 200; ++i) body.push_back(static_cast<std::uint8_t>(i));
  std::mt19937 random(3);
  for (int round = 0; round < 100; ++round) {
    DtlsAssembler assembler(1000);
    unsigned given = 0;
    for (int n = 0; n < 400; ++n) {
      const std::size_t from = random() % body.size(), size = random() % std::min<std::size_t>(40, body.size() - from + 1);
      EXPECT_TRUE(assembler.add(Bytes(dtls_fragment(11, 5, body, from, size))));
      while (const auto m = assembler.next()) {
        EXPECT_TRUE(std::ranges::equal(m->body, body));
        ++given;
      }
    }
    assembler.add(Bytes(dtls_fragment(11, 5, body, 0, body.size())));
    given += assembler.next().has_value();
    EXPECT_EQ(given, 1u);
  }
}

TEST(DtlsAssembler, FragmentsThatContradictTheirMessageAreLeftOut) {
  const Octets body(20, 1), longer(30, 2);
  DtlsAssembler assembler(1000);
  assembler.add(Bytes(dtls_fragment(2, 0, body, 0, 10)));
  assembler.add(Bytes(dtls_fragment(2, 0, longer, 10, 20)));   // another length
  assembler.add(Bytes(dtls_fragment(1, 0, body, 10, 10)));     // another type
  EXPECT_FALSE(assembler.next());
  Octets past = dtls_fragment(2, 0, body, 10, 10);
  past[8] = 15;   // its offset and size go past the message
  EXPECT_FALSE(assembler.add(Bytes(past)));
  assembler.add(Bytes(dtls_fragment(2, 0, body, 10, 10)));
  EXPECT_TRUE(assembler.next());
}

TEST(DtlsAssembler, HoldsAFewMessagesOnly) {
  const Octets body(1000, 1);
  DtlsAssembler assembler(2000);
  for (std::uint16_t message = 0; message < 1000; ++message) assembler.add(Bytes(dtls_fragment(11, message, body, 0, 999)));
  assembler.add(Bytes(dtls_fragment(11, 0, body, 999, 1)));
  EXPECT_FALSE(assembler.next());   // the first ones are gone
  assembler.add(Bytes(dtls_fragment(11, 999, body, 999, 1)));
  EXPECT_TRUE(assembler.next());
}

TEST(Certificates, OfBothFormsAndEveryPrefix) {
  const Octets a(50, 1), b(60, 2);
  const Octets old = counted(joined({counted(a, 3), counted(b, 3)}), 3);
  const Octets now = joined({{0}, counted(joined({counted(a, 3), number(0, 2), counted(b, 3), counted({1, 2}, 2)}), 3)});
  for (const auto& [bytes, form] : {std::pair{old, CertificateForm::tls12}, std::pair{now, CertificateForm::tls13}}) {
    const auto chain = parse_certificates(Bytes(bytes), form);
    ASSERT_TRUE(chain);
    ASSERT_EQ(chain->size(), 2u);
    EXPECT_TRUE(std::ranges::equal((*chain)[1], b));
    for (std::size_t n = 0; n < bytes.size(); ++n) EXPECT_FALSE(parse_certificates(*Bytes(bytes).slice(0, n), form)) << n;
  }
}

TEST(Records, HeadersAreReadAndJudged) {
  const Octets tls = record(22, Octets(5, 0)), dtls = joined({{23}, number(0xfefd, 2), number(1, 2), number(0x010203040506, 6), counted({9}, 2)});
  const auto header = parse_record_header(Bytes(tls));
  ASSERT_TRUE(header);
  EXPECT_EQ(header->length, 5);
  EXPECT_TRUE(is_plausible(*header));
  EXPECT_FALSE(is_plausible(RecordHeader{22, 0x0305, 5}));
  EXPECT_FALSE(is_plausible(RecordHeader{19, 0x0303, 5}));
  EXPECT_FALSE(is_plausible(RecordHeader{22, 0x0303, 0x4801}));
  const auto datagram = parse_dtls_record_header(Bytes(dtls));
  ASSERT_TRUE(datagram);
  EXPECT_EQ(datagram->epoch, 1);
  EXPECT_EQ(datagram->sequence, 0x010203040506u);
  EXPECT_TRUE(is_plausible(*datagram));
  for (std::size_t n = 0; n < kRecordHeaderSize; ++n) EXPECT_FALSE(parse_record_header(*Bytes(tls).slice(0, n)));
  for (std::size_t n = 0; n < kDtlsRecordHeaderSize; ++n) EXPECT_FALSE(parse_dtls_record_header(*Bytes(dtls).slice(0, n)));
}

}  // namespace
}  // namespace klik::tls
