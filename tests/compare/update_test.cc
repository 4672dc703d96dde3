#include <gtest/gtest.h>

#include <algorithm>
#include <map>

#include "compare/comparer.h"
#include "support/table_side.h"

namespace klik::compare {
namespace {

struct Check {
  std::string result, severity, detail, before, after;
};

// By "what subject".
std::map<std::string, Check> checked(const std::string& before, const std::string& after) {
  const auto all = comparers();
  const Comparer& comparer = **std::ranges::find(all, std::string_view("update"), &Comparer::name);
  test::TableSide old_side(before), new_side(after);
  Pool pool(1);
  std::map<std::string, Check> out;
  comparer.run({{old_side, 1}, {new_side, 1}, pool}, [&](std::size_t, std::vector<Value> values) {
    const auto text = [&](std::string_view column) {
      const auto columns = comparer.tables[0].columns;
      const auto* s = std::get_if<std::string>(&values[static_cast<std::size_t>(std::ranges::find(columns, column, &ViewColumn::name) - columns.begin())]);
      return s ? *s : std::string();
    };
    out[text("what") + " " + text("subject")] = {text("result"), text("severity"), text("detail"), text("before"), text("after")};
  });
  EXPECT_EQ(old_side.error() + new_side.error(), "");
  return out;
}

std::string covered(const std::string& path, const std::string& partition, long bytes, long verified) {
  return "INSERT INTO avb_coverage(build_id, path, partition, bytes, verified, fact_id) VALUES(1, '" + path + "', '" + partition + "', " + std::to_string(bytes) + ", " + std::to_string(verified) + ", 'f');";
}

// One byte that verifies must not pass for a partition that does.
TEST(UpdateComparer, WhatVerifiedBootCoversIsAShare) {
  const auto coverage = [](long then, long now) { return checked(covered("a.img", "system", 1000000, then), covered("b.img", "system", 1000000, now)).at("avb_coverage system"); };
  EXPECT_EQ(coverage(1000000, 1000000).result, "verified");
  EXPECT_EQ(coverage(1000000, 960000).result, "verified");   // padding and error correction
  EXPECT_EQ(coverage(1000000, 960000).after, "covered: 960000 of 1000000 bytes");
  EXPECT_EQ(coverage(1000000, 700000).result, "failed");
  EXPECT_EQ(coverage(1000000, 700000).severity, "medium");
  EXPECT_EQ(coverage(1000000, 4096).severity, "critical");
  EXPECT_EQ(coverage(1000000, 0).severity, "critical");
  EXPECT_EQ(coverage(4096, 1000000).result, "verified");
  EXPECT_EQ(coverage(0, 0).result, "not_verifiable");
}

TEST(UpdateComparer, ACoveredImageDoesNotSpeakForAnotherOfItsPartition) {
  const std::string whole = covered("a.img", "system", 1000, 1000);
  EXPECT_EQ(checked(whole + covered("b.img", "system", 9000, 9000), whole + covered("b.img", "system", 9000, 0)).at("avb_coverage system").severity, "critical");
}

std::string level(const std::string& source, const std::string& subject, const std::string& level) {
  return "INSERT INTO patch_level(build_id, source, subject, level, fact_id) VALUES(1, '" + source + "', '" + subject + "', '" + level + "', 'f');";
}

TEST(UpdateComparer, EveryPartStatesAPatchLevelOfItsOwn) {
  const auto found = checked(level("boot", "old.zip!boot.img", "2024-05") + level("boot", "old.zip!recovery.img", "2021-01") + level("vbmeta", "system", "2024-05-05"),
                             level("boot", "new.zip!payload.bin!boot", "2022-01") + level("boot", "new.zip!payload.bin!recovery", "2021-01") + level("vbmeta", "system", "2024-06-05"));
  EXPECT_EQ(found.at("patch_level boot boot").result, "failed");
  EXPECT_EQ(found.at("patch_level boot boot").before, "2024-05");
  EXPECT_EQ(found.at("patch_level boot recovery").result, "verified");
  EXPECT_EQ(found.at("patch_level vbmeta system").result, "verified");
  // Two slots of one part: the older one counts.
  EXPECT_EQ(checked(level("boot", "boot.img", "2024-05"), level("boot", "boot_a.img", "2024-06") + level("boot", "boot_b.img", "2023-01")).at("patch_level boot boot").after, "2023-01");
}

TEST(UpdateComparer, KeysThatCannotBeReadAreCounted) {
  const std::string keys = "INSERT INTO update_key(build_id, key_sha256, subject, public_key, fact_id) VALUES(1, 'aa', 'CN=a', '3000', 'f'), (1, 'bb', 'CN=b', 'no hex', 'f');";
  const std::string signature = "INSERT INTO artifact(artifact_id, build_id, path, sha256) VALUES(7, 1, 'update.zip', 's'); INSERT INTO update_signature(build_id, artifact_id, place, n, digest_algorithm, digest, signature, fact_id) VALUES(1, 7, 'whole_file', 0, 'sha256', '00', '00', 'f');";
  const auto found = checked(keys, signature);
  const Check& unread = found.at("update_signature unreadable keys of updates");
  EXPECT_EQ(unread.after, "2 not tried");
  EXPECT_EQ(unread.result, "not_verifiable");
  EXPECT_EQ(unread.severity, "medium");
  EXPECT_EQ(found.at("update_signature update.zip whole_file").detail, "none of the old build's keys of updates can be read");
  EXPECT_EQ(checked("", signature).count("update_signature unreadable keys of updates"), 0u);
}

TEST(UpdateComparer, TwoModulesWithoutAKeyDoNotHaveTheSameOne) {
  const auto module = [](const std::string& key, const std::string& result) {
    return "INSERT INTO apex_check(build_id, artifact_id, module, what, result, public_key_sha256, fact_id) VALUES(1, 5, 'com.android.wifi', 'signature', '" + result + "', " + key + ", 'f');";
  };
  EXPECT_EQ(checked(module("NULL", "absent"), module("NULL", "absent")).at("apex_key com.android.wifi").result, "not_verifiable");
  EXPECT_EQ(checked(module("'k'", "verified"), module("'k'", "verified")).at("apex_key com.android.wifi").result, "verified");
  EXPECT_EQ(checked(module("'k'", "verified"), module("NULL", "absent")).at("apex_key com.android.wifi").severity, "high");
}

}  // namespace
}  // namespace klik::compare
