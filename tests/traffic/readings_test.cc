// Values that may be read in more than one way: a + in a form, paths and names of the letters of base64. All identifiers are made.
#include <gtest/gtest.h>

#include "leak_searcher.h"
#include "wrapping.h"

namespace klik::traffic {
namespace {

const std::string kImei = "000000123456789";
const char* const kOwner = "imei 000000123456789\nemail jan+tag@example.org\ncanary Zebra Kanarie 1\ncanary AB+CD/77+zz\nphone +32470000123\n";

// One whose base64 holds a +.
std::string packed_with_plus() {
  for (int i = 0; i < 1000; ++i)
    if (std::string out = gzipped("{\"n\":" + std::to_string(i) + ",\"did\":\"" + kImei + "\"}"); padded_base64(out).contains('+')) return out;
  return {};
}

TEST(Readings, APlusStandsForItselfAndForABlank) {
  Searcher s(listed(kOwner));
  EXPECT_EQ(s.one("e=jan+tag@example.org&v=1"), "plain @ request.body/form.e");
  EXPECT_EQ(s.one("e=jan+tag%40example.org&v=1"), "plain @ request.body/form.e");
  EXPECT_EQ(s.one("e=jan%2Btag%40example.org&v=1"), "plain @ request.body/form.e");
  EXPECT_EQ(s.one("a=1; e=jan+tag@example.org; z=2"), "plain @ request.body/cookie.e");
  EXPECT_EQ(s.one("a=1; c=AB+CD/77+zz; d=4"), "plain @ request.body/cookie.c");
  EXPECT_EQ(s.one(R"({"u":"https://x.test/?a=1&e=jan+tag@example.org&b=2"})"), "plain @ request.body/json.u/query.e");
  EXPECT_EQ(s.one("/p?c=Zebra+Kanarie+1&v=2"), "plain @ request.body/query.c");
  EXPECT_EQ(s.one("c=Zebra+Kanarie%201&v=2"), "plain @ request.body/form.c");
  // The reading with the + says which form it is.
  EXPECT_EQ(s.one("p=+32470000123&v=2"), "plain @ request.body/form.p");
  EXPECT_EQ(s.one("c=Zebra+Kanarie+2&v=2"), "");
  EXPECT_EQ(s.one("e=jan+tag@example.organ&v=1"), "");
  EXPECT_EQ(s.one("e=jan++tag@example.org&v=1"), "");
  EXPECT_EQ(s.one("i=" + kImei + "%30%31+x&v=1"), "") << "escaped digits more";
}

TEST(Readings, Base64WithABarePlusIsOpened) {
  Searcher s(listed(kOwner));
  const std::string packed = padded_base64(packed_with_plus());
  ASSERT_FALSE(packed.empty());
  EXPECT_EQ(s.one("data=" + packed + "&v=1"), "plain @ request.body/form.data/base64/gzip/json.did");
  EXPECT_EQ(s.one("data=" + packed), "plain @ request.body/form.data/base64/gzip/json.did");
  EXPECT_EQ(s.one("/p?v=1&data=" + packed), "plain @ request.body/query.data/base64/gzip/json.did");
  EXPECT_EQ(s.one("a=1; d=" + packed + "; z=2"), "plain @ request.body/cookie.d/base64/gzip/json.did");
}

// "/u/xx/…" and "device_…" are of the letters of base64 as a whole, with the right length one time in three; that makes no base64 of them.
TEST(Readings, EncodingsInsideWhatOnlyLooksLikeBase64AreFound) {
  Searcher s(listed("imei 000000123456789\n"));
  const std::string encodings[] = {hex_lower(kImei), padded_base64(kImei), base64("imei:" + kImei + ";", false)};
  for (const std::string& encoded : encodings)
    for (std::size_t more = 0; more < 4; ++more) {
      const std::string x(more, 'x');
      for (const std::string& body : {"/u/" + x + "/" + encoded, "/u/" + x + "/" + encoded + "/x", "{\"u\":\"dev" + x + "-" + encoded + "\"}", "{\"u\":\"ab" + x + "/" + encoded + "\"}"})
        EXPECT_EQ(s.in(body).size(), 1u) << body << ": " << s.one(body);
      // Ordinary letters before base64 make it another text, unless they are whole groups.
      EXPECT_EQ(s.in("{\"u\":\"device" + x + "_" + hex_lower(kImei) + "\"}").size(), 1u) << more;
    }
  EXPECT_EQ(s.one("{\"u\":\"" + hex_lower("id=" + kImei + "&") + "\"}"), "plain @ request.body/json.u/hex/form.id") << "once, where it is decoded";
  for (std::size_t more = 0; more < 4; ++more)
    for (const std::string& number : {"1" + kImei, kImei + "12", std::string("000000123456780")})
      for (const std::string& encoded : {hex_lower(number), padded_base64(number), base64("imei:" + number + ";", false)})
        for (const std::string& body : {"/u/" + std::string(more, 'x') + "/" + encoded, "{\"u\":\"dev" + std::string(more, 'x') + "-" + encoded + "\"}"})
          EXPECT_EQ(s.one(body), "") << body;
}

TEST(Readings, ManyAlikeInAListAreOneFind) {
  Searcher s(listed("imei 000000123456789\n"));
  const auto list = [](int n, const std::string& each) {
    std::string out = "{\"a\":[";
    for (int i = 0; i < n; ++i) out += each + ",";
    return out + "1]}";
  };
  EXPECT_EQ(s.in(list(8, "\"" + kImei + "\"")).size(), 8u);
  const auto many = s.search.search(s.connection, {.message = 100, .place = "request.body", .name = {}, .type = {}, .way = Way::up, .bytes = Bytes::of(list(20'000, "\"" + kImei + "\"")), .coding = {}});
  ASSERT_EQ(many.leaks.size(), 1u);
  EXPECT_EQ(many.leaks[0].path, "request.body/json.a[*]");
  EXPECT_EQ(many.leaks[0].times, 20'000u);
  EXPECT_EQ(many.over, nullptr);
  const auto nested = s.in(list(20, "\"" + padded_base64("{\"did\":\"" + kImei + "\"}") + "\""));
  ASSERT_EQ(nested.size(), 1u);
  EXPECT_EQ(nested[0].path, "request.body/json.a[*]/base64/json.did");
  EXPECT_EQ(nested[0].times, 20u);
  // What differs in more than the numbers stays apart, within a limit.
  std::string apart = "{";
  for (int i = 0; i < 6'000; ++i) apart += std::string("\"") + static_cast<char>('a' + i % 26) + static_cast<char>('a' + i / 26 % 26) + static_cast<char>('a' + i / 676) + "\":\"" + kImei + "\",";
  const auto different = s.search.search(s.connection, {.message = 200, .place = "request.body", .name = {}, .type = {}, .way = Way::up, .bytes = Bytes::of(apart + "\"z\":1}"), .coding = {}});
  EXPECT_EQ(different.leaks.size(), 4'096u);
  EXPECT_STREQ(different.over, "leaks");
}

}  // namespace
}  // namespace klik::traffic
