#include "compare/pairs.h"

#include <gtest/gtest.h>

#include "support/table_side.h"

namespace klik::compare {
namespace {

std::string package(int id, const std::string& name, const std::string& place, const std::string& signer = "own") {
  const std::string n = std::to_string(id);
  return "INSERT INTO artifact(artifact_id, build_id, path, device_path, kind, size, sha256, state, fact_id) VALUES(" + n + ", 1, 'in" + place + "', '" + place + "', 'apk', 1, 'sha" + n + "', 'read', 'fa" + n + "');" +
         "INSERT INTO actor(actor_id, build_id, kind, name, artifact_id, fact_id) VALUES(" + n + ", 1, 'package', '" + name + "', " + n + ", 'fb" + n + "');" +
         "INSERT INTO package(package_id, build_id, artifact_id, name, signer, fact_id) VALUES(" + n + ", 1, " + n + ", '" + name + "', '" + signer + "', 'fc" + n + "');";
}

std::string file(int id, const std::string& place, const std::string& sha) {
  return "INSERT INTO artifact(artifact_id, build_id, path, device_path, kind, size, sha256, state, fact_id) VALUES(" + std::to_string(id) + ", 1, 'in" + place + "', '" + place + "', 'elf', 1, '" + sha + "', 'read', 'ff');";
}

std::string answer(const test::MadeComparison& made, const std::string& sql) {
  std::string out;
  sql::Statement ask(made.db.get(), sql);
  while (ask.step()) out += (out.empty() ? "" : " ") + std::string(ask.text(0));
  return out;
}

constexpr const char* kHow = "SELECT app || ':' || how FROM package_pair ORDER BY app, before_id";

TEST(Pairs, PackagesGoByTheirName) {
  const test::MadeComparison made(package(1, "a", "/system/app/A/A.apk"), package(7, "a", "/product/app/A/A.apk"), "");
  EXPECT_EQ(answer(made, kHow), "a:name");
}

TEST(Pairs, ARenamedPackageGoesByPlaceAndSigner) {
  EXPECT_EQ(answer(test::MadeComparison(package(1, "a", "/system/app/A/A.apk"), package(7, "b", "/system/app/A/A.apk"), ""), kHow), "b:place");
  EXPECT_EQ(answer(test::MadeComparison(package(1, "a", "/system/app/A/A.apk"), package(7, "b", "/system/app/A/A.apk", "other"), ""), kHow), "a:removed b:added");
}

TEST(Pairs, TwoPackagesOfOneNameGoInTheOrderOfTheirPaths) {
  const test::MadeComparison made(package(1, "a", "/product/app/A/A.apk") + package(2, "a", "/system/app/A/A.apk"), package(8, "a", "/system/app/A/A.apk") + package(9, "a", "/product/app/A/A.apk"), "");
  EXPECT_EQ(answer(made, "SELECT before_id || '-' || after_id FROM package_pair ORDER BY before_id"), "1-9 2-8");
}

TEST(Pairs, APackageThatStaysWhereItIsIsNotPairedWithANamesakeThatCame) {
  const test::MadeComparison made(package(1, "a", "/system/priv-app/A/A.apk"), package(8, "a", "/product/app/A/A.apk", "other") + package(9, "a", "/system/priv-app/A/A.apk"), "");
  EXPECT_EQ(answer(made, "SELECT how || before_id || '-' || after_id FROM package_pair WHERE before_id IS NOT NULL"), "name1-9");
  EXPECT_EQ(answer(made, "SELECT how || after_id FROM package_pair WHERE before_id IS NULL"), "added8");
}

TEST(Pairs, FilesGoByPathElseByContentWhenThatIsOneOnly) {
  EXPECT_EQ(answer(test::MadeComparison(file(1, "/system/bin/a", "x"), file(2, "/system/bin/a", "y"), ""), "SELECT path || ':' || how || ':' || same FROM file_pair"), "/system/bin/a:path:0");
  EXPECT_EQ(answer(test::MadeComparison(file(1, "/system/bin/a", "x"), file(2, "/vendor/bin/a", "x"), ""), "SELECT path || ':' || how || ':' || same FROM file_pair"), "/vendor/bin/a:content:1");
  EXPECT_EQ(answer(test::MadeComparison(file(1, "/system/bin/a", "x") + file(2, "/system/bin/b", "x"), file(3, "/vendor/bin/a", "x"), ""), "SELECT path || ':' || how FROM file_pair ORDER BY path"), "/system/bin/a:removed /system/bin/b:removed /vendor/bin/a:added");
}

TEST(Pairs, CodeBesideAnApkBelongsToItsApp) {
  const std::string rows = package(1, "a", "/system/app/A/A.apk") + "INSERT INTO artifact(artifact_id, parent_id, build_id, path, device_path, kind, size, state, fact_id) VALUES(2, NULL, 1, 'o', '/system/app/A/oat/arm/A.odex', 'oat', 1, 'read', 'ff'),"
                           " (3, 2, 1, 'o!classes.dex', NULL, 'dex', 1, 'read', 'ff'), (4, 1, 1, 'in!classes.dex', NULL, 'dex', 1, 'read', 'ff'), (5, NULL, 1, 'l', '/system/lib/l.so', 'elf', 1, 'read', 'ff');";
  const test::MadeComparison made(rows, rows, "");
  EXPECT_EQ(answer(made, "SELECT artifact_id || ':' || app FROM old_app_of ORDER BY artifact_id"), "1:a 2:a 3:a 4:a 5:/system/lib/l.so");
}

TEST(Pairs, OneMoreAppInAFolderDoesNotTakeWhatLiesBesideIt) {
  const std::string jar = "INSERT INTO artifact(artifact_id, parent_id, build_id, path, device_path, kind, size, state, fact_id) VALUES(3, NULL, 1, 's', '/system/framework/services.jar', 'zip', 1, 'read', 'ff'),"
                          " (4, 3, 1, 's!classes.dex', NULL, 'dex', 1, 'read', 'ff'), (5, NULL, 1, 'o', '/system/framework/oat/arm64/services.odex', 'oat', 1, 'read', 'ff'), (6, 5, 1, 'o!classes.dex', NULL, 'dex', 1, 'read', 'ff');";
  const test::MadeComparison made(jar + package(1, "android", "/system/framework/framework-res.apk"), jar + package(2, "x", "/system/framework/framework.apk") + package(7, "y", "/system/framework/z.apk"), "");
  for (const std::string side : {"old", "new"}) EXPECT_EQ(answer(made, "SELECT artifact_id || ':' || app FROM " + side + "_app_of WHERE artifact_id BETWEEN 3 AND 6 ORDER BY 1"), "3:/system/framework/services 4:/system/framework/services 5:/system/framework/services 6:/system/framework/services");
  EXPECT_EQ(answer(made, "SELECT app FROM app_in_both"), "/system/framework/services");
}

TEST(Pairs, CodeOfARenamedAppGoesByItsNewName) {
  const std::string inside = "INSERT INTO artifact(artifact_id, parent_id, build_id, path, device_path, kind, size, state, fact_id) VALUES(4, 1, 1, 'in!classes.dex', NULL, 'dex', 1, 'read', 'ff'), (5, NULL, 1, 'l', '/system/app/A/lib/arm/a.so', 'elf', 1, 'read', 'ff'),"
                             " (6, NULL, 1, 'p', '/system/app/A/plugin.jar', 'zip', 1, 'read', 'ff');";
  const test::MadeComparison made(package(1, "a", "/system/app/A/A.apk") + inside, package(1, "b", "/system/app/A/A.apk") + inside, "");
  for (const std::string side : {"old", "new"}) EXPECT_EQ(answer(made, "SELECT artifact_id || ':' || app FROM " + side + "_app_of ORDER BY 1"), "1:b 4:b 5:b 6:/system/app/A/plugin");
}

TEST(Pairs, PoliciesGoByPathUnlessEachBuildHoldsOne) {
  const auto policy = [](int id, const std::string& place) { return file(id, place, "p" + std::to_string(id)) + "INSERT INTO selinux_domain(build_id, domain, permissive, artifact_id, fact_id) VALUES(1, 'logd', 0, " + std::to_string(id) + ", 'fd');"; };
  const std::string ask = "SELECT '<' || policy || '>' FROM new_policy_of ORDER BY policy";
  EXPECT_EQ(answer(test::MadeComparison(policy(1, "/sepolicy"), policy(2, "/vendor/etc/selinux/precompiled_sepolicy"), ""), ask), "<>");
  EXPECT_EQ(answer(test::MadeComparison(policy(1, "/sepolicy"), policy(1, "/sepolicy") + policy(2, "/recovery/sepolicy"), ""), ask), "</recovery/sepolicy> </sepolicy>");
}

TEST(Pairs, WhatAnUpdateOfFilesDoesNotNameIsNotGone) {
  const std::string step = "INSERT INTO update_step(build_id, artifact_id, position, what, function, target, fact_id) VALUES(1, 50, 0, '";
  const std::string before = package(1, "a", "/system/app/A/A.apk") + package(2, "b", "/system/app/B/B.apk") + package(3, "c", "/system/app/C/C.apk") + file(4, "/system/bin/x", "x");
  const std::string after = package(7, "a", "/system/app/A/A.apk") + step + "patch', 'apply_patch', '/system/app/A/A.apk', 'f0');" + step + "remove', 'delete', '/system/app/B/B.apk', 'f1');";
  const test::MadeComparison made(before, after, "");
  EXPECT_EQ(answer(made, kHow), "a:name b:removed");
  EXPECT_EQ(answer(made, "SELECT path || ':' || how FROM file_pair ORDER BY path"), "/system/app/A/A.apk:path /system/app/B/B.apk:removed");
  // A whole build without C is another matter.
  EXPECT_EQ(answer(test::MadeComparison(before, package(7, "a", "/system/app/A/A.apk"), ""), kHow), "a:name b:removed c:removed");
}

TEST(Pairs, HoldNothingTwice) {
  const std::string rows = package(1, "a", "/system/app/A/A.apk") + file(2, "/system/bin/a", "x");
  const test::MadeComparison made(rows, rows, "");
  EXPECT_EQ(answer(made, "SELECT count(*) FROM package_pair"), "1");
  EXPECT_EQ(answer(made, "SELECT count(*) FROM file_pair WHERE same = 1"), "2");
}

}  // namespace
}  // namespace klik::compare
