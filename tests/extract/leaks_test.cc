#include "extract/leaks.h"

#include <gtest/gtest.h>

#include <string>

namespace klik {
namespace {

OwnerIdentifiers owner() {
  constexpr std::string_view kFile = "imei 000000123456789\nemail jan.test@example.com\n";
  return {traffic::read_identifiers(Bytes::of(kFile)).identifiers, std::vector<std::uint8_t>(32, 7)};
}

std::string text_of(const Fact& fact) {
  std::string out;
  for (const Value& v : fact.values) {
    if (const auto* text = std::get_if<std::string>(&v)) out += *text;
    if (const auto* number = std::get_if<std::int64_t>(&v)) out += std::to_string(*number);
    out += "|";
  }
  return out;
}

TEST(LeakFacts, HoldKindDigestAndPathButNoValue) {
  const OwnerIdentifiers given = owner();
  const BlobId capture(sha256(Bytes::of("made capture")));
  RecordingSink sink;
  auto search = traffic::LeakSearch::of(given.identifiers);
  const auto reader = leak_reader(capture, sink, given, search);
  traffic::Connection on;
  on.number = 3;
  reader->content(on, {.message = 5, .place = "request.body", .name = {}, .type = {}, .way = traffic::Way::up, .bytes = Bytes::of(R"({"jan.test@example.com":1,"did":"000000123456789","mail":"jan.test@example.com"})"), .coding = "gzip", .origin = {100, 50}, .time_ns = 9});
  ASSERT_EQ(sink.facts.size(), 3u);
  for (const Fact& fact : sink.facts) {
    EXPECT_EQ(fact.kind, &kNetLeak);
    const std::string all = text_of(fact);
    EXPECT_EQ(all.find("00000012345678"), std::string::npos) << all;
    EXPECT_EQ(all.find("example.com"), std::string::npos) << all;
    EXPECT_NE(all.find("request.body/gzip/json"), std::string::npos) << all;
    ASSERT_EQ(fact.origins.size(), 1u);
    EXPECT_EQ(fact.origins[0].at, 100u);
  }
  // The same key and the same values give the same facts, another key other digests.
  RecordingSink again, other;
  OwnerIdentifiers another = given;
  another.key[0] = 8;
  const traffic::Content content{.message = 5, .place = "request.path", .name = {}, .type = {}, .way = traffic::Way::up, .bytes = Bytes::of("/a?i=000000123456789"), .coding = {}};
  leak_reader(capture, again, given, search)->content(on, content);
  leak_reader(capture, other, another, search)->content(on, content);
  ASSERT_EQ(again.facts.size(), 1u);
  ASSERT_EQ(other.facts.size(), 1u);
  EXPECT_EQ(again.facts[0].values[3], sink.facts[0].values[3]);
  EXPECT_NE(again.facts[0].values[3], other.facts[0].values[3]);
}

TEST(LeakFacts, WhatWasLookedForIsToldByKindWithoutDigests) {
  OwnerIdentifiers given = owner();
  given.identifiers.push_back({traffic::IdentifierKind::email, "other@example.com"});
  RecordingSink sink;
  tell_sought(BlobId(sha256(Bytes::of("build"))), sink, given);
  ASSERT_EQ(sink.facts.size(), 2u);
  EXPECT_EQ(sink.facts[0].kind, &kNetSought);
  EXPECT_EQ(text_of(sink.facts[0]), "email|2|");
  EXPECT_EQ(text_of(sink.facts[1]), "imei|1|");
}

TEST(LeakFacts, AnArchiveThatStaysClosedIsToldOnce) {
  const OwnerIdentifiers given = owner();
  RecordingSink sink;
  auto search = traffic::LeakSearch::of(given.identifiers);
  const auto reader = leak_reader(BlobId(sha256({})), sink, given, search);
  // One member, "a", of sixteen bytes that say to be encrypted.
  const std::string sealed = std::string("PK\3\4\24\0\1\0\0\0\0\0\0\0\0\0\0\0\x10\0\0\0\4\0\0\0\1\0\0\0", 30) + "a" + "sixteen bytes...";
  for (std::uint64_t message = 1; message < 3; ++message)
    reader->content({}, {.message = message, .place = "request.body", .name = {}, .type = {}, .way = traffic::Way::up, .bytes = Bytes::of(sealed), .coding = {}, .origin = {77, 5}});
  ASSERT_EQ(sink.problems.size(), 1u);
  EXPECT_EQ(sink.problems[0].error.code, Code::encrypted);
  EXPECT_EQ(sink.problems[0].error.at, 77u);
  EXPECT_EQ(sink.problems[0].severity, ProblemSeverity::info);
}

TEST(LeakFacts, ABudgetThatWasMetIsToldOnce) {
  const OwnerIdentifiers given = owner();
  RecordingSink sink;
  auto search = traffic::LeakSearch::of(given.identifiers);
  const auto reader = leak_reader(BlobId(sha256({})), sink, given, search);
  std::string wide = "[";
  for (int i = 0; i < 6000; ++i) wide += "\"dmFsdWUgbnVtYmVy" + std::to_string(1000 + i) + "\",";
  wide += "1]";
  for (std::uint64_t message = 1; message < 3; ++message)
    reader->content({}, {.message = message, .place = "request.body", .name = {}, .type = {}, .way = traffic::Way::up, .bytes = Bytes::of(wide), .coding = {}});
  ASSERT_EQ(sink.problems.size(), 1u);
  EXPECT_EQ(sink.problems[0].error.code, Code::over_budget);
}

}  // namespace
}  // namespace klik
