// What is said of a policy: domains, what apps may reach, breaches of AOSP's rules.
#include "formats/android/sepolicy.h"

#include <algorithm>

#include "support/evidence.h"
#include "support/facts.h"
#include "support/policies.h"

namespace klik {
namespace {

RecordingSink facts_of(const std::string& more = "") { return test::extract("sepolicy@1", memory_source(test::compiled_policy(more)), "sepolicy"); }

const Fact* find(const std::vector<Fact>& facts, std::initializer_list<std::pair<const char*, const char*>> columns) {
  for (const Fact& f : facts)
    if (std::ranges::all_of(columns, [&](const auto& c) { return test::column(f, c.first) == c.second; })) return &f;
  return nullptr;
}

std::vector<std::string> deviations(const RecordingSink& sink) {
  std::vector<std::string> out;
  for (const Fact& f : test::of_kind(sink, "selinux.access"))
    if (const std::string note = test::column(f, "note"); note != "null") out.push_back(note.substr(0, note.find(':')) + " " + test::column(f, "domain") + " " + test::column(f, "target") + ":" + test::column(f, "class") + " " + test::column(f, "permissions"));
  std::ranges::sort(out);
  return out;
}

TEST(SePolicyFacts, DomainsStandWhereTheirNamesStand) {
  const auto file = test::compiled_policy();
  const auto sink = test::extract("sepolicy@1", memory_source(file), "sepolicy");
  const auto domains = test::of_kind(sink, "selinux.domain");
  EXPECT_EQ(domains.size(), 7u);
  for (const Fact& f : domains) EXPECT_EQ(Bytes(file).text().substr(f.origins[0].at, f.origins[0].length), test::column(f, "domain"));
  ASSERT_TRUE(find(domains, {{"domain", "watcher"}, {"permissive", "1"}, {"attributes", "mlstrustedsubject"}}));
  ASSERT_TRUE(find(domains, {{"domain", "untrusted_app"}, {"permissive", "0"}, {"attributes", "appdomain untrusted_app_all"}}));
}

TEST(SePolicyFacts, WhatAppsReachIsSaidOnceForTheGroupThatTheRuleNames) {
  const auto access = test::of_kind(facts_of(), "selinux.access");
  EXPECT_TRUE(find(access, {{"domain", "appdomain"}, {"target", "app_service"}, {"class", "service_manager"}, {"permissions", "find"}}));
  EXPECT_FALSE(find(access, {{"domain", "untrusted_app"}, {"target", "app_service"}}));
  EXPECT_TRUE(find(access, {{"domain", "untrusted_app_all"}, {"target", "watcher"}, {"class", "binder"}, {"permissions", "call"}}));
  EXPECT_TRUE(find(access, {{"domain", "system_app"}, {"target", "input_device"}, {"class", "chr_file"}, {"permissions", "ioctl read"}}));
  for (const Fact& f : access) EXPECT_NE(test::column(f, "domain"), "init");   // only what apps may do
}

TEST(SePolicyFacts, ARuleNamesItsOwnBytes) {
  const auto file = test::compiled_policy();
  const auto policy = sepolicy::Policy::open(Bytes(file));
  ASSERT_TRUE(policy);
  for (const Fact& f : test::of_kind(test::extract("sepolicy@1", memory_source(file), "sepolicy"), "selinux.access")) {
    if (test::column(f, "class") == "permissive") continue;
    for (const Place& p : f.origins) {
      const auto rule = std::ranges::find(policy->rules(), p.at, &sepolicy::Rule::at);
      ASSERT_NE(rule, policy->rules().end());
      EXPECT_EQ(policy->class_name(rule->object_class), test::column(f, "class"));
    }
  }
}

TEST(SePolicyFacts, BreachesOfAospRulesAreNotes) {
  EXPECT_EQ(deviations(facts_of()), (std::vector<std::string>{"baseline app_block_device system_app raw_device:blk_file read write", "baseline permissive_domain watcher watcher:permissive "}));
}

TEST(SePolicyFacts, EachBreachIsFoundAndItsAbsenceIsNot) {
  struct Case {
    const char* rules;
    const char* name;
    bool breach;
  };
  constexpr Case kCases[] = {
      {"(allow untrusted_app vold (process (ptrace)))", "app_ptrace", true},
      {"(allow untrusted_app system_app (process (ptrace)))", "app_ptrace", false},
      {"(allow vold init (process (ptrace)))", "ptrace_of_guardians", true},
      {"(allow vold kernel (process (ptrace)))", "ptrace_of_guardians", false},
      {"(allow watcher init (binder (call)))", "init_binder", true},
      {"(allow init watcher (binder (call)))", "init_binder", false},
      {"(type su)(roletype r su)(typeattributeset domain su)(allow vold su (process (transition)))", "su_entered", true},
      {"(type su)(roletype r su)(typeattributeset domain su)(allow su vold (process (transition)))", "su_entered", false},
      {"(allow untrusted_app watcher_exec (file (write)))", "app_write_program", true},
      {"(allow vold watcher_exec (file (write)))", "app_write_program", false},
      {"(typeattribute coredomain)(typeattributeset coredomain (init vold))(allow coredomain watcher_exec (file (read)))(allow untrusted_app_25 untrusted_app_25 (process (fork)))(typeattributeset mlstrustedsubject untrusted_app_25)",
       "untrusted_all_users", true},
  };
  for (const Case& c : kCases) {
    const auto found = deviations(facts_of(c.rules));
    EXPECT_EQ(std::ranges::any_of(found, [&](const std::string& d) { return d.starts_with(std::string("baseline ") + c.name + " "); }), c.breach) << c.name << " with " << c.rules;
  }
}

TEST(SePolicyFacts, ATransitionSaysWhereAProgramRuns) {
  const auto transitions = test::of_kind(facts_of(), "selinux.transition");
  ASSERT_EQ(transitions.size(), 1u);
  EXPECT_EQ(test::column(transitions[0], "source") + " " + test::column(transitions[0], "program") + " " + test::column(transitions[0], "domain"), "init watcher_exec watcher");
}

TEST(SePolicyFacts, ABrokenPolicyIsAProblemWithItsPlace) {
  auto file = test::compiled_policy();
  file.resize(file.size() / 2);
  const auto sink = test::extract("sepolicy@1", memory_source(file), "sepolicy");
  EXPECT_TRUE(sink.facts.empty());
  ASSERT_EQ(sink.problems.size(), 1u);
  EXPECT_GT(sink.problems[0].error.at, 0u);
}

TEST(SePolicyFactsReal, VendorsLeaveAospWhereTheyDo) {
  KLIK_NEEDS_EVIDENCE();
  const auto scan = [](const char* name) { return test::extract("sepolicy@1", memory_source(test::read_file(test::evidence() + "/containers/sepolicy/" + name)), "sepolicy"); };
  // Google's own phone passes all of AOSP's rules.
  EXPECT_EQ(deviations(scan("google-pixel7_UPB2.230407.014_vendor_etc_selinux_precompiled_sepolicy")), std::vector<std::string>{});
  EXPECT_EQ(deviations(scan("oneplus-5_2012030314_vendor_etc_selinux_precompiled_sepolicy")), std::vector<std::string>{"baseline init_binder servicemanager init:binder transfer"});
  const auto blu = scan("blu-vivo5r_2016-05-V0090UU_boot_ramdisk_sepolicy");
  EXPECT_EQ(deviations(blu), (std::vector<std::string>{"baseline app_write_system_data system_app system_data_file:dir write create setattr rename", "baseline app_write_system_data system_app system_data_file:file write create setattr append unlink rename"}));
  for (const Fact& f : test::of_kind(blu, "selinux.domain")) EXPECT_EQ(test::column(f, "permissive"), "0");
}

TEST(SepolicyFacts, SayThatCilTextIsNotCompiled) {
  const std::string text = "(type a)";
  const RecordingSink sink = test::extract("sepolicy@1", memory_source(std::vector<std::uint8_t>(text.begin(), text.end())), "text", "plat_sepolicy.cil");
  EXPECT_TRUE(sink.facts.empty());
  ASSERT_EQ(sink.problems.size(), 1u);
  EXPECT_EQ(sink.problems[0].error.code, Code::unsupported);
}

}  // namespace
}  // namespace klik
