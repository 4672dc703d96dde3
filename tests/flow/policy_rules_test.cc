#include "flow/policy_rules.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "support/policies.h"

namespace klik::flow {
namespace {

// "source target class permission …" of every rule.
std::vector<std::string> spelled(const PolicyRules& rules) {
  std::vector<std::string> out;
  for (const PolicyRules::Allow& rule : rules.rules) {
    std::string line = std::string(rules.names[rules.types[rule.source].name]) + " " + std::string(rules.names[rules.types[rule.target].name]) + " " + std::string(rules.names[rule.object_class]);
    for (const std::uint32_t p : rule.permissions) line.append(" ").append(rules.names[p]);
    out.push_back(line);
  }
  return out;
}

TEST(PolicyRules, NameWhatThePolicyAllows) {
  const auto file = test::compiled_policy("(allow watcher kernel (process (ptrace sigkill)))");
  const auto policy = sepolicy::Policy::open(Bytes(file));
  ASSERT_TRUE(policy);
  const PolicyRules rules = rules_of(*policy);
  const auto lines = spelled(rules);
  EXPECT_TRUE(std::ranges::find(lines, "watcher kernel process ptrace sigkill") != lines.end());
  const auto app = std::ranges::find_if(rules.types, [&](const PolicyRules::Type& t) { return rules.names[t.name] == "untrusted_app"; });
  ASSERT_NE(app, rules.types.end());
  std::vector<std::string_view> groups;
  for (const std::uint32_t g : app->groups) groups.push_back(rules.names[rules.types[g].name]);
  EXPECT_TRUE(std::ranges::find(groups, "appdomain") != groups.end());
}

TEST(PolicyRules, ComeBackAsTheyWerePacked) {
  const auto file = test::compiled_policy();
  const auto policy = sepolicy::Policy::open(Bytes(file));
  ASSERT_TRUE(policy);
  const PolicyRules rules = rules_of(*policy);
  const std::string raw = packed(rules);
  const auto again = unpacked_rules(Bytes::of(raw));
  ASSERT_TRUE(again);
  EXPECT_EQ(packed(*again), raw);
  EXPECT_EQ(spelled(*again), spelled(rules));
}

TEST(PolicyRules, EveryPrefixIsRefused) {
  const auto file = test::compiled_policy();
  const auto policy = sepolicy::Policy::open(Bytes(file));
  ASSERT_TRUE(policy);
  const std::string raw = packed(rules_of(*policy));
  for (std::size_t n = 0; n < raw.size(); ++n) EXPECT_FALSE(unpacked_rules(Bytes::of(std::string_view(raw).substr(0, n)))) << n;
}

TEST(PolicyRules, RefuseWhatPointsPastItsTable) {
  // version 1; no names; one type that names the first
  EXPECT_FALSE(unpacked_rules(Bytes::of(std::string_view("\x01\x00\x01\x00\x00\x00\x00", 7))));
  // another version
  EXPECT_FALSE(unpacked_rules(Bytes::of(std::string_view("\x02\x00\x00\x00", 4))));
  // more types than there are bytes
  EXPECT_FALSE(unpacked_rules(Bytes::of(std::string_view("\x01\x00\xff\xff\xff\xff\x0f", 7))));
}

}  // namespace
}  // namespace klik::flow
