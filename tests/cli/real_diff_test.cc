// What klikspaan diff says of the real pair: read backwards, a back door that arrives with an update; forwards, its clean-up.
#include <gtest/gtest.h>
#include <sys/wait.h>

#include <nlohmann/json.hpp>

#include "support/asking.h"
#include "support/evidence.h"
#include "support/files.h"

namespace klik {
namespace {

class RealDiff : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    folder_ = new test::ScratchFolder;
    for (const std::string build : {"blu-vivo5r-2016-08", "blu-vivo5r-2017-04"})
      if (!test::evidence().empty()) test::run(std::string(KLIK_BINARY) + " scan '" + test::evidence() + "/firmware/" + build + ".tar.zst' --case '" + (folder_->path() / (build + ".case")).string() + "' 2>&1");
  }
  static void TearDownTestSuite() { delete folder_; }

  static nlohmann::json diff(const std::string& from, const std::string& to, const std::string& flags = "") {
    const auto at = [&](const std::string& year) { return "'" + (folder_->path() / ("blu-vivo5r-" + year + ".case")).string() + "'"; };
    const test::Ran ran = test::run(std::string(KLIK_BINARY) + " diff " + at(from) + " " + at(to) + " --format json " + flags);
    EXPECT_EQ(WEXITSTATUS(ran.status), 0) << ran.output.substr(0, 500);
    return nlohmann::json::parse(ran.output, nullptr, false);
  }
  static test::ScratchFolder* folder_;
};
test::ScratchFolder* RealDiff::folder_ = nullptr;

// The rank of the first change of a kind (any: "") whose subject holds all words; 0 when there is none.
int rank_of(const nlohmann::json& found, const std::string& kind, const std::vector<std::string>& words) {
  for (const auto& c : found["changes"]) {
    const std::string subject = c["subject"];
    if (!kind.empty() && c["kind"] != kind) continue;
    if (std::ranges::all_of(words, [&](const std::string& w) { return subject.find(w) != subject.npos; })) return c["rank"];
  }
  return 0;
}

TEST_F(RealDiff, BackwardsTheBackDoorStandsAtTheTop) {
  KLIK_NEEDS_EVIDENCE();
  const auto found = diff("2017-04", "2016-08");
  for (const auto& asked : found["asked"]) EXPECT_EQ(asked["state"], "asked") << asked.dump();
  const auto& first = found["changes"].at(0);
  EXPECT_EQ(first["kind"], "door_opened");
  EXPECT_EQ(first["severity"], "critical");
  EXPECT_EQ(first["subject"], "com.adups.fota.sysoper com.adups.fota.sysoper.WriteCommandReceiver");
  EXPECT_NE(std::string(first["after"]).find("run commands"), std::string::npos);
  EXPECT_TRUE(first["before"].is_null());
  EXPECT_FALSE(first["after_fact"].is_null());
  // The provider of calls, and the second agent with the same receiver.
  const int provider = rank_of(found, "door_opened", {"com.adups.fota.sysoper", "InfoProvider"});
  EXPECT_TRUE(provider > 0 && provider <= 20) << provider;
  const int second = rank_of(found, "door_opened", {"com.fw.upgrade.sysoper", "WriteCommandReceiver"});
  EXPECT_TRUE(second > 0 && second <= 20) << second;
  const int collection = rank_of(found, "sdk_added", {"com.adups.fota ", "Adups Data Collection"});
  EXPECT_TRUE(collection > 0 && collection <= 20) << collection;
  EXPECT_GT(rank_of(found, "patch_level_lowered", {}), 0);
  for (const auto& c : found["changes"]) EXPECT_FALSE(c["why"].get<std::string>().empty()) << c.dump();
}

TEST_F(RealDiff, ForwardsItTellsTheCleanUp) {
  KLIK_NEEDS_EVIDENCE();
  const auto found = diff("2016-08", "2017-04");
  const int closed = rank_of(found, "door_closed", {"com.adups.fota.sysoper", "WriteCommandReceiver"});
  ASSERT_GT(closed, 0);
  EXPECT_EQ(found["changes"].at(static_cast<std::size_t>(closed) - 1)["effect"], "less");
  EXPECT_GT(rank_of(found, "package_removed", {"com.fw.upgrade.sysoper"}), 0);
  EXPECT_GT(rank_of(found, "component_closed", {"com.adups.fota.sysoper", "WriteCommandReceiver"}), 0);
  // SysService stayed exported, and that is told.
  EXPECT_GT(rank_of(found, "door_stays", {"com.adups.fota.sysoper ", "SysService"}), 0);
  EXPECT_EQ(rank_of(found, "component_closed", {"com.adups.fota.sysoper ", "SysService"}), 0);
}

TEST_F(RealDiff, ABuildAgainstItselfHasNoChange) {
  KLIK_NEEDS_EVIDENCE();
  EXPECT_EQ(diff("2016-08", "2016-08")["changes"].size(), 0u);
}

TEST_F(RealDiff, EveryFactOfAChangeLeadsToItsBytes) {
  KLIK_NEEDS_EVIDENCE();
  const auto found = diff("2017-04", "2016-08");
  for (std::size_t i = 0; i < 25; ++i) {
    const auto& c = found["changes"].at(i);
    for (const auto& [side, build] : {std::pair{"before_fact", "2017-04"}, {"after_fact", "2016-08"}}) {
      if (c[side].is_null()) continue;
      const test::Ran ran = test::run(std::string(KLIK_BINARY) + " why '" + (folder_->path() / ("blu-vivo5r-" + std::string(build) + ".case")).string() + "' " + std::string(c[side]) + " 2>&1");
      EXPECT_EQ(WEXITSTATUS(ran.status), 0) << c.dump() << ran.output;
    }
  }
}

TEST_F(RealDiff, FailOnStopsAtWhatIsGrave) {
  KLIK_NEEDS_EVIDENCE();
  const auto at = [&](const std::string& year) { return "'" + (folder_->path() / ("blu-vivo5r-" + year + ".case")).string() + "'"; };
  EXPECT_EQ(WEXITSTATUS(test::run(std::string(KLIK_BINARY) + " diff " + at("2017-04") + " " + at("2016-08") + " --fail-on critical").status), 1);
  EXPECT_EQ(WEXITSTATUS(test::run(std::string(KLIK_BINARY) + " diff " + at("2016-08") + " " + at("2016-08") + " --fail-on info").status), 0);
  EXPECT_EQ(WEXITSTATUS(test::run(std::string(KLIK_BINARY) + " diff " + at("2016-08") + " " + at("2016-08") + " --fail-on nothing 2>&1").status), 2);
}

TEST_F(RealDiff, AListOfDigestsKnowsTheSameBuildAndOnlyThis) {
  KLIK_NEEDS_EVIDENCE();
  const std::string build = (folder_->path() / "blu-vivo5r-2016-08.case").string(), list = (folder_->path() / "others.digests").string();
  ASSERT_EQ(WEXITSTATUS(test::run(std::string(KLIK_BINARY) + " export '" + build + "' --format digests -o '" + list + "'").status), 0);
  const auto same = nlohmann::json::parse(test::run(std::string(KLIK_BINARY) + " diff '" + build + "' '" + list + "' --format json").output, nullptr, false);
  EXPECT_EQ(same["answers"].size(), 0u) << same.dump().substr(0, 400);
  EXPECT_GT(same["files_same"].get<int>(), 1000);
  test::run("sed -i '/AdupsFotaReboot.apk/s/^file ...../file 00000/' '" + list + "'");
  const auto other = nlohmann::json::parse(test::run(std::string(KLIK_BINARY) + " diff '" + build + "' '" + list + "' --format json").output, nullptr, false);
  ASSERT_EQ(other["answers"].size(), 1u);
  EXPECT_EQ(other["answers"][0]["answer"], "only_you");
}

}  // namespace
}  // namespace klik
