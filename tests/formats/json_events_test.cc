#include "formats/json_events.h"

#include <gtest/gtest.h>

#include "formats/date_time.h"

namespace klik::json {
namespace {

class Written final : public Events {
 public:
  void open(std::string_view path, std::uint64_t at) override { out += "(" + std::string(path) + "@" + std::to_string(at) + " "; }
  void close(std::string_view path, std::uint64_t end) override { out += std::string(path) + "@" + std::to_string(end) + ") "; }
  void value(std::string_view path, std::string_view value, bool quoted, bool whole, std::uint64_t at) override {
    out += std::string(path) + "@" + std::to_string(at) + "=" + (quoted ? "'" : "") + std::string(value) + (quoted ? "'" : "") + (whole ? "" : "…") + " ";
  }
  std::string out;
};

std::string read(std::string_view text, std::size_t piece = 1 << 20, Limits limits = {}) {
  Written events;
  Reader reader(events, limits);
  Result<void> done{};
  for (std::size_t at = 0; at < text.size() && done; at += piece) done = reader.feed(Bytes::of(text.substr(at, piece)));
  if (done) done = reader.finish();
  if (!done) events.out += "!" + std::string(code_name(done.error().code)) + " " + std::to_string(done.error().at);
  return events.out;
}

constexpr std::string_view kMade = R"({"a": {"b": [1, "x", {"c": null}], "d": true}, "e": -2.5e3, "f": [], "g": {}})";

TEST(JsonEvents, EachValueHasItsPathAndPlace) {
  EXPECT_EQ(read(kMade), "(@0 (a@6 (a.b@12 a.b[]@13=1 a.b[]@16='x' (a.b[]@21 a.b[].c@27=null a.b[]@32) a.b@33) a.d@40=true a@45) e@52=-2.5e3 (f@65 f@67) (g@74 g@76) @77) ");
  EXPECT_EQ(read(" 7 "), "@1=7 ");
  EXPECT_EQ(read("\xef\xbb\xbf[0]"), "(@3 []@4=0 @6) ");
}

TEST(JsonEvents, EscapesAreUndone) {
  EXPECT_EQ(read(R"("a\"\\\/\n\u0041\u00e9\u20ac\ud83d\ude00")"), "@0='a\"\\/\nA\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80' ");
  EXPECT_EQ(read(R"("\ud83dx\ud83d")"), "@0='\xef\xbf\xbdx\xef\xbf\xbd' ");
  EXPECT_EQ(read(R"("\ud83d\n\ude00")"), "@0='\xef\xbf\xbd\n\xef\xbf\xbd' ");
}

TEST(JsonEvents, DoNotDependOnHowTheTextIsCut) {
  for (const std::string_view text : {kMade, std::string_view(R"(["\ud83d\ude00\u0041", 12345, false])")})
    for (std::size_t piece = 1; piece < text.size(); ++piece) EXPECT_EQ(read(text, piece), read(text)) << piece;
}

TEST(JsonEvents, EveryPrefixIsTruncatedAndNothingElse) {
  for (std::size_t n = 0; n < kMade.size(); ++n) EXPECT_TRUE(read(kMade.substr(0, n)).ends_with("!truncated " + std::to_string(n))) << n << read(kMade.substr(0, n));
}

TEST(JsonEvents, RefuseWhatIsNoJson) {
  for (const std::string_view text : {"{]", "[}", "[1,]", "{\"a\" 1}", "{1:2}", "{\"a\":1,}", "[1 2]", "nul", "1 2", "\"\\x\"", "\"\\u12g4\"", "]", ","}) EXPECT_NE(read(text).find("!bad_value"), std::string::npos) << text;
}

TEST(JsonEvents, KeepToTheirLimits) {
  EXPECT_NE(read(std::string(65, '[')).find("!over_budget 64"), std::string::npos);
  EXPECT_EQ(read("\"abcdef\"", 3, {.depth = 4, .text = 4}), "@0='abcd'… ");
  const std::string key(1000, 'k');
  EXPECT_EQ(read("{\"" + key + "\":1}"), "(@0 " + key.substr(0, kLongestKey) + "@1004=1 @1006) ");
}

TEST(DateTime, IsReadWithItsZone) {
  EXPECT_EQ(nanoseconds_of("1970-01-01T00:00:00Z"), 0);
  EXPECT_EQ(nanoseconds_of("2022-04-27T10:53:24.555-04:00"), 1651071204555000000);
  EXPECT_EQ(nanoseconds_of("2022-04-27T14:53:24.555Z"), 1651071204555000000);
  EXPECT_EQ(nanoseconds_of("2022-04-27T16:53:24.5551234567+0200"), 1651071204555123456);
  for (const std::string_view wrong : {"", "2022-04-27", "2022-04-27T10:53:24", "2022-02-30T10:53:24Z", "2022-04-27T25:53:24Z", "2022-04-27T10:53:24.Z", "2022-04-27T10:53:24Zx", "1969-12-31T23:59:59Z", "9999-01-01T00:00:00Z"}) EXPECT_FALSE(nanoseconds_of(wrong)) << wrong;
}

}  // namespace
}  // namespace klik::json
