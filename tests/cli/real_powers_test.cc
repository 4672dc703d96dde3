// Powers on real phones: the published back door of 2016, its clean-up of 2017, and code inside code.
#include <gtest/gtest.h>

#include "support/asking.h"
#include "support/evidence.h"
#include "support/files.h"

namespace klik {
namespace {

class RealCase {
 public:
  explicit RealCase(const std::string& input) : ran_(test::run(std::string(KLIK_BINARY) + " scan '" + test::evidence() + "/" + input + "' --case '" + file() + "' 2>&1")) {}
  std::string ask(const std::string& sql) const { return test::asked(file(), sql); }

 private:
  std::string file() const { return (folder_.path() / "x.case").string(); }
  test::ScratchFolder folder_;
  test::Ran ran_;
};

constexpr const char* kDoors =
    "SELECT replace(o.entry, 'com.adups.fota.sysoper.', ''), o.power, o.fixed, o.guard IS NOT NULL FROM open_door o JOIN package p USING(package_id) WHERE p.name = 'com.adups.fota.sysoper' ORDER BY 1, 2";

TEST(RealPowers, TheBackDoorOf2016IsAFindingWithItsEvidence) {
  KLIK_NEEDS_EVIDENCE();
  const RealCase blu("firmware/blu-vivo5r-2016-08.tar.zst");
  // Door, power, whether the call is fixed, whether anything asks who called: the service does, the receiver and the provider do not.
  EXPECT_EQ(blu.ask(kDoors), "SysService|run_commands|0|1|\nWriteCommandReceiver|run_commands|0|0|\nWriteCommandReceiver|update_system|0|0|\nprovider.InfoProvider|device_identifiers|0|0|\nprovider.InfoProvider|read_calls|1|0|\n");
  EXPECT_EQ(blu.ask("SELECT severity, strength FROM finding WHERE rule = 'open_door_to_commands' AND subject = 'com.adups.fota.sysoper.WriteCommandReceiver' AND actor_id IN "
                    "(SELECT actor_id FROM actor WHERE name = 'com.adups.fota.sysoper')"),
            "critical|able|\n");
  EXPECT_EQ(blu.ask("SELECT count(*) FROM finding f JOIN actor a USING(actor_id) WHERE f.rule = 'exported_provider_without_permission' AND a.name = 'com.adups.fota.sysoper'"), "1|\n");
  // The log line beside the call, with its bytes among the evidence.
  EXPECT_EQ(blu.ask("SELECT instr(texts, 'exec cmd') > 0 FROM call_site WHERE power = 'run_commands' AND class = 'com.adups.fota.sysoper.k'"), "1|\n");
  EXPECT_EQ(blu.ask("SELECT count(*) > 2 FROM finding f JOIN finding_evidence e USING(finding_id) JOIN artifact a USING(artifact_id) WHERE f.rule = 'open_door_to_commands' "
                    "AND f.subject = 'com.adups.fota.sysoper.WriteCommandReceiver' AND a.path LIKE '%AdupsFotaReboot.apk!classes.dex'"),
            "1|\n");
  // A second agent with the same shape, and which of them verifies anything.
  EXPECT_EQ(blu.ask("SELECT a.name, u.how, u.verifies FROM update_agent u JOIN actor a USING(actor_id) ORDER BY 1"), "com.adups.fota.sysoper|update_system|1|\ncom.fw.upgrade.sysoper|update_system|0|\n");
  // Nothing that plain AOSP has too stands at the top.
  EXPECT_EQ(blu.ask("SELECT count(*) FROM finding WHERE severity = 'critical' AND baseline = 1"), "0|\n");
}

TEST(RealPowers, TheBuildOf2017TellsTheCleanUp) {
  KLIK_NEEDS_EVIDENCE();
  const RealCase blu("firmware/blu-vivo5r-2017-04.tar.zst");
  EXPECT_EQ(blu.ask("SELECT count(*) FROM component WHERE class LIKE '%WriteCommandReceiver'"), "0|\n");
  EXPECT_EQ(blu.ask("SELECT count(*) FROM open_door o JOIN package p USING(package_id) WHERE p.name = 'com.adups.fota.sysoper' AND o.guard IS NULL"), "0|\n");
  EXPECT_EQ(blu.ask("SELECT count(*) FROM finding WHERE rule = 'exported_door_of_system_app' AND subject = 'com.adups.fota.sysoper.SysService'"), "1|\n");
}

TEST(RealPowers, CodeLoadedFromInsideAnAppIsReadButNotSaidToRun) {
  KLIK_NEEDS_EVIDENCE();
  const RealCase showcase("apps/vendor/google-pixel6a-Showcase.apk");
  EXPECT_EQ(showcase.ask("SELECT held_by, reachable IS NULL, code IS NOT NULL FROM power WHERE power = 'remove_silently'"), "android.permission.DELETE_PACKAGES (unknown)|1|1|\n");
}

TEST(RealPowers, PairsOfCompiledAndPlainAppsHaveTheSamePowers) {
  KLIK_NEEDS_EVIDENCE();
  // The stock app has its code beside it, compiled; the other one has it put back.
  const RealCase stock("apps/odex-pairs/stock"), plain("apps/odex-pairs/deodexed");
  const char* sql = "SELECT a.name, p.power, p.held_by, p.code, p.reachable, p.entry FROM power p JOIN actor a USING(actor_id) ORDER BY 1, 2";
  EXPECT_EQ(stock.ask(sql), plain.ask(sql));
  EXPECT_NE(stock.ask("SELECT count(*) FROM power WHERE code IS NOT NULL"), "0|\n");
}

}  // namespace
}  // namespace klik
