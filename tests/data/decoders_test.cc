#include "data/decoders.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <set>

namespace klik::data {
namespace {

TEST(Decoders, EveryFileIsWhole) {
  ASSERT_GE(decoders().size(), 40u);
  for (const std::string& error : decoder_errors()) ADD_FAILURE() << error;
}

TEST(Decoders, EveryDecoderHasItsFixture) {
  for (const Decoder& d : decoders()) EXPECT_TRUE(std::filesystem::exists(std::string(KLIK_SOURCE_DIR) + "/tests/decoders/" + d.fixture)) << d.id << ": no tests/decoders/" << d.fixture;
}

TEST(Decoders, EveryKindOfDataHasAnIdAndBothTitles) {
  ASSERT_GT(data_categories().size(), 30u);
  std::set<std::string_view> ids;
  for (const DataCategory& c : data_categories()) {
    EXPECT_TRUE(ids.insert(c.id).second) << c.id;
    EXPECT_FALSE(c.title_en.empty() || c.title_nl.empty()) << c.id;
  }
  EXPECT_NE(find_data_category("imei"), nullptr);
  EXPECT_EQ(find_data_category("nothing"), nullptr);
}

TEST(Decoders, SayWhatAFileLacks) {
  std::vector<Decoder> read;
  std::vector<std::string> errors;
  parse_decoders("bad.json", R"({"id": "x", "maker": "m", "title": {"en": "t"}, "strength": "Q", "matches": [{"hosts": ["a.*"]}], "fields": [{"path": "p", "category": "soul"}]})", read, errors);
  std::string all;
  for (const std::string& e : errors) all += e + "\n";
  for (const char* part : {"bad.json, x: no title in both languages", "strength is D, R or P", "basis is", "no fixture", "no source", "last two labels are not literal: a.*", "unknown category 'soul'"}) EXPECT_NE(all.find(part), all.npos) << part << "\n" << all;
  errors.clear();
  parse_decoders("bad.json", "[1", read, errors);
  ASSERT_EQ(errors.size(), 1u);
}

TEST(Decoders, HostPatternsCoverWholeLabels) {
  EXPECT_TRUE(host_matches("a.example", "a.example"));
  EXPECT_FALSE(host_matches("a.example", "b.a.example"));
  EXPECT_TRUE(host_matches(".a.example", "a.example"));
  EXPECT_TRUE(host_matches(".a.example", "c.b.a.example"));
  EXPECT_FALSE(host_matches(".a.example", "ba.example"));
  EXPECT_TRUE(host_matches("path*.a.example", "path3.a.example"));
  EXPECT_FALSE(host_matches("path*.a.example", "path3.x.a.example"));
  EXPECT_TRUE(host_matches("a*b*.c.example", "axbyb.c.example"));
  EXPECT_TRUE(host_matches("*", "anything"));
}

TEST(Decoders, PathPatternsStayWithinASegmentUnlessTheySayOtherwise) {
  EXPECT_TRUE(path_matches("/v*/*/activities", "/v16.0/1/activities"));
  EXPECT_FALSE(path_matches("/v*", "/v16.0/1/activities"));
  EXPECT_TRUE(path_matches("/data/*Upload", "/data/bootEventUpload"));
  EXPECT_TRUE(path_matches("/a/**", "/a/b/c"));
  EXPECT_FALSE(path_matches("/a/*", "/a/b/c"));
  EXPECT_FALSE(path_matches("/a", "/a/"));
}

TEST(Decoders, PathsAreComparedWithoutNumbersAndCompression) {
  EXPECT_EQ(comparable_path("request.body/gzip/json.data[12].id[0]"), "request.body/json.data[*].id[*]");
  EXPECT_EQ(comparable_path("request.body/form.data_list/base64/gzip/ndjson[3].a"), "request.body/form.data_list/base64/json[*].a");
  EXPECT_EQ(comparable_path("request.path/query.a[b]"), "request.path/query.a[b]");
  EXPECT_EQ(comparable_path("x[1"), "x[1");
  EXPECT_EQ(comparable_path("request.body/gzip/ndjson[1].a", false), "request.body/json[1].a");
}

TEST(Decoders, AreFoundByTheLastTwoLabels) {
  const auto has = [](std::string_view host, std::string_view id) {
    for (const Decoder* d : decoders_near(host))
      if (d->id == id) return true;
    return false;
  };
  EXPECT_TRUE(has("sa.api.intl.miui.com", "xiaomi_sensors"));
  EXPECT_TRUE(has("anything.example.org", "huawei_hianalytics"));
  EXPECT_FALSE(has("anything.example.org", "xiaomi_sensors"));
}

}  // namespace
}  // namespace klik::data
