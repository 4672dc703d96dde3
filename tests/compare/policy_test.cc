#include <gtest/gtest.h>

#include <algorithm>

#include "compare/comparer.h"
#include "flow/packing.h"
#include "flow/policy_rules.h"
#include "support/policies.h"
#include "support/table_side.h"

namespace klik::compare {
namespace {

// One build with the rules of a policy in its raw tables.
std::string rows_of(std::string_view squeezed) {
  return "CREATE TABLE _selinux_rules(blob_id, fact_id, rules); CREATE TABLE _artifact(artifact_id, blob_id, build_id);"
         "INSERT INTO artifact(artifact_id, build_id, path, device_path) VALUES(5, 1, 'in/precompiled_sepolicy', '/vendor/etc/selinux/precompiled_sepolicy');"
         "INSERT INTO _artifact VALUES(5, 7, 1); INSERT INTO _selinux_rules VALUES(7, x'0102', x'" + hex(Bytes::of(squeezed)) + "');";
}

std::string rules_in(const std::string& more) {
  const auto file = test::compiled_policy(more);
  const auto policy = sepolicy::Policy::open(Bytes(file));
  EXPECT_TRUE(policy);
  return policy ? flow::squeezed(flow::packed(flow::rules_of(*policy))) : std::string();
}

// "table: value value …" of every row.
std::vector<std::string> compared(const std::string& before, const std::string& after) {
  const auto all = comparers();
  const auto comparer = std::ranges::find(all, std::string_view("policy"), &Comparer::name);
  test::TableSide old_side(rows_of(before)), new_side(rows_of(after));
  Pool pool(1);
  std::vector<std::string> out;
  (*comparer)->run({{old_side, 1}, {new_side, 1}, pool}, [&](std::size_t table, std::vector<Value> values) {
    std::string line((*comparer)->tables[table].name);
    for (std::size_t i = 1; i + 1 < values.size(); ++i) line += " " + (std::holds_alternative<std::string>(values[i]) ? std::get<std::string>(values[i]) : std::to_string(std::get<std::int64_t>(values[i])));
    out.push_back(line);
  });
  return out;
}

TEST(PolicyComparer, FindsARuleThatWasNotThere) {
  EXPECT_EQ(compared(rules_in(""), rules_in("(allow watcher kernel (process (ptrace sigkill)))")), (std::vector<std::string>{"policy_rule_added watcher kernel process ptrace sigkill 1"}));
}

TEST(PolicyComparer, SaysNothingOfWhatAnotherRuleAllowedBefore) {
  // By the group that both belong to, then by each of them.
  const std::string by_group = rules_in("(allow appdomain kernel (process (sigkill)))");
  const std::string each = rules_in("(allow untrusted_app kernel (process (sigkill)))(allow system_app kernel (process (sigkill)))");
  EXPECT_EQ(compared(by_group, each), std::vector<std::string>());
  // The other way round one member is new.
  EXPECT_EQ(compared(each, by_group), (std::vector<std::string>{"policy_rule_added appdomain kernel process sigkill 1"}));
}

TEST(PolicyComparer, GroupsThatCompilersMakeGoByTheirMembers) {
  const std::string one = rules_in("(typeattribute base_typeattr_7)(typeattributeset base_typeattr_7 (vold watcher))(allow base_typeattr_7 kernel (process (sigkill)))");
  const std::string other = rules_in("(typeattribute base_typeattr_9)(typeattributeset base_typeattr_9 (vold watcher))(allow base_typeattr_9 kernel (process (sigkill)))");
  EXPECT_EQ(compared(one, other), std::vector<std::string>());
  const std::string more = rules_in("(typeattribute base_typeattr_7)(typeattributeset base_typeattr_7 (vold watcher init))(allow base_typeattr_7 kernel (process (sigkill)))");
  EXPECT_EQ(compared(one, more), (std::vector<std::string>{"policy_rule_added init kernel process sigkill 1"}));
}

TEST(PolicyComparer, FindsWhoJoinsAGroup) {
  EXPECT_EQ(compared(rules_in(""), rules_in("(typeattributeset mlstrustedsubject (untrusted_app))")), (std::vector<std::string>{"policy_group_joined untrusted_app mlstrustedsubject"}));
}

// A second policy of the same build, in recovery.
std::string with_recovery(const std::string& rows, std::string_view squeezed, bool same) {
  return rows + "INSERT INTO artifact(artifact_id, build_id, path) VALUES(6, 1, 'in/recovery!sepolicy'); INSERT INTO _artifact VALUES(6, " + (same ? "7" : "8") + ", 1);" +
         (same ? std::string() : "INSERT INTO _selinux_rules VALUES(8, x'0304', x'" + hex(Bytes::of(squeezed)) + "');");
}

std::vector<std::string> missed(const std::string& before, const std::string& after) {
  const auto all = comparers();
  const auto comparer = std::ranges::find(all, std::string_view("policy"), &Comparer::name);
  test::TableSide old_side(before), new_side(after);
  Pool pool(1);
  std::vector<std::string> out;
  (*comparer)->run({{old_side, 1}, {new_side, 1}, pool}, [&](std::size_t table, std::vector<Value> values) {
    if (table != 2) return out.push_back("rule");
    out.push_back(std::get<std::string>(values[0]) + ": " + std::get<std::string>(values[1]) + (std::holds_alternative<std::string>(values[2]) ? " old" : "") + (std::holds_alternative<std::string>(values[3]) ? " new" : ""));
  });
  return out;
}

TEST(PolicyComparer, SaysWhichPolicyHasNoCounterpart) {
  const std::string one = rows_of(rules_in("")), other = rules_in("(allow watcher kernel (process (ptrace)))");
  EXPECT_EQ(missed(one, with_recovery(one, other, false)), (std::vector<std::string>{"in/recovery!sepolicy: the old build has no policy in this place new"}));
  EXPECT_EQ(missed(with_recovery(one, other, false), one), (std::vector<std::string>{"in/recovery!sepolicy: the new build has no policy in this place old"}));
}

TEST(PolicyComparer, EqualPoliciesInTwoPlacesMeetTheirOwn) {
  const std::string one = rows_of(rules_in("")), more = rules_in("(allow watcher kernel (process (ptrace)))");
  EXPECT_EQ(missed(with_recovery(one, "", true), with_recovery(one, more, false)), (std::vector<std::string>{"rule"}));
}

TEST(PolicyComparer, SaysWhenRulesAreDamaged) {
  const auto found = compared(rules_in(""), "nothing of zstd");
  ASSERT_EQ(found.size(), 1u);
  EXPECT_TRUE(found[0].starts_with("policy_not_compared"));
}

}  // namespace
}  // namespace klik::compare
