// Whose code and whose hosts: what is known of the real evidence must come out.
#include <gtest/gtest.h>
#include <sys/wait.h>

#include <fstream>

#include "support/asking.h"
#include "support/evidence.h"
#include "support/files.h"

namespace klik {
namespace {

// A case of one input, scanned once more for each test that asks: the tests are few.
class Case {
 public:
  explicit Case(const std::string& input, const std::string& flags = "") {
    ran_ = test::run(std::string(KLIK_BINARY) + " scan '" + test::evidence() + "/" + input + "' --case '" + file() + "' " + flags + " 2>&1");
  }
  std::string ask(const std::string& sql) const { return test::asked(file(), sql); }
  const test::Ran& ran() const { return ran_; }
  std::string file() const { return (folder_.path() / "x.case").string(); }

 private:
  test::ScratchFolder folder_;
  test::Ran ran_;
};

TEST(RealOwners, AdupsIsFoundUnderNamesThatAreNotItsOwn) {
  KLIK_NEEDS_EVIDENCE();
  const Case blu("firmware/blu-vivo5r-2016-08.tar.zst");
  EXPECT_EQ(blu.ask("SELECT DISTINCT s.name, s.owner, s.country FROM sdk s JOIN actor a USING(actor_id) WHERE a.name = 'com.adups.fota' AND s.owner = 'Adups' AND s.how = 'name' ORDER BY 1"),
            "Adups Advertising|Adups|CN|\nAdups Command Channel|Adups|CN|\nAdups Data Collection|Adups|CN|\nAdups Firmware|Adups|CN|\n");
  EXPECT_EQ(blu.ask("SELECT DISTINCT e.host, h.owner FROM endpoint e JOIN actor a USING(actor_id) JOIN host_owner h ON h.host = e.host WHERE a.name = 'com.adups.fota' AND h.owner = 'Adups' ORDER BY 1"),
            "clean.adups.com|Adups|\nclean.blackyd.com|Adups|\nwww.adups.com|Adups|\n");
  // Names in debug data, packages and properties are no hosts.
  EXPECT_EQ(blu.ask("SELECT count(*) FROM endpoint WHERE host GLOB '*.java' OR host GLOB 'com.*' OR host GLOB 'ro.*' OR host GLOB 'persist.*' OR host GLOB '*.so'"), "0|\n");
  EXPECT_EQ(blu.ask("SELECT count(*) FROM endpoint WHERE host IN ('schemas.android.com', 'www.w3.org', 'xmlpull.org')"), "0|\n");
}

TEST(RealOwners, MapsLieInsideAnAppOfThePhonesMaker) {
  KLIK_NEEDS_EVIDENCE();
  test::ScratchFolder folder;
  const std::string list = (folder.path() / "l.txt").string();
  std::ofstream(list) << "[Adblock Plus]\n! Title: made\n||amap.com^\n";
  const Case oneplus("firmware/oneplus-5-china-10.0.3.tar.zst", "--lists '" + list + "'");
  EXPECT_EQ(oneplus.ask("SELECT DISTINCT s.name, s.owner FROM sdk s JOIN actor a USING(actor_id) WHERE a.name = 'net.oneplus.odm' AND s.owner = 'AutoNavi' ORDER BY 1"), "AMap|AutoNavi|\nAMap Location|AutoNavi|\n");
  EXPECT_EQ(oneplus.ask("SELECT DISTINCT e.scheme, e.host, e.port, e.local, e.use FROM endpoint e WHERE e.host = '172.21.104.16'"), "http|172.21.104.16|8880|1|dex|\n");
  EXPECT_EQ(oneplus.ask("SELECT DISTINCT e.host FROM endpoint e JOIN actor a USING(actor_id) WHERE a.name = 'net.oneplus.odm' AND e.host GLOB 'open.oneplus.*' ORDER BY 1"), "open.oneplus.cn|\nopen.oneplus.net|\n");
  EXPECT_NE(oneplus.ran().output.find("list made: 1 names, 0 entries not matched; licence: not stated"), std::string::npos) << oneplus.ran().output;
  EXPECT_EQ(oneplus.ask("SELECT count(DISTINCT subject) FROM list_match WHERE list = 'made' AND subject GLOB '*.amap.com'"), "6|\n");
}

TEST(RealOwners, AHostInsideANestedArchiveBelongsToTheApp) {
  KLIK_NEEDS_EVIDENCE();
  const Case apps("apps/vendor");
  EXPECT_EQ(apps.ask("SELECT a.name, e.scheme, e.path, e.use FROM endpoint e JOIN actor a USING(actor_id) WHERE e.host = 'v1-p1.da-f.us'"), "com.customermobile.preload.vzw|http|/vzw/stub/v10/|dex|\n");
}

}  // namespace
}  // namespace klik
