// The old build behind an update: the same partition out of every kind of package.
#include <gtest/gtest.h>

#include <fstream>

#include "engine/base_files.h"
#include "engine/partition_name.h"
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
  std::unique_ptr<OldBuild> open(const std::string& name, const Budget& budget = {}, const std::string& keys = {}, const std::string& output = {}) {
    auto build = OldBuild::open(path(name), keys, budget, scratch_, nullptr, output.empty() ? "" : path(output));
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
  static std::string lacking(const OldBuild& build) {
    std::string out;
    for (const Note& n : build.lacking()) out += std::string(code_name(n.error.code)) + " " + n.error.what + ": " + n.detail + "\n";
    return out;
  }
  void write_text(const std::string& name, std::string_view text) { write(name, ByteVector(text.begin(), text.end())); }
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
  const auto digest = [&](const std::string& name) { return open(name)->digest()->of_all; };
  EXPECT_EQ(digest("a"), digest("b"));
  EXPECT_NE(digest("a"), digest("c"));
  EXPECT_EQ(digest("a/one/x.img"), sha256(Bytes(kBoot)));
  EXPECT_EQ(open("a")->size(), kBoot.size());
}

// Blocks of an update that is full, in an order of their own.
TEST_F(BaseFilesTest, AFullBlockBasedUpdateGivesItsPartitions) {
  ByteVector turned;
  for (std::size_t block = 10; block-- > 0;) turned.insert(turned.end(), kBoot.begin() + static_cast<std::ptrdiff_t>(block * 4096), kBoot.begin() + static_cast<std::ptrdiff_t>(block * 4096 + 4096));
  std::string list = "4\n10\n0\n0\n";
  for (int block = 10; block-- > 0;) list += "new 2," + std::to_string(block) + "," + std::to_string(block + 1) + "\n";
  write("ota/system.new.dat", turned);
  write_text("ota/system.transfer.list", list);
  write("ota/system.patch.dat", {});
  write("ota/vendor.new.dat", turned);   // without its list nobody knows the order
  shell("cd ota && zip -q0r ../ota.zip . && cd .. && mkdir br && cp ota/system.transfer.list br && brotli -q 1 ota/system.new.dat -o br/system.new.dat.br");
  for (const std::string name : {"ota", "ota.zip", "ota/system.new.dat", "br"}) {
    const auto build = open(name);
    EXPECT_EQ(bytes_of(build->partition("system", kBoot.size(), sha256(Bytes(kBoot)))), kBoot) << name;
    EXPECT_EQ(bytes_of(build->partition("system", 0, std::nullopt)), kBoot) << name;   // not the blocks as they lie
    EXPECT_FALSE(build->partition("vendor", 0, std::nullopt)) << name;
    const bool holds_vendor = name == "ota" || name == "ota.zip";
    EXPECT_EQ(lacking(*build).find("vendor.transfer.list") != std::string::npos, holds_vendor) << lacking(*build);
  }
}

TEST_F(BaseFilesTest, PartitionsLieInSuperImagesAndSparseOnes) {
  ByteVector super = test::lp_image({{.partitions = {{"boot_a", {{kBoot.size() / 512, 0, 2048}}}, {"vendor_a", {{kVendor.size() / 512, 0, 4096}}}}}}, 4u << 20);
  test::place(super, 2048 * 512, Bytes(kBoot));
  test::place(super, 4096 * 512, Bytes(kVendor));
  ByteVector sparse;   // one raw chunk
  test::put(sparse, 0xED26FF3A, 4);
  for (const unsigned x : {1u, 0u, 28u, 12u}) test::put(sparse, x, 2);
  for (const std::size_t x : {std::size_t{4096}, super.size() / 4096, std::size_t{1}, std::size_t{0}}) test::put(sparse, x, 4);
  for (const unsigned x : {0xCAC1u, 0u}) test::put(sparse, x, 2);
  for (const std::size_t x : {super.size() / 4096, super.size() + 12}) test::put(sparse, x, 4);
  test::put(sparse, Bytes(super));
  write("plain/super.img", super);
  write("sparse/super.img", sparse);
  shell("zip -qr sparse.zip sparse && gzip -kc plain/super.img > super.img.gz");
  for (const std::string name : {"plain", "sparse", "sparse.zip", "super.img.gz"}) {
    const auto build = open(name);
    EXPECT_EQ(bytes_of(build->partition("boot", kBoot.size(), std::nullopt)), kBoot) << name;
    EXPECT_EQ(bytes_of(build->partition("vendor", kVendor.size(), sha256(Bytes(kVendor)))), kVendor) << name;
    EXPECT_EQ(lacking(*build), "") << name;
  }
}

TEST_F(BaseFilesTest, AnEncryptedPackageNeedsItsKey) {
  write("images/boot.img", kBoot);
  const std::string key = "000102030405060708090a0b0c0d0e0f";
  // A header, then sixteen encrypted bytes of every 16 KiB and sixteen.
  shell("zip -qr plain.zip images && printf 'OPPOENCRYPT!' > phone.ozip && truncate -s 4176 phone.ozip && size=$(stat -c %s plain.zip) && at=0 && while [ $at -lt $size ]; do "
        "tail -c +$((at+1)) plain.zip | head -c 16 > head; if [ $(stat -c %s head) = 16 ]; then openssl enc -aes-128-ecb -nopad -K " + key + " < head >> phone.ozip; else cat head >> phone.ozip; fi; "
        "tail -c +$((at+17)) plain.zip | head -c 16384 >> phone.ozip; at=$((at+16400)); done");
  const auto opened = open("phone.ozip", {}, "ozip " + key + "\n");
  EXPECT_EQ(bytes_of(opened->partition("boot", kBoot.size(), std::nullopt)), kBoot) << lacking(*opened);
  const auto shut = open("phone.ozip");
  EXPECT_FALSE(shut->partition("images/boot", kBoot.size(), std::nullopt));
  EXPECT_NE(lacking(*shut).find("encrypted a part of the old build could not be read: phone.ozip"), std::string::npos) << lacking(*shut);
}

TEST_F(BaseFilesTest, WhatCannotBeReadIsSaid) {
  write("images/system.img", kVendor);
  shell("gzip images/system.img && truncate -s 40000 images/system.img.gz");
  write_text("images/odd.zip", "PK\3\4 and no directory");
  const auto build = open("images");
  EXPECT_EQ(lacking(*build), "");   // nothing was asked yet
  (void)build->partition("system", kVendor.size(), std::nullopt);
  EXPECT_NE(lacking(*build).find("truncated a part of the old build could not be read: system.img.gz"), std::string::npos) << lacking(*build);
  EXPECT_NE(lacking(*build).find("odd.zip"), std::string::npos) << lacking(*build);
  std::string many = "many";
  for (int i = 0; i < 100; ++i) write_text("many/" + std::to_string(i) + ".zip", "PK\3\4 and no directory");
  const auto noisy = open("many");
  (void)noisy->partition("system", 0, std::nullopt);
  EXPECT_EQ(noisy->lacking().size(), 65u);
}

TEST_F(BaseFilesTest, ADigestSaysWhatIsNotInIt) {
  write("dump/a.img", kBoot);
  write("dump/b.img", kBoot);
  const auto build = open("dump");
  EXPECT_EQ(build->digest()->unread, 0u);
  shell("rm dump/b.img");
  const auto digest = build->digest();
  EXPECT_EQ(digest->unread, 1u);
  EXPECT_EQ(digest->first_unread, "b.img");
}

TEST_F(BaseFilesTest, TheCaseThatIsWrittenIntoItsFolderIsNoPartOfIt) {
  write("dump/a.img", kBoot);
  const auto before = open("dump", {}, {}, "dump/x.case")->digest()->of_all;
  write("dump/x.case", kVendor);
  write("dump/x.case.working-77", kVendor);
  EXPECT_EQ(open("dump", {}, {}, "dump/x.case")->digest()->of_all, before);
  EXPECT_NE(open("dump")->digest()->of_all, before);
}

TEST_F(BaseFilesTest, ArchivesInArchivesEndAtABudget) {
  // Eight to the power of seven archives; some kilobytes on disk.
  shell("head -c 100 /dev/zero > x.bin; for l in 1 2 3 4 5 6 7; do rm -rf d; mkdir d; for k in 0 1 2 3 4 5 6 7; do if [ $l = 1 ]; then cp x.bin d/$k.bin; else cp w$((l-1)).zip d/$k.zip; fi; done; (cd d && zip -q9r ../w$l.zip .); done");
  const auto build = open("w7.zip");
  (void)build->partition("system", 4096, std::nullopt);
  EXPECT_NE(lacking(*build).find("over_budget a part of the old build could not be read: "), std::string::npos);
  EXPECT_NE(lacking(*build).find("the old build holds more containers than are opened"), std::string::npos);
}

TEST_F(BaseFilesTest, AHolderMayNotExpandPastItsBudget) {
  // All partitions over the same two megabytes of the device.
  test::LpSlot slot;
  for (int i = 0; i < 10; ++i) slot.partitions.push_back({"p" + std::to_string(i), {{4096, 0, 2048}}});
  write("super.img", test::lp_image({slot}, 4u << 20));
  Budget budget;
  budget.floor_bytes = 1 << 20;
  budget.ratio = 2;
  const auto build = open("super.img", budget);
  EXPECT_TRUE(build->partition("p0", 0, std::nullopt));
  EXPECT_FALSE(build->partition("p9", 0, std::nullopt));
  EXPECT_NE(lacking(*build).find("super.img: the container expands past its budget: p9"), std::string::npos) << lacking(*build);
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
