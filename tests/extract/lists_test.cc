#include "support/facts.h"

namespace klik {
namespace {

std::vector<std::string> listed(std::string_view name, std::string_view text, std::string_view kind = "xml") {
  const auto sink = test::extract("lists@1", memory_source(std::vector<std::uint8_t>(text.begin(), text.end())), kind, name);
  std::vector<std::string> out;
  for (const Fact& f : sink.facts) {
    out.push_back(test::column(f, "scope") + " " + test::column(f, "value"));
    EXPECT_EQ(text.substr(f.origins[0].at, f.origins[0].length), test::column(f, "value"));
  }
  return out;
}

TEST(Lists, PackagesAndPlacesOnce) {
  EXPECT_EQ(listed("vendor_preload.xml", "<a p=\"com.example.app\"/><!-- <a p=\"com.example.off\"/> --><a>/system/data-app/X/X.apk</a> com.example.app cn.b/.Main android.intent.action.VIEW www.example.com 1.2.3 a.b.c"),
            (std::vector<std::string>{"preload com.example.app", "preload /system/data-app/X/X.apk", "preload cn.b"}));
}

TEST(Lists, ClassesAreNoApps) {
  EXPECT_EQ(listed("hide_app_icon.xml", "<hide packageName=\"com.example.a\" className=\"com.example.a.Start\"/> com.example.MainActivity com.example.SOME_ACTION com.example.file.xml"),
            std::vector<std::string>{"preload com.example.a"});
}

TEST(Lists, WhatASmallFileSaysWithoutPackages) {
  EXPECT_EQ(listed("shopPreInstalledInfo.dat", " {\"SourceID\":\"1\"}\n", "file"), std::vector<std::string>{"preload {\"SourceID\":\"1\"}"});
  EXPECT_TRUE(listed("shopPreInstalledInfo.dat", std::string_view("\0\1", 2), "file").empty());
  EXPECT_TRUE(listed("some_whitelist.txt", "words", "text").empty());
}

TEST(Lists, NamesOfFilesDecide) {
  const Extractor& e = test::extractor("lists@1");
  EXPECT_TRUE(e.wants("xml", "Carrier_Apps.xml") && e.wants("text", "disableapplist.txt") && e.wants("file", "x_blacklist.csv"));
  EXPECT_FALSE(e.wants("text", "preloaded-classes.txt") || e.wants("xml", "privapp-permissions-whitelist.xml") || e.wants("elf", "preload.txt") || e.wants("file", "preload.so") || e.wants("xml", "config.xml"));
}

TEST(Lists, EveryPrefixStaysInside) {
  const std::string text = "<!-- x --><a>com.example.a/com.b</a> /system/app/X.apk <!-- open";
  for (std::size_t n = 0; n <= text.size(); ++n) listed("preload.xml", std::string_view(text).substr(0, n));
}

}  // namespace
}  // namespace klik
