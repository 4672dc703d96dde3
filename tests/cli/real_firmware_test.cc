// The four real firmware archives: what is known of them must come out.
#include <gtest/gtest.h>
#include <sys/wait.h>

#include <map>

#include "support/asking.h"
#include "support/evidence.h"
#include "support/files.h"

namespace klik {
namespace {

class RealFirmware : public testing::Test {
 protected:
  static void SetUpTestSuite() { folder_ = new test::ScratchFolder; }
  static void TearDownTestSuite() { delete folder_; }

  struct Scanned {
    int exit;
    std::string output, case_file;
  };
  static const Scanned& scanned(const std::string& name) {
    static std::map<std::string, Scanned> done;
    if (const auto at = done.find(name); at != done.end()) return at->second;
    Scanned s{0, {}, (folder_->path() / (name + ".case")).string()};
    const test::Ran ran = test::run(std::string(KLIK_BINARY) + " scan '" + test::evidence() + "/firmware/" + name + ".tar.zst' --case '" + s.case_file + "' 2>&1");
    s.exit = WEXITSTATUS(ran.status);
    s.output = ran.output;
    return done.emplace(name, s).first->second;
  }
  static std::string ask(const std::string& name, const std::string& sql) { return test::asked(scanned(name).case_file, sql); }
  static std::string digest(const std::string& output) { return output.substr(output.find("digest ") + 7, 64); }
  static test::ScratchFolder* folder_;
};
test::ScratchFolder* RealFirmware::folder_ = nullptr;

constexpr const char* kArchives[] = {"blu-vivo5r-2016-08", "blu-vivo5r-2017-04", "xiaomi-mi2-global-v9.2.2.0", "oneplus-5-china-10.0.3"};

TEST_F(RealFirmware, EveryArchiveIsReadWholeAndItsListedFilesAreNamed) {
  KLIK_NEEDS_EVIDENCE();
  for (const std::string name : kArchives) {
    EXPECT_EQ(scanned(name).exit, 0) << scanned(name).output;
    const std::string members = test::run("zstd -dcq '" + test::evidence() + "/firmware/" + name + ".tar.zst' | tar tf - | wc -l").output;
    EXPECT_EQ(ask(name, "SELECT count(*) FROM artifact WHERE path GLOB 'zstd!*' AND path NOT GLOB 'zstd!*!*'"), std::to_string(std::stoi(members)) + "|\n") << name;
    // Every line of the list is an artifact, once: present or listed.
    const std::string lines = test::run("tail -n +2 '" + test::evidence() + "/firmware/" + name + ".LISTED.tsv' | wc -l").output;
    EXPECT_EQ(ask(name, "SELECT count(*) FROM artifact WHERE state = 'listed'"), std::to_string(std::stoi(lines)) + "|\n") << name;
    EXPECT_EQ(ask(name, "SELECT count(*) FROM artifact WHERE state NOT IN ('read', 'listed')"), "0|\n") << name;
  }
}

TEST_F(RealFirmware, BuildsSayWhoTheyAre) {
  KLIK_NEEDS_EVIDENCE();
  EXPECT_EQ(ask("blu-vivo5r-2016-08", "SELECT maker, brand, release, tags FROM build"), "BLU|BLU|6.0|release-keys|\n");
  EXPECT_EQ(ask("xiaomi-mi2-global-v9.2.2.0", "SELECT maker, model, release, fingerprint FROM build"), "Xiaomi|MI 2|5.0.2|Xiaomi/aries/aries:5.0.2/LRX22G/V9.2.2.0.LXAMIEK:user/release-keys|\n");
  EXPECT_EQ(ask("oneplus-5-china-10.0.3", "SELECT maker, release, sdk, security_patch, built_at FROM build"), "OnePlus|10|29|2020-11-01|2020-12-02T19:28:13Z|\n");
}

TEST_F(RealFirmware, TheAdupsReceiverIsThereIn2016AndGoneIn2017) {
  KLIK_NEEDS_EVIDENCE();
  const std::string sql =
      "SELECT p.version_name, p.shared_uid, c.kind, c.exported, coalesce(c.permission, 'none'), c.authorities FROM component c JOIN package p USING(package_id) "
      "WHERE p.name = 'com.adups.fota.sysoper' AND (c.class LIKE '%WriteCommandReceiver' OR c.class LIKE '%SysService' OR c.class LIKE '%InfoProvider') ORDER BY c.class";
  EXPECT_EQ(ask("blu-vivo5r-2016-08", sql), "5.0.4|android.uid.system|service|1|none||\n5.0.4|android.uid.system|receiver|1|none||\n5.0.4|android.uid.system|provider|1|none|com.ad.dinfo|\n");
  EXPECT_EQ(ask("blu-vivo5r-2017-04", "SELECT count(*) FROM component WHERE class LIKE '%WriteCommandReceiver'"), "0|\n");
  EXPECT_EQ(ask("blu-vivo5r-2017-04", "SELECT c.exported FROM component c JOIN package p USING(package_id) WHERE p.name = 'com.adups.fota.sysoper' AND c.class LIKE '%SysService'"), "1|\n");
}

TEST_F(RealFirmware, SignersAndKeysAreTold) {
  KLIK_NEEDS_EVIDENCE();
  EXPECT_EQ(ask("oneplus-5-china-10.0.3", "SELECT count(*) FROM package"), "196|\n");
  EXPECT_EQ(ask("oneplus-5-china-10.0.3", "SELECT group_concat(p.name) FROM package p JOIN signer s ON s.sha256 = p.signer WHERE s.known_as = 'aosp-testkey'"), "com.android.cts.ctsshim|\n");
  // The platform key of mac_permissions.xml, worked out by hand, equals the one inferred from the members of android.uid.system.
  for (const std::string name : kArchives) EXPECT_EQ(ask(name, "SELECT count(*) FROM signer WHERE known_as = 'platform'"), "1|\n") << name;
}

TEST_F(RealFirmware, TheDigestIsTheSameOverThreadsAndRuns) {
  KLIK_NEEDS_EVIDENCE();
  for (const std::string name : kArchives)
    for (const char* threads : {"1", "3", "8"}) {
      const test::Ran ran = test::run(std::string(KLIK_BINARY) + " scan '" + test::evidence() + "/firmware/" + name + ".tar.zst' --threads " + threads + " --force --case '" + (folder_->path() / "again.case").string() + "' 2>&1");
      EXPECT_EQ(digest(ran.output), digest(scanned(name).output)) << name << ", " << threads << " threads";
    }
}

TEST_F(RealFirmware, WhyLeadsFromTheReceiverToTheManifestBytes) {
  KLIK_NEEDS_EVIDENCE();
  std::string id = ask("blu-vivo5r-2016-08", "SELECT fact_id FROM component WHERE class LIKE '%WriteCommandReceiver'");
  id = id.substr(0, 32);
  const test::Ran ran = test::run(std::string(KLIK_BINARY) + " why '" + scanned("blu-vivo5r-2016-08").case_file + "' " + id + " 2>&1");
  EXPECT_NE(ran.output.find("AdupsFotaReboot.apk!AndroidManifest.xml"), std::string::npos) << ran.output;
  EXPECT_NE(ran.output.find("deflate"), std::string::npos);
  EXPECT_NE(ran.output.find("the digest is the same"), std::string::npos);
}

TEST_F(RealFirmware, EveryContainerOfTheEvidenceIsReadOrSaidNotToBe) {
  KLIK_NEEDS_EVIDENCE();
  const std::string path = (folder_->path() / "containers.case").string();
  const test::Ran ran = test::run(std::string(KLIK_BINARY) + " scan '" + test::evidence() + "/containers' --case '" + path + "' 2>&1");
  EXPECT_TRUE(WEXITSTATUS(ran.status) == 0 || WEXITSTATUS(ran.status) == 3) << ran.output;
  CaseReader reader(path, cli::all_declarations());
  // Whatever is not read has a problem that says why.
  const Table silent = reader.query("SELECT path, state FROM artifact a WHERE state NOT IN ('read', 'listed') AND NOT EXISTS (SELECT 1 FROM problem p JOIN artifact b USING(artifact_id) WHERE b.sha256 = a.sha256 OR b.artifact_id IN (a.artifact_id, a.parent_id))");
  EXPECT_TRUE(reader.error().empty()) << reader.error();
  for (const auto& row : silent.rows) ADD_FAILURE() << std::get<std::string>(row[0]) << " is " << std::get<std::string>(row[1]) << " without a reason";
}

}  // namespace
}  // namespace klik
