// Effective rights on the real firmware archives, against rows that were worked out by hand.
#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <sstream>

#include "support/asking.h"
#include "support/evidence.h"
#include "support/files.h"

namespace klik {
namespace {

class RightsOfRealPhones : public testing::Test {
 protected:
  static void SetUpTestSuite() { folder_ = new test::ScratchFolder; }
  static void TearDownTestSuite() { delete folder_; }

  static std::string case_of(const std::string& name) {
    static std::map<std::string, std::string> done;
    if (const auto at = done.find(name); at != done.end()) return at->second;
    const std::string path = (folder_->path() / (name + ".case")).string();
    (void)test::run(std::string(KLIK_BINARY) + " scan '" + test::evidence() + "/firmware/" + name + ".tar.zst' --case '" + path + "' 2>&1");
    return done.emplace(name, path).first->second;
  }
  static std::string ask(const std::string& name, const std::string& sql) { return test::asked(case_of(name), sql); }
  static test::ScratchFolder* folder_;
};
test::ScratchFolder* RightsOfRealPhones::folder_ = nullptr;

TEST_F(RightsOfRealPhones, AreWhatWasWorkedOutByHand) {
  KLIK_NEEDS_EVIDENCE();
  std::ifstream file(std::string(KLIK_SOURCE_DIR) + "/tests/cli/rights_truths.tsv");
  int rows = 0;
  for (std::string line; std::getline(file, line);) {
    if (line.empty() || line[0] == '#') continue;
    std::istringstream fields(line);
    std::string archive, package, permission, effective;
    std::getline(fields, archive, '\t');
    std::getline(fields, package, '\t');
    std::getline(fields, permission, '\t');
    std::getline(fields, effective, '\t');
    EXPECT_EQ(ask(archive, "SELECT DISTINCT g.effective FROM permission_grant g JOIN package p USING(package_id) WHERE p.name = '" + package + "' AND g.permission = '" + permission + "'"), effective + "|\n")
        << archive << " " << package << " " << permission;
    ++rows;
  }
  EXPECT_GE(rows, 40);
}

// 32 privileged apps are in the archive; the lists name each of their 87 requests for privileged permissions of the platform.
TEST_F(RightsOfRealPhones, EveryPrivilegedRequestOfTheOnePlusIsListed) {
  KLIK_NEEDS_EVIDENCE();
  const std::string name = "oneplus-5-china-10.0.3";
  EXPECT_EQ(ask(name, "SELECT count(*) FROM package WHERE privileged AND partition IN ('system', 'product')"), "32|\n");
  EXPECT_EQ(ask(name, "SELECT count(*), sum(g.effective = 'granted'), sum(g.why LIKE '%the allow list of % names it%') FROM permission_grant g JOIN package p USING(package_id) "
                      "JOIN permission_definition d ON d.build_id = p.build_id AND d.permission = g.permission AND d.assumed "
                      "WHERE g.requested AND p.privileged AND d.protection LIKE '%privileged%'"), "87|87|87|\n");
}

TEST_F(RightsOfRealPhones, TheAdupsHelperAsksForNothingAndHoldsWhatTheSystemHolds) {
  KLIK_NEEDS_EVIDENCE();
  EXPECT_EQ(ask("blu-vivo5r-2016-08", "SELECT sum(g.requested), count(*) > 30, sum(g.why LIKE 'through its shared user android.uid.system%') = count(*) FROM permission_grant g JOIN package p USING(package_id) "
                                      "WHERE p.name = 'com.adups.fota.sysoper'"), "0|1|1|\n");
  EXPECT_EQ(ask("blu-vivo5r-2016-08", "SELECT permission FROM uid_right WHERE uid = 'system'"), "*|\n");
}

// The certificate in mac_permissions.xml is that of every member of android.uid.system: 16, 30 and 18 of them.
TEST_F(RightsOfRealPhones, ThePlatformKeyComesFromTheSelinuxFileAndNothingDisagrees) {
  KLIK_NEEDS_EVIDENCE();
  for (const auto& [name, members] : {std::pair<std::string, std::string>{"blu-vivo5r-2016-08", "16"}, {"oneplus-5-china-10.0.3", "30"}, {"xiaomi-mi2-global-v9.2.2.0", "18"}}) {
    EXPECT_EQ(ask(name, "SELECT DISTINCT why FROM signer WHERE known_as = 'platform'"), "declared by mac_permissions.xml as platform|\n") << name;
    EXPECT_EQ(ask(name, "SELECT count(*), sum(s.known_as = 'platform') FROM package p JOIN signer s ON s.sha256 = p.signer AND s.build_id = p.build_id WHERE p.shared_uid = 'android.uid.system'"), members + "|" + members + "|\n") << name;
    EXPECT_EQ(ask(name, "SELECT count(*) FROM problem WHERE what LIKE '%platform key%' OR what LIKE '%shared user%'"), "0|\n") << name;
  }
}

// No place, no platform: a single app says what it asks for, and only an image can say the rest.
TEST_F(RightsOfRealPhones, ALoneAppLeavesOpenWhatOnlyAnImageDecides) {
  KLIK_NEEDS_EVIDENCE();
  const std::string path = (folder_->path() / "lone.case").string();
  (void)test::run(std::string(KLIK_BINARY) + " scan '" + test::evidence() + "/apps/vendor/google-pixel6a-Showcase.apk' --case '" + path + "' 2>&1");
  CaseReader reader(path, cli::all_declarations());
  const Table t = reader.query("SELECT DISTINCT CASE WHEN protection LIKE '%|%' AND protection LIKE 'signature%' THEN 'signature' ELSE substr(protection || '|', 1, instr(protection || '|', '|') - 1) END AS base, effective FROM permission_grant WHERE protection IS NOT NULL "
                               "AND protection NOT LIKE '%development%' AND protection NOT LIKE '%appop%' AND permission NOT LIKE 'com.%' ORDER BY 1, 2");
  std::string out;
  for (const auto& row : t.rows) out += std::get<std::string>(row[0]) + " " + std::get<std::string>(row[1]) + "\n";
  EXPECT_EQ(out, "dangerous on_request\nnormal granted\nsignature unknown\n");
}

}  // namespace
}  // namespace klik
