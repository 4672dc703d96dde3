// The old build behind an update: the same partition out of every kind of package.
#include <gtest/gtest.h>

#include <fstream>

#include "engine/base_files.h"
#include "support/android_images.h"
#include "support/evidence.h"
#include "support/files.h"

namespace klik {
namespace {

using test::ByteVector;

class BaseFilesTest : public testing::Test {
 protected:
  std::string path(const std::string& name) { return (folder_.path() / name).string(); }
  void write(const std::string& name, const ByteVector& bytes) {
    std::filesystem::create_directories(std::filesystem::path(path(name)).parent_path());
    std::ofstream(path(name), std::ios::binary).write(Bytes(bytes).text().data(), static_cast<std::streamsize>(bytes.size()));
  }
  void shell(const std::string& command) { ASSERT_EQ(test::run("cd '" + folder_.path().string() + "' && (" + command + ") >/dev/null 2>&1").status, 0) << command; }
  std::unique_ptr<OldBuild> open(const std::string& name) {
    auto build = OldBuild::open(path(name), "", Budget(), scratch_, nullptr);
    if (!build) {
      ADD_FAILURE() << build.error().what;
      return nullptr;
    }
    return std::move(*build);
  }
  static ByteVector bytes_of(const SourceRef& source) {
    if (!source) return {};
    const auto loaded = source->load();
    return loaded ? ByteVector(loaded->bytes().begin(), loaded->bytes().end()) : ByteVector();
  }
  Scratch scratch_;

 private:
  test::ScratchFolder folder_;
};

const ByteVector kBoot = test::pattern(40960, 1), kVendor = test::pattern(81920, 2);

TEST_F(BaseFilesTest, FindsThePartitionInEveryKindOfPackage) {
  write("images/boot.img", kBoot);
  write("images/vendor_a.img", kVendor);
  write("full.bin", test::payload({{.name = "boot", .size = kBoot.size(), .operations = {{0, {{0, 10}}, kBoot}}, .image = kBoot},
                                   {.name = "vendor", .size = kVendor.size(), .operations = {{0, {{0, 20}}, kVendor}}, .image = kVendor}}));
  shell("tar cf t.tar images; zstd -q t.tar -o t.tar.zst; zip -q0r ota.zip full.bin; zip -qr images.zip images; tar czf nested.tgz images.zip; gzip -kn images/boot.img; mkdir packed; mv images/boot.img.gz packed; cp images/vendor_a.img packed");
  for (const std::string name : {"images", "full.bin", "t.tar", "t.tar.zst", "ota.zip", "images.zip", "nested.tgz", "packed"}) {
    const auto build = open(name);
    EXPECT_EQ(bytes_of(build->partition("boot", kBoot.size(), sha256(Bytes(kBoot)))), kBoot) << name;
    EXPECT_EQ(bytes_of(build->partition("vendor", kVendor.size(), sha256(Bytes(kVendor)))), kVendor) << name;
    EXPECT_EQ(bytes_of(build->partition("vendor", kVendor.size(), std::nullopt)), kVendor) << name;
    EXPECT_FALSE(build->partition("product", 4096, std::nullopt)) << name;
  }
}

TEST_F(BaseFilesTest, TheDigestDecidesBeforeTheName) {
  write("dump/boot_a.img", kVendor);
  write("dump/boot_b.img", kBoot);
  write("dump/mmcblk0p7", test::pattern(20480, 9));
  const auto build = open("dump");
  EXPECT_EQ(bytes_of(build->partition("boot", kBoot.size(), sha256(Bytes(kBoot)))), kBoot);
  EXPECT_EQ(bytes_of(build->partition("recovery", 20480, sha256(Bytes(test::pattern(20480, 9))))), test::pattern(20480, 9));
  // The first bytes of a longer image: the rest of the partition is not the update's business.
  ByteVector start = kVendor;
  start.resize(40960);
  EXPECT_EQ(bytes_of(build->partition("boot", start.size(), sha256(Bytes(start)))), kVendor);
  // None has it: the one of that name, for its reader to judge.
  EXPECT_EQ(bytes_of(build->partition("boot", 100, Sha256Digest{})), kVendor);
  EXPECT_FALSE(build->partition("recovery", 100, Sha256Digest{}));
}

TEST_F(BaseFilesTest, FilesAreFoundInTreesAndInImages) {
  write("phone/system/app/A/A.apk", kBoot);
  write("phone/vendor/lib/libx.so", kVendor);
  shell("mkdir tree && cp -r phone/system/app tree && mke2fs -q -t ext4 -d tree system.img 4M && mkdir flash && cp system.img flash && tar cf dump.tar -C phone system vendor");
  for (const std::string name : {"phone", "dump.tar", "flash"}) {
    const auto build = open(name);
    EXPECT_EQ(bytes_of(build->file("/system/app/A/A.apk")), kBoot) << name;
    EXPECT_FALSE(build->file("/system/app/A/B.apk"));
    EXPECT_FALSE(build->file("app/A/A.apk"));
  }
  EXPECT_EQ(bytes_of(open("phone")->file("/system/vendor/lib/libx.so")), kVendor);
}

TEST_F(BaseFilesTest, ADigestIsOverBytesNotNames) {
  write("a/one/x.img", kBoot);
  write("b/one/x.img", kBoot);
  write("c/one/y.img", kBoot);
  EXPECT_EQ(*open("a")->digest(), *open("b")->digest());
  EXPECT_NE(*open("a")->digest(), *open("c")->digest());
  EXPECT_EQ(*open("a/one/x.img")->digest(), sha256(Bytes(kBoot)));
  EXPECT_EQ(open("a")->size(), kBoot.size());
}

TEST_F(BaseFilesTest, NoSuchPlaceIsAnError) {
  const auto build = OldBuild::open(path("nothing"), "", Budget(), scratch_, nullptr);
  ASSERT_FALSE(build);
  EXPECT_EQ(build.error().code, Code::io);
}

TEST(BarePartitionName, IsWhatUpdatesCallIt) {
  for (const auto& [file, bare] : std::initializer_list<std::pair<const char*, const char*>>{
           {"images/system_a.img", "system"}, {"system.new.dat.br", "system"}, {"boot.img.lz4", "boot"}, {"xbl_config", "xbl_config"}, {"vendor_boot_b.img", "vendor_boot"}, {".img", ".img"}, {"_a", "_a"}})
    EXPECT_EQ(bare_partition_name(file), bare);
}

}  // namespace
}  // namespace klik
