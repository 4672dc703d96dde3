#include "data/roots.h"

#include <gtest/gtest.h>

#include <set>

namespace klik::data {
namespace {

std::size_t in_release(int api) {
  std::size_t n = 0;
  for (const Root& r : roots()) n += r.in_release(api);
  return n;
}

TEST(Roots, EveryRowIsWellFormed) {
  std::set<std::string_view> seen;
  for (const Root& r : roots()) {
    EXPECT_EQ(r.sha256.size(), 64u);
    EXPECT_EQ(r.sha256.find_first_not_of("0123456789abcdef"), r.sha256.npos);
    EXPECT_TRUE(seen.insert(r.sha256).second) << r.sha256;
    EXPECT_FALSE(r.subject.empty()) << r.sha256;
    EXPECT_TRUE(!r.android.empty() || r.android_between || !r.mozilla.empty() || !r.other.empty()) << r.sha256;
    for (const auto& [from, to] : r.android) EXPECT_TRUE(kFirstRootList <= from && from <= to && to <= kLastRootList) << r.sha256;
    EXPECT_TRUE(r.removed.empty() || (r.removed.size() == 10 && r.removed[4] == '-')) << r.sha256;
  }
}

// The sizes of AOSP's list as published for each version.
TEST(Roots, ListsOfAndroidHaveTheirSize) {
  const std::pair<int, std::size_t> sizes[] = {{14, 134}, {16, 139}, {17, 140}, {18, 146}, {19, 150}, {21, 157}, {23, 158}, {24, 148}, {25, 156}, {28, 137}, {29, 138}, {33, 129}};
  for (const auto& [api, size] : sizes) EXPECT_EQ(in_release(api), size) << api;
}

TEST(Roots, KnowsSomeByName) {
  const Root* isrg = known_root("96bcec06264976f37460779acf28c5a7cfe8a3c0aae11a8ffcee05c0bddf08c6");   // ISRG Root X1
  ASSERT_TRUE(isrg);
  EXPECT_TRUE(isrg->subject.find("ISRG Root X1") != isrg->subject.npos);
  EXPECT_FALSE(isrg->in_release(23));   // the reason why old phones fail on so many sites
  EXPECT_TRUE(isrg->in_release(29));
  const Root* diginotar = known_root("0d136e439f0ab6e97f3a02a540da9f0641aa554e1d66ea51ae2920d51b2f7217");
  ASSERT_TRUE(diginotar);
  EXPECT_EQ(diginotar->removed, "2011-08-29");
  EXPECT_FALSE(known_root(std::string(64, '0')));
  EXPECT_FALSE(known_root(""));
}

}  // namespace
}  // namespace klik::data
