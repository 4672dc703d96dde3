#include "data/owners.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "data/host_words.h"

namespace klik::data {
namespace {

TEST(Owners, AreEnoughAndEachIsWhole) {
  EXPECT_GE(host_owners().size(), 250u);
  std::set<std::string_view> used;
  for (const HostOwner& h : host_owners()) {
    EXPECT_NE(find_owner(h.owner), nullptr) << h.suffix << " belongs to an owner that owners.tsv does not have: " << h.owner;
    EXPECT_FALSE(h.category.empty() || h.source.empty()) << h.suffix;
    EXPECT_NE(h.suffix.find('.'), std::string_view::npos) << h.suffix;
    for (const char c : h.suffix) EXPECT_TRUE((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '-') << h.suffix;
    used.insert(h.owner);
  }
  EXPECT_GE(used.size(), 120u);
  std::set<std::string_view> suffixes;
  for (const HostOwner& h : host_owners()) EXPECT_TRUE(suffixes.insert(h.suffix).second) << h.suffix << " stands there twice";
}

TEST(Owners, NameCountriesAndGroupsThatExist) {
  std::set<std::string_view> names, with_law;
  for (const Law& l : laws()) {
    EXPECT_FALSE(l.says.empty() || l.source.empty() || l.since.size() != 4) << l.law;
    with_law.insert(l.country);
  }
  for (const Owner& o : owners()) {
    EXPECT_TRUE(names.insert(o.name).second) << o.name << " stands there twice";
    EXPECT_TRUE(o.country.size() == 2 && o.country[0] >= 'A' && o.country[1] <= 'Z') << o.name;
    EXPECT_TRUE(with_law.contains(o.country)) << o.country << " of " << o.name << " has no row in jurisdictions.tsv";
    EXPECT_FALSE(o.trade.empty() || o.source.empty()) << o.name;
    if (!o.group.empty()) { EXPECT_NE(find_owner(o.group), nullptr) << o.group; }
    EXPECT_TRUE(last_owner(o).group.empty()) << o.name << " belongs to a ring";
  }
}

TEST(Owners, LongestSuffixDecides) {
  EXPECT_EQ(owner_of_host("data.mistat.xiaomi.com")->category, "analytics");
  EXPECT_EQ(owner_of_host("www.xiaomi.com")->owner, "Xiaomi");
  EXPECT_EQ(owner_of_host("bigdata.adups.com")->owner, "Adups");
  EXPECT_EQ(owner_of_host("*.api.heytapmobile.com")->owner, "HeyTap");
  EXPECT_EQ(last_owner(*find_owner("Umeng")).name, "Alibaba");
  EXPECT_EQ(last_owner(*find_owner("HeyTap")).country, "CN");
  EXPECT_EQ(owner_of_host("notxiaomi.com"), nullptr);
  EXPECT_EQ(owner_of_host("www.google.*"), nullptr);
  EXPECT_EQ(owner_of_host("1.2.3.4"), nullptr);
  EXPECT_EQ(owner_of_host(""), nullptr);
}

TEST(HostWords, KnowNameSpacesPackagesAndFiles) {
  EXPECT_EQ(not_an_endpoint("schemas.android.com", ""), "name space");
  EXPECT_EQ(not_an_endpoint("www.slf4j.org", ""), "documentation");
  EXPECT_EQ(not_an_endpoint("slf4j.org", ""), "documentation");
  EXPECT_EQ(not_an_endpoint("www.xiaomi.com", ""), "");
  EXPECT_EQ(not_an_endpoint("notslf4j.org", ""), "");
  EXPECT_EQ(not_an_endpoint("www.googleapis.com", "/auth/drive"), "name of a right");
  EXPECT_EQ(not_an_endpoint("www.googleapis.com", "/oauth2/v1"), "");
  EXPECT_EQ(not_an_endpoint("www.puppycrawl.com", "/dtds/a.dtd"), "name space");
  EXPECT_EQ(judge_name("com.xiaomi.net"), NameWord::other);
  EXPECT_EQ(judge_name("ro.build.id"), NameWord::other);
  EXPECT_EQ(judge_name("main.java"), NameWord::other);
  EXPECT_EQ(judge_name("libfoo.so"), NameWord::other);
  EXPECT_EQ(judge_name("a.b.app"), NameWord::unsure);
  EXPECT_EQ(judge_name("bigdata.adups.com"), NameWord::host);
  EXPECT_EQ(judge_name("cn.bing.com"), NameWord::host);
  EXPECT_EQ(judge_name("cn.nubia.x.y"), NameWord::other);
}

}  // namespace
}  // namespace klik::data
