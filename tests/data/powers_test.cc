#include "data/powers.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace klik::data {
namespace {

TEST(Glob, StandsForAnyTextBetweenItsParts) {
  EXPECT_TRUE(glob_matches("content://sms*", "content://sms/inbox"));
  EXPECT_TRUE(glob_matches("pm*install*", "pm install -r /sdcard/a.apk"));
  EXPECT_TRUE(glob_matches("a*b*c", "axxbxxbxc"));
  EXPECT_FALSE(glob_matches("pm*install", "pm install -r"));
  EXPECT_FALSE(glob_matches("2", "20"));
  EXPECT_TRUE(glob_matches("", ""));
}

TEST(Power, ReadsEveryKeyOfItsFile) {
  const Power p = parse_power("x", "title.en: do it\nright: none until 29\nright: a.B\ncall: a/B c/D;->run* with 2 content://x*\n# a note\nall: p q\nexplain.en: one\n  two\n");
  EXPECT_EQ(p.title_en, "do it");
  EXPECT_EQ(p.none_until, 29);
  ASSERT_EQ(p.calls.size(), 1u);
  EXPECT_TRUE(p.calls[0].matches_name("c/D", "runLater"));
  EXPECT_FALSE(p.calls[0].matches_name("c/E", "runLater"));
  EXPECT_TRUE(p.calls[0].matches_argument("content://x/1"));
  EXPECT_FALSE(p.calls[0].matches_argument("3"));
  ASSERT_EQ(p.all.size(), 1u);
  EXPECT_EQ(p.all[0].size(), 2u);
  EXPECT_EQ(p.explain_en.size(), 2u);
}

TEST(Powers, AreCompleteInBothLanguages) {
  ASSERT_GE(powers().size(), 40u);
  for (const Power& p : powers()) {
    EXPECT_FALSE(p.title_en.empty()) << p.id;
    EXPECT_NE(std::ranges::find(kPowerOver, p.over), std::end(kPowerOver)) << p.id;
    EXPECT_FALSE(p.title_nl.empty()) << p.id;
    EXPECT_FALSE(p.explain_en.empty()) << p.id;
    EXPECT_FALSE(p.explain_nl.empty()) << p.id;
    EXPECT_TRUE(!p.calls.empty() || !p.all.empty()) << p.id << " names no code";
    for (const ApiPattern& c : p.calls) {
      EXPECT_FALSE(c.classes.empty()) << p.id;
      EXPECT_FALSE(c.name.empty() && !c.prefix) << p.id;
    }
    for (const auto& line : p.all)
      for (const std::string_view other : line) EXPECT_TRUE(find_power(other)) << p.id << " is made of " << other;
  }
}

}  // namespace
}  // namespace klik::data
