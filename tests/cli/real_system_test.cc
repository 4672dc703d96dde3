// What runs beside apps on the real firmware: services, certificate stores, dialer codes, switches.
#include <gtest/gtest.h>

#include <map>

#include "cli/case_access.h"
#include "support/evidence.h"
#include "support/files.h"

namespace klik {
namespace {

class RealSystem : public testing::Test {
 protected:
  static std::string ask(const std::string& name, const std::string& sql) {
    static test::ScratchFolder folder;
    static std::map<std::string, std::string> cases;
    auto at = cases.find(name);
    if (at == cases.end()) {
      at = cases.emplace(name, (folder.path() / (name + ".case")).string()).first;
      test::run(std::string(KLIK_BINARY) + " scan '" + test::evidence() + "/firmware/" + name + ".tar.zst' --case '" + at->second + "' 2>&1");
    }
    CaseReader reader(at->second, cli::all_declarations());
    const Table t = reader.query(sql);
    std::string out = reader.error();
    for (const auto& row : t.rows) {
      for (const Value& v : row) {
        if (const auto* n = std::get_if<std::int64_t>(&v)) out += std::to_string(*n);
        if (const auto* w = std::get_if<std::string>(&v)) out += *w;
        out += "|";
      }
      out += "\n";
    }
    return out;
  }
};

constexpr const char* kBlu = "blu-vivo5r-2016-08";
constexpr const char* kMi2 = "xiaomi-mi2-global-v9.2.2.0";
constexpr const char* kOnePlus = "oneplus-5-china-10.0.3";

TEST_F(RealSystem, TheAgentsDaemonOfBluIsARootServiceWithoutItsProgram) {
  KLIK_NEEDS_EVIDENCE();
  EXPECT_EQ(ask(kBlu, "SELECT s.executable, s.user, s.disabled, s.oneshot, s.program_state, a.name FROM service s JOIN actor a USING(actor_id) WHERE s.name = 'rbfota'"), "/system/bin/fota1|root|1|1|absent|rbfota|\n");
  EXPECT_EQ(ask(kBlu, "SELECT value FROM setting WHERE scope = 'init' AND name = 'root_seclabel of adbd'"), "u:r:su:s0|\n");
  EXPECT_EQ(ask(kBlu, "SELECT count(*) FROM setting WHERE scope = 'init' AND value = '/FWUpgradeInit.rc'"), "1|\n");   // the second agent's script
}

TEST_F(RealSystem, ScriptsOfFactoryModeAreNotTheSystems) {
  KLIK_NEEDS_EVIDENCE();
  EXPECT_EQ(ask(kBlu, "SELECT count(*) FROM service s JOIN artifact a USING(artifact_id) WHERE a.path GLOB '*/factory_init*' OR a.path GLOB '*/meta_init*' OR a.path GLOB '*recovery*'"), "0|\n");
  EXPECT_EQ(ask(kBlu, "SELECT count(*) FROM service s JOIN artifact a USING(artifact_id) WHERE a.path GLOB '*/init.mt6735.rc'"), "93|\n");
  EXPECT_EQ(ask(kBlu, "SELECT count(*) FROM service"), "147|\n");   // as many as `grep` finds names in the scripts that are read
}

TEST_F(RealSystem, CertificateStoresAreThoseOfTheirRelease) {
  KLIK_NEEDS_EVIDENCE();
  const std::string sql = "SELECT count(*), sum(known), sum(in_release), sum(name_matches) FROM certificate_authority WHERE store = 'system'";
  EXPECT_EQ(ask(kBlu, sql), "158|158|158|158|\n");
  EXPECT_EQ(ask(kMi2, sql), "157|157|157|157|\n");
  EXPECT_EQ(ask(kOnePlus, sql), "138|138|138|138|\n");
  EXPECT_EQ(ask(kOnePlus, "SELECT count(*) FROM ca_missing"), "0|\n");
  EXPECT_EQ(ask(kBlu, "SELECT count(*) FROM certificate_authority WHERE store = 'supl' AND known = 0"), "3|\n");
}

TEST_F(RealSystem, DialerCodes) {
  KLIK_NEEDS_EVIDENCE();
  EXPECT_EQ(ask(kBlu, "SELECT count(*) FROM dialer_code"), "0|\n");
  EXPECT_EQ(ask(kMi2, "SELECT count(*), count(DISTINCT package_id) FROM dialer_code WHERE listens"), "9|4|\n");
  EXPECT_EQ(ask(kOnePlus, "SELECT p.name, c.code FROM dialer_code c JOIN package p USING(package_id)"), "com.qti.qualcomm.deviceinfo|0000|\n");
}

TEST_F(RealSystem, TheKeyThatMi2sUpdatesAreTrustedByIsPublic) {
  KLIK_NEEDS_EVIDENCE();
  EXPECT_EQ(ask(kMi2, "SELECT value FROM setting WHERE scope = 'flag' AND name = 'update key'"), "aosp-testkey|\n");
  EXPECT_EQ(ask(kBlu, "SELECT count(*) FROM setting WHERE scope = 'flag' AND name = 'update key'"), "0|\n");
}

TEST_F(RealSystem, SwitchesComeToOneValue) {
  KLIK_NEEDS_EVIDENCE();
  EXPECT_EQ(ask(kBlu, "SELECT value FROM setting WHERE scope = 'flag' AND name = 'persist.sys.usb.config'"), "mtp,adb|\n");
  EXPECT_EQ(ask(kOnePlus, "SELECT value FROM setting WHERE scope = 'flag' AND name = 'ro.control_privapp_permissions'"), "enforce|\n");   // system says log, vendor is read later
  EXPECT_EQ(ask(kOnePlus, "SELECT value FROM setting WHERE scope = 'location' AND name = 'SUPL_HOST'"), "supl.qxwz.com|\n");
}

}  // namespace
}  // namespace klik
