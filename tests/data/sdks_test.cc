#include "data/sdks.h"

#include <gtest/gtest.h>

#include <set>

#include "data/owners.h"

namespace klik::data {
namespace {

TEST(Sdks, AreEnoughAndEachIsWhole) {
  EXPECT_GE(sdks().size(), 150u);
  std::set<std::string_view> names, prefixes;
  for (const Sdk& s : sdks()) {
    EXPECT_TRUE(names.insert(s.name).second) << s.name << " stands there twice";
    EXPECT_TRUE(s.owner.empty() || find_owner(s.owner)) << s.owner;
    EXPECT_FALSE(s.category.empty() || s.prefixes.empty()) << s.name;
    for (const std::string_view p : s.prefixes) {
      EXPECT_TRUE(prefixes.insert(p).second) << p << " stands there twice";
      EXPECT_TRUE(p.find('.') == p.npos && !p.ends_with('/') && !p.starts_with('L')) << p;
    }
  }
}

TEST(Sdks, MarkersAndStructuresBelongToOne) {
  std::set<std::string_view> strings;
  for (const SdkMarker& m : sdk_markers()) {
    EXPECT_TRUE(m.kind == "string" || m.kind == "meta" || m.kind == "permission" || m.kind == "library" || m.kind == "file") << m.kind;
    if (m.kind == "string") {
      EXPECT_TRUE(strings.insert(m.pattern).second) << m.pattern << " marks two";
      EXPECT_TRUE(m.pattern.size() >= 6 && m.pattern.size() <= 160) << m.pattern;
    }
    EXPECT_NE(m.pattern, "*");
  }
  for (const SdkStructure& s : sdk_structures()) EXPECT_GE(s.calls.size(), 40u) << s.sdk->name;
}

TEST(Sdks, LongestPrefixDecides) {
  EXPECT_EQ(sdk_of_class("Lcom/umeng/analytics/game/a;")->name, "Umeng Analytics");
  EXPECT_EQ(sdk_of_class("Lcom/umeng/x;")->name, "Umeng");
  EXPECT_EQ(sdk_of_class("Lcom/msg/analytics/AnalyticsReport;")->owner, "Adups");
  EXPECT_EQ(sdk_of_class("Lcom/tsc/check/i;")->owner, "Adups");
  EXPECT_EQ(sdk_of_class("Lcom/umengx/a;"), nullptr);
  EXPECT_EQ(sdk_of_class("[I"), nullptr);
  EXPECT_EQ(sdk_of_class(""), nullptr);
  EXPECT_EQ(sdk_prefix_of_class("Lcom/adlibs/a/b;"), "com/adlibs");
}

TEST(Sdks, AreKnownByWhatStays) {
  EXPECT_EQ(sdk_of_string("mobileupload.action")->sdk->name, "Adups Data Collection");
  EXPECT_EQ(sdk_of_string("nothing of that sort"), nullptr);
  EXPECT_EQ(sdk_of_name("library", "libjpush231.so")->sdk->name, "JPush");
  EXPECT_EQ(sdk_of_name("meta", "UMENG_APPKEY")->sdk->name, "Umeng Analytics");
  EXPECT_EQ(sdk_of_name("library", "libc.so"), nullptr);
}

}  // namespace
}  // namespace klik::data
