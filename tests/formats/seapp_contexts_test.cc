#include "formats/android/seapp_contexts.h"

#include <gtest/gtest.h>

#include <random>

namespace klik::seapp {
namespace {

std::vector<Rule> rules(std::initializer_list<const char*> lines) {
  std::vector<Rule> out;
  for (const char* line : lines)
    if (auto rule = parse(line)) out.push_back(*rule);
  sort_by_precedence(out);
  return out;
}

std::string domain(const std::vector<Rule>& all, const App& app) {
  for (const Rule& r : all)
    if (matches(r, app)) return r.domain;
  return "(none)";
}

TEST(Seapp, ReadsARule) {
  const auto rule = parse("user=_app seinfo=platform name=com.android.traceur domain=traceur_app type=app_data_file levelFrom=all # why");
  ASSERT_TRUE(rule);
  EXPECT_EQ(rule->user, "_app");
  EXPECT_EQ(rule->seinfo, "platform");
  EXPECT_EQ(rule->name, "com.android.traceur");
  EXPECT_EQ(rule->domain, "traceur_app");
  EXPECT_EQ(rule->type, "app_data_file");
  EXPECT_EQ(rule->level_from, "all");
  EXPECT_FALSE(rule->unknown_input);
  EXPECT_TRUE(parse("USER=_app DOMAIN=untrusted_app\r"));
}

TEST(Seapp, LinesThatAreNoRuleGiveNothing) {
  for (const char* line : {"", "   ", "# user=_app domain=x", "neverallow isSystemServer=false domain=system_server", "user=_app", "domain", "user= "}) EXPECT_FALSE(parse(line)) << line;
}

TEST(Seapp, NewerTargetsAreTriedFirstWhateverTheOrderOfLines) {
  const auto all = rules({"user=_app domain=untrusted_app_25", "user=_app minTargetSdkVersion=26 domain=untrusted_app_27", "user=_app minTargetSdkVersion=29 domain=untrusted_app", "user=_app isPrivApp=true domain=priv_app",
                          "user=_app seinfo=platform domain=platform_app", "user=system seinfo=platform domain=system_app", "isSystemServer=true domain=system_server"});
  EXPECT_EQ(domain(all, {.target_sdk = 22}), "untrusted_app_25");
  EXPECT_EQ(domain(all, {.target_sdk = 28}), "untrusted_app_27");
  EXPECT_EQ(domain(all, {.target_sdk = 33}), "untrusted_app");
  EXPECT_EQ(domain(all, {.privileged = true, .target_sdk = 33}), "priv_app");
  EXPECT_EQ(domain(all, {.seinfo = "platform", .privileged = true, .target_sdk = 33}), "platform_app");
  EXPECT_EQ(domain(all, {.user = "system", .seinfo = "platform"}), "system_app");
  EXPECT_EQ(domain(all, {.user = "system", .seinfo = "default"}), "(none)");
  EXPECT_EQ(domain(all, {.user = "system", .seinfo = "platform", .system_server = true}), "system_server");
}

TEST(Seapp, WholeNamesComeBeforeBeginningsAndLongerBeginningsBeforeShorter) {
  const auto all = rules({"user=_app name=com.a.* domain=short", "user=_app name=com.a.b.* domain=long", "user=_app name=com.a.b.c domain=whole", "user=_app domain=none"});
  EXPECT_EQ(domain(all, {.name = "com.a.b.c"}), "whole");
  EXPECT_EQ(domain(all, {.name = "com.A.b.x"}), "long");
  EXPECT_EQ(domain(all, {.name = "com.a.x"}), "short");
  EXPECT_EQ(domain(all, {.name = "org"}), "none");
}

TEST(Seapp, SeinfoCountsMoreThanNameAndNameMoreThanPlace) {
  const auto all = rules({"user=_app isPrivApp=true domain=place", "user=_app name=com.a domain=name", "user=_app seinfo=media domain=seinfo"});
  EXPECT_EQ(domain(all, {.seinfo = "media", .name = "com.a", .privileged = true}), "seinfo");
  EXPECT_EQ(domain(all, {.name = "com.a", .privileged = true}), "name");
  EXPECT_EQ(domain(all, {.name = "com.b", .privileged = true}), "place");
}

TEST(Seapp, AConditionThatIsNotKnownIsNotTakenToHold) {
  const auto all = rules({"user=_app isNewThing=true domain=new", "user=_app domain=old"});
  EXPECT_TRUE(all[0].unknown_input || all[1].unknown_input);
  EXPECT_EQ(domain(all, {}), "old");
}

TEST(Seapp, OddLinesAreSafe) {
  std::mt19937 random(3);
  const std::string base = "user=_app seinfo=platform name=a.b.* minTargetSdkVersion=28 isPrivApp=true domain=d type=t";
  for (int i = 0; i < 3000; ++i) {
    std::string line = base;
    for (int j = 0; j < 4; ++j) line[random() % line.size()] = static_cast<char>(random());
    const auto rule = parse(line.substr(0, random() % (line.size() + 1)));
    if (!rule) continue;
    EXPECT_FALSE(rule->domain.empty() && rule->type.empty());
    (void)matches(*rule, {});
  }
}

}  // namespace
}  // namespace klik::seapp
