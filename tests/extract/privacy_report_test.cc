#include <gtest/gtest.h>

#include "support/evidence.h"
#include "support/files.h"
#include "support/made_rows.h"

namespace klik {
namespace {

RecordingSink read(std::string_view text) {
  RecordingSink sink;
  const Budget budget;
  const Bytes bytes = Bytes::of(text);
  const FileItem item{BlobId(sha256(bytes)), memory_source(std::vector<std::uint8_t>(bytes.begin(), bytes.end())), "ndjson", "report.ndjson", budget};
  for (const Extractor* e : extractors())
    if (e->name == "privacy_report@1") {
      EXPECT_TRUE(e->wants(item.kind, item.name));
      e->run(item, sink);
    }
  return sink;
}

std::string row(const Fact& f) {
  std::string out(f.kind->name);
  for (const Value& v : f.values) out += v.index() == 0 ? "|-" : v.index() == 1 ? "|" + std::to_string(std::get<1>(v)) : "|" + std::get<2>(v);
  return out;
}

constexpr std::string_view kMade =
    R"({"type":"access","accessor":{"identifier":"org.example.map","identifierType":"bundleID"},"category":"location","identifier":"0000","kind":"intervalBegin","timeStamp":"2022-01-01T12:00:00.500+01:00"})" "\n"
    R"({"type":"networkActivity","bundleID":"org.example.map","domain":"Tiles.Example.","domainOwner":"","domainType":2,"initiatedType":"AppInitiated","hits":3,"context":"secret.example","firstTimeStamp":"2022-01-01T11:00:01Z","timeStamp":"2022-01-01T11:00:02Z"})" "\r\n"
    "\n"
    R"({"type":"networkActivity","bundleID":"org.example.map","domain":"t.example","domainOwner":"Tracker, Ltd","domainType":1})";

TEST(PrivacyReport, TellsWhoReachedAndUsedWhat) {
  const auto sink = read(kMade);
  EXPECT_TRUE(sink.problems.empty());
  ASSERT_EQ(sink.facts.size(), 3u);
  EXPECT_EQ(row(sink.facts[0]), "net.app_access|1|org.example.map|location|intervalBegin|1641034800500000000");
  EXPECT_EQ(row(sink.facts[1]), "net.app_contact|2|org.example.map|tiles.example|-|2|AppInitiated|3|1641034801000000000|1641034802000000000");
  EXPECT_EQ(row(sink.facts[2]), "net.app_contact|4|org.example.map|t.example|Tracker, Ltd|1|-|-|-|-");
  for (const Fact& f : sink.facts) EXPECT_EQ(kMade.substr(f.origins[0].at, 7), "{\"type\"");
}

TEST(PrivacyReport, OtherLinesOfJsonAreNone) {
  const auto sink = read("{\"a\":1}\n[2]\n{\"type\":\"other\"}\nnot json\n");
  EXPECT_TRUE(sink.facts.empty());
  EXPECT_TRUE(sink.problems.empty());
}

TEST(PrivacyReport, LinesThatAreNotUnderstoodAreCounted) {
  const auto sink = read(std::string(kMade) + "\n{\"type\":\n{}\n{\"type\":\"a later kind\"}\n");
  EXPECT_EQ(sink.facts.size(), 3u);
  ASSERT_EQ(sink.problems.size(), 2u);
  EXPECT_EQ(sink.problems[0].error.at, kMade.size() + 9);
  EXPECT_EQ(sink.problems[1].detail, "2 of 7");
}

TEST(PrivacyReport, EveryPrefixIsWithoutHarm) {
  for (std::size_t n = 0; n <= kMade.size(); ++n) EXPECT_LE(read(kMade.substr(0, n)).facts.size(), 3u);
}

TEST(PrivacyReport, ARealOneIsReadToItsEnd) {
  KLIK_NEEDS_EVIDENCE();
  const auto source = file_source((test::evidence() + "/ios/ios_app_privacy_report.ndjson").c_str());
  if (!source) GTEST_SKIP() << "the evidence has no privacy report";
  const auto text = (*source)->load();
  ASSERT_TRUE(text);
  const auto sink = read(text->bytes().text());
  EXPECT_TRUE(sink.problems.empty());
  EXPECT_EQ(std::ranges::count_if(sink.facts, [](const Fact& f) { return f.kind->name == "net.app_contact"; }), 64);
  EXPECT_EQ(std::ranges::count_if(sink.facts, [](const Fact& f) { return f.kind->name == "net.app_access"; }), 8);
}

}  // namespace
}  // namespace klik
