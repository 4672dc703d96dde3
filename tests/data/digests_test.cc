#include "data/digests.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string>

namespace klik::data {
namespace {

TEST(KnownDigests, EveryRowIsWhole) {
  ASSERT_GE(known_digests().size(), 10u);
  std::set<std::string> seen;
  for (const KnownDigest& d : known_digests()) {
    EXPECT_FALSE(d.made_by.empty());
    EXPECT_FALSE(d.source.empty()) << d.made_by;
    EXPECT_TRUE(d.algorithm == "md5" || d.algorithm == "sha1" || d.algorithm == "sha256") << d.made_by;
    EXPECT_EQ(d.behind.find_first_not_of("0123456789abcdef"), std::string_view::npos) << d.made_by;
    std::string what(d.algorithm);
    std::size_t kinds = 0;
    for (const KnownDigest::Part& p : d.parts) {
      what.append(p.literal ? " '" : " ").append(p.text);
      kinds += !p.literal;
    }
    EXPECT_GE(kinds, 1u) << d.made_by;
    // A bare value is looked for anyhow.
    EXPECT_TRUE(d.parts.size() > 1 || !d.behind.empty()) << d.made_by;
    EXPECT_TRUE(seen.insert(what).second) << what;
  }
}

TEST(KnownDigests, TextsStandInQuotes) {
  const auto baidu = std::ranges::find(known_digests(), "Baidu (CUID)", &KnownDigest::made_by);
  ASSERT_NE(baidu, known_digests().end());
  ASSERT_EQ(baidu->parts.size(), 2u);
  EXPECT_TRUE(baidu->parts[0].literal);
  EXPECT_EQ(baidu->parts[0].text, "com.baidu");
  EXPECT_FALSE(baidu->parts[1].literal);
  EXPECT_EQ(baidu->parts[1].text, "android_id");
}

}  // namespace
}  // namespace klik::data
