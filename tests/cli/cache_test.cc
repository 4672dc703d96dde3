// The cache as its user meets it: the same digest with it and without, and a folder of the user's choice.
#include <gtest/gtest.h>
#include <sys/wait.h>

#include <filesystem>
#include <fstream>

#include "base/hash.h"
#include "support/boot_writer.h"
#include "support/evidence.h"
#include "support/files.h"
#include "support/vbmeta_writer.h"

namespace klik {
namespace {

namespace fs = std::filesystem;

class Cache : public testing::Test {
 protected:
  Cache() {
    fs::create_directories(folder_.path() / "phone/system");
    std::ofstream(folder_.path() / "phone/system/build.prop") << "ro.product.model=Made\nro.build.fingerprint=m/m/m:8.0.0/X/1:user/release-keys\n";
    std::ofstream(folder_.path() / "phone/system/hosts.txt") << "http://one.example.net/\n";
  }
  int klik(const std::string& arguments, const std::string& environment = "") {
    const test::Ran ran = test::run("cd '" + folder_.path().string() + "' && env " + environment + " " + KLIK_BINARY + " " + arguments + " 2>&1");
    output_ = ran.output;
    return WEXITSTATUS(ran.status);
  }
  std::string digest() const {
    const auto at = output_.find("digest ");
    return at == output_.npos ? "none in: " + output_ : output_.substr(at + 7, 64);
  }
  std::size_t packs(const std::string& name) const {
    std::error_code ec;
    std::size_t n = 0;
    for (fs::directory_iterator it(folder_.path() / name, ec), end; !ec && it != end; it.increment(ec)) ++n;
    return n;
  }
  std::string output_;
  test::ScratchFolder folder_;
};

TEST_F(Cache, IsWhereTheUserSays) {
  ASSERT_EQ(klik("scan phone --case a.case --cache here"), 0) << output_;
  const std::string first = digest();
  EXPECT_EQ(packs("here"), 1u);
  ASSERT_EQ(klik("scan phone --case b.case --cache here"), 0) << output_;
  EXPECT_EQ(digest(), first);
  ASSERT_EQ(klik("scan phone --case c.case --no-cache --cache other"), 0) << output_;
  EXPECT_EQ(digest(), first);
  EXPECT_FALSE(fs::exists(folder_.path() / "other"));
  ASSERT_EQ(klik("scan phone --case d.case", "KLIKSPAAN_CACHE=" + (folder_.path() / "named").string()), 0) << output_;
  EXPECT_EQ(packs("named"), 1u);
  ASSERT_EQ(klik("scan phone --case e.case", "-u KLIKSPAAN_CACHE XDG_CACHE_HOME=" + (folder_.path() / "xdg").string()), 0) << output_;
  EXPECT_EQ(packs("xdg/klikspaan"), 1u);
  ASSERT_EQ(klik("scan phone --case f.case", "-u KLIKSPAAN_CACHE -u XDG_CACHE_HOME HOME=" + (folder_.path() / "home").string()), 0) << output_;
  EXPECT_EQ(packs("home/.cache/klikspaan"), 1u);
  EXPECT_EQ(digest(), first);
}

// A warm scan opens no image, so what judges images gets its bytes by their path.
TEST_F(Cache, ImagesOfOneNameAreEachJudgedByTheirOwnBytes) {
  const auto image = [&](const std::string& name, const std::string& kernel, bool good) {
    std::vector<std::uint8_t> bytes = test::boot_v0_to_v2(0, {.kernel = kernel});
    const std::size_t size = bytes.size();
    const auto structure = test::vbmeta({.descriptors = {test::hash("boot", size, "", good ? as_bytes(sha256(Bytes(bytes))).text() : std::string(32, 'x'))}, .key = {}});
    bytes.insert(bytes.end(), structure.begin(), structure.end());
    bytes.resize(32768 - 64);
    const auto footer = test::footer(size, size, structure.size());
    bytes.insert(bytes.end(), footer.begin(), footer.end());
    std::ofstream(folder_.path() / name, std::ios::binary) << Bytes(bytes).text();
  };
  const auto shell = [&](const std::string& command) { ASSERT_EQ(test::run("cd '" + folder_.path().string() + "' && " + command).status, 0) << command; };
  image("boot.img#2", "one", false);
  image("boot.img", "two", true);
  shell("tar cf in.tar 'boot.img#2' boot.img");
  image("boot.img", "three", true);
  shell("tar rf in.tar boot.img");
  ASSERT_EQ(klik("scan in.tar --case a.case --no-cache"), 0) << output_;
  const std::string want = digest();
  for (const char* when : {"cold", "warm"}) {
    ASSERT_EQ(klik("scan in.tar --case b.case --force --cache kept"), 0) << output_;
    EXPECT_EQ(digest(), want) << when;
    ASSERT_EQ(klik("query b.case \"SELECT group_concat(x, ' ') AS all_of_them FROM (SELECT image || ' ' || result AS x FROM avb_check WHERE what = 'hash' ORDER BY image)\""), 0) << output_;
    EXPECT_NE(output_.find("boot.img verified boot.img#2 failed boot.img#3 verified"), output_.npos) << when << output_;
  }
}

TEST_F(Cache, ThatCannotBeKeptIsAWarningAndNoMore) {
  ASSERT_EQ(klik("scan phone --case a.case --no-cache"), 0) << output_;
  const std::string want = digest();
  EXPECT_EQ(klik("scan phone --case b.case --cache /proc/none/cache"), 0) << output_;
  EXPECT_NE(output_.find("cache folder"), std::string::npos) << output_;
  EXPECT_EQ(digest(), want);
  EXPECT_EQ(klik("scan phone --case c.case --cache-size many"), 2);
}

// Real content is where a record that leaves something out would show.
TEST_F(Cache, ChangesNothingOnRealFirmware) {
  KLIK_NEEDS_EVIDENCE();
  for (const std::string name : {"blu-vivo5r-2016-08", "oneplus-5-china-10.0.3"}) {
    const std::string scan = "scan '" + test::evidence() + "/firmware/" + name + ".tar.zst' --force --case x.case ";
    ASSERT_EQ(klik(scan + "--no-cache"), 0) << output_;
    const std::string want = digest();
    ASSERT_EQ(klik(scan + "--cache kept --threads 8"), 0) << output_;
    EXPECT_EQ(digest(), want) << name << ", cold";
    ASSERT_EQ(klik(scan + "--cache kept --threads 1"), 0) << output_;
    EXPECT_EQ(digest(), want) << name << ", warm";
  }
  // Of two builds of one phone, the second with the first one's facts.
  const std::string later = "scan '" + test::evidence() + "/firmware/blu-vivo5r-2017-04.tar.zst' --force --case x.case ";
  ASSERT_EQ(klik(later + "--no-cache"), 0) << output_;
  const std::string want = digest();
  ASSERT_EQ(klik(later + "--cache kept"), 0) << output_;
  EXPECT_EQ(digest(), want);
}

}  // namespace
}  // namespace klik
