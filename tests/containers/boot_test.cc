#include "support/boot_writer.h"
#include "support/containers.h"
#include "support/evidence.h"
#include "support/files.h"
#include "support/vbmeta_writer.h"

namespace klik {
namespace {

std::string text_of(const Child& child) {
  const auto bytes = child.source->load();
  return bytes ? std::string(bytes->bytes().text()) : "";
}

// "name=text" per child.
std::vector<std::string> members(const test::Opened& opened) {
  std::vector<std::string> out;
  for (const Child& c : opened.contents->children) out.push_back(c.name + "=" + (c.source ? text_of(c) : "-"));
  return out;
}

using Names = std::vector<std::string>;

TEST(Boot, EveryVersionGivesItsMembers) {
  const Names v0 = {"kernel=kernel bytes", "ramdisk=ramdisk bytes", "second=second bytes"};
  Names v1 = v0, v2 = v0;
  v1.push_back("recovery_dtbo=recovery overlay");
  v2 = v1;
  v2.push_back("dtb=tree bytes");
  const Names v3 = {"kernel=kernel bytes", "ramdisk=ramdisk bytes"};
  const Names v4 = {"kernel=kernel bytes", "ramdisk=ramdisk bytes", "signature=signature bytes"};
  const std::pair<std::vector<std::uint8_t>, Names> cases[] = {{test::boot_v0_to_v2(0, {}), v0},
                                                               {test::boot_v0_to_v2(1, {}), v1},
                                                               {test::boot_v0_to_v2(2, {}), v2},
                                                               {test::boot_v3_and_v4(3, {}), v3},
                                                               {test::boot_v3_and_v4(4, {}), v4}};
  for (const auto& [image, expected] : cases) {
    const auto o = test::open("boot", image);
    ASSERT_TRUE(o.contents);
    EXPECT_EQ(members(o), expected);
    EXPECT_TRUE(o.notes.empty());
  }
}

TEST(Boot, InitBootHasNoKernel) {
  test::BootParts parts;
  parts.kernel.clear();
  const auto o = test::open("boot", test::boot_v3_and_v4(4, parts));
  ASSERT_TRUE(o.contents);
  EXPECT_EQ(members(o), (Names{"ramdisk=ramdisk bytes", "signature=signature bytes"}));
}

TEST(Boot, OldImageKeepsADeviceTreeWhereTheVersionWouldBe) {
  test::BootParts parts;
  parts.device_tree = "QCDT and trees";
  const auto o = test::open("boot", test::boot_v0_to_v2(0, parts));
  ASSERT_TRUE(o.contents);
  EXPECT_EQ(members(o).back(), "dt=QCDT and trees");
  EXPECT_TRUE(o.notes.empty());
  parts.device_tree = "something else";
  EXPECT_TRUE(test::describe(test::open("boot", test::boot_v0_to_v2(0, parts))).contains("no tree is there"));
}

TEST(Boot, FooterOffersItsVbMeta) {
  auto image = test::boot_v3_and_v4(3, {});
  const std::size_t at = image.size();
  const auto meta = test::vbmeta({.descriptors = {test::hash("boot", at, "s", "d")}});
  image.insert(image.end(), meta.begin(), meta.end());
  image.resize(image.size() + 4096);
  const auto footer = test::footer(at, at, meta.size());
  image.insert(image.end(), footer.begin(), footer.end());
  const auto o = test::open("boot", image);
  ASSERT_TRUE(o.contents);
  const Child& child = o.contents->children.back();
  EXPECT_EQ(child.name, "vbmeta");
  EXPECT_EQ(child.extents, (std::vector<Extent>{{at, meta.size()}}));
  ASSERT_TRUE(test::open("vbmeta", child.source).contents);
}

TEST(Boot, FooterThatLeavesTheImageIsNoted) {
  auto image = test::boot_v3_and_v4(3, {});
  const auto footer = test::footer(0, image.size(), 512);
  image.insert(image.end(), footer.begin(), footer.end());
  const auto o = test::open("boot", image);
  ASSERT_TRUE(o.contents);
  EXPECT_EQ(o.contents->children.size(), 2u);
  EXPECT_TRUE(test::describe(o).contains("error at " + std::to_string(image.size() - 64 + 20) + ": the footer's vbmeta leaves the image"));
}

TEST(Boot, SizesPastTheEndKeepWhatIsThere) {
  auto image = test::boot_v3_and_v4(3, {});
  for (std::size_t i = 0; i < 4; ++i) image[8 + i] = 0xFF;   // kernel size
  const auto o = test::open("boot", image);
  ASSERT_TRUE(o.contents);
  ASSERT_EQ(o.contents->children.size(), 2u);
  EXPECT_EQ(o.contents->children[0].size, image.size() - 4096);
  EXPECT_EQ(o.contents->children[1].state, State::damaged);
  EXPECT_EQ(o.contents->children[1].source, nullptr);
  EXPECT_EQ(o.notes.size(), 2u);
  EXPECT_EQ(o.notes[0].severity, Severity::data_loss);
}

TEST(Boot, RecoveryOverlayElsewhereIsAConflict) {
  auto image = test::boot_v0_to_v2(1, {});
  image[1636] = 0;
  image[1637] = 8;   // 2048: the kernel
  const auto o = test::open("boot", image);
  ASSERT_TRUE(o.contents);
  EXPECT_TRUE(test::describe(o).contains("recovery_dtbo does not stand where"));
  EXPECT_EQ(members(o).back(), "recovery_dtbo=" + std::string("kernel bytes\0\0", 14) + std::string(2, '\0'));
  for (std::size_t i = 0; i < 8; ++i) image[1636 + i] = 0xFF;
  EXPECT_EQ(test::open("boot", image).contents->children.back().state, State::damaged);
}

TEST(Boot, EveryPrefixIsSafe) {
  test::BootParts parts;
  parts.device_tree = "QCDT";
  test::every_prefix("boot", test::boot_v0_to_v2(0, parts), 37);
  test::every_prefix("boot", test::boot_v0_to_v2(2, {}), 37);
  test::every_prefix("boot", test::boot_v3_and_v4(4, {}), 37);
}

// mkbootimg makes the image, unpack_bootimg cuts it, and both must agree with our members.
void check_against_judge(const std::filesystem::path& image) {
  const test::ScratchFolder out;
  const auto ran = test::run("unpack_bootimg --boot_img " + image.string() + " --out " + out.path().string());
  ASSERT_EQ(ran.status, 0);
  const auto source = file_source(image.c_str());
  ASSERT_TRUE(source);
  const auto o = test::open("boot", *source);
  ASSERT_TRUE(o.contents);
  std::size_t judged = 0;
  for (const Child& c : o.contents->children) {
    if (c.name == "vbmeta") continue;
    const auto theirs = test::read_file(out.path() / c.name);
    const auto ours = c.source->load();
    ASSERT_TRUE(ours) << c.name;
    EXPECT_EQ(ours->bytes().text(), Bytes(theirs).text()) << c.name;
    ++judged;
  }
  for (const auto& file : std::filesystem::directory_iterator(out.path()))
    if (std::filesystem::file_size(file) > 0) --judged;
  EXPECT_EQ(judged, 0u);
}

bool have_judge() { return test::run("command -v mkbootimg && command -v unpack_bootimg").status == 0; }

TEST(Boot, AgreesWithMkbootimgOnVersions0To3) {
  if (!have_judge()) GTEST_SKIP() << "mkbootimg is not installed";
  for (int version = 0; version <= 3; ++version) {
    for (const int page : {2048, 16384}) {
      const test::ScratchFolder folder;
      const std::string f = folder.path().string() + "/";
      ASSERT_EQ(test::run("cd " + f + " && head -c 5000 /dev/zero | tr '\\0' k > k && head -c 2048 /dev/zero | tr '\\0' r > r && printf second > s && printf tree > t").status, 0);
      std::string command = "cd " + f + " && mkbootimg --kernel k --ramdisk r --os_version 10.0.0 --os_patch_level 2020-02 --header_version " + std::to_string(version) + " -o boot.img";
      if (version < 3) command += " --second s --pagesize " + std::to_string(page);
      if (version == 2) command += " --dtb t";
      ASSERT_EQ(test::run(command).status, 0) << command;
      check_against_judge(folder.path() / "boot.img");
    }
  }
}

// Debian's mkbootimg cannot write a recovery_dtbo (it computes the offset as a float), but unpack_bootimg reads one.
TEST(Boot, UnpackBootimgReadsOurFixturesOfVersions0To3) {
  if (!have_judge()) GTEST_SKIP() << "mkbootimg is not installed";
  const test::ScratchFolder folder;
  const auto image = folder.path() / "boot.img";
  for (std::uint32_t version = 0; version <= 3; ++version) {
    const auto bytes = version < 3 ? test::boot_v0_to_v2(version, {}) : test::boot_v3_and_v4(version, {});
    std::ofstream(image, std::ios::binary) << Bytes(bytes).text();
    check_against_judge(image);
  }
}

TEST(VendorBoot, AgreesWithMkbootimgOnVersion3) {
  if (!have_judge()) GTEST_SKIP() << "mkbootimg is not installed";
  const test::ScratchFolder folder;
  ASSERT_EQ(test::run("cd " + folder.path().string() + " && printf ramdisk > vr && printf tree > t && mkbootimg --header_version 3 --vendor_boot v.img --vendor_ramdisk vr --dtb t --vendor_cmdline a=b").status, 0);
  const auto o = test::open("vendor_boot", test::read_file(folder.path() / "v.img"));
  ASSERT_TRUE(o.contents);
  EXPECT_EQ(members(o), (Names{"ramdisk=ramdisk", "dtb=tree"}));
}

TEST(Boot, RealImagesAgreeWithUnpackBootimg) {
  KLIK_NEEDS_EVIDENCE();
  if (!have_judge()) GTEST_SKIP() << "mkbootimg is not installed";
  for (const char* name : {"android1.img", "android2.img"}) check_against_judge(test::evidence() + "/containers/fs/" + name);
  const test::ScratchFolder folder;
  const auto image = folder.path() / "boot.img";
  ASSERT_EQ(test::run("xz -dc " + test::evidence() + "/containers/boot/cfig_issue_54_boot.img.xz > " + image.string()).status, 0);
  check_against_judge(image);
  const auto o = test::open("boot", *file_source(image.c_str()));
  ASSERT_TRUE(o.contents);
  EXPECT_EQ(o.contents->children.back().name, "vbmeta");
  EXPECT_EQ(o.contents->children.back().extents, (std::vector<Extent>{{0x246000, 512}}));
  EXPECT_TRUE(test::open("vbmeta", o.contents->children.back().source).contents);
}

TEST(VendorBoot, Version3HasOneRamdisk) {
  const auto o = test::open("vendor_boot", test::vendor_boot(3, {}));
  ASSERT_TRUE(o.contents);
  EXPECT_EQ(members(o), (Names{"ramdisk=ramdisk bytes", "dtb=tree bytes"}));
  EXPECT_TRUE(o.notes.empty());
}

TEST(VendorBoot, Version4CutsRamdisksByItsTable) {
  for (const std::uint32_t entry_size : {108u, 132u})
    for (const std::uint32_t page : {2048u, 4096u}) {
      test::BootParts parts;
      parts.page = page;
      const auto o = test::open("vendor_boot", test::vendor_boot(4, parts, {{"", 7, 0}, {"dlkm", 4, 7, 3}, {"dlkm", 2, 11, 3}}, entry_size));
      ASSERT_TRUE(o.contents);
      EXPECT_EQ(members(o), (Names{"ramdisk=ramdisk", "dlkm= byt", "dlkm#2=es", "dtb=tree bytes", "bootconfig=androidboot.a=b\n"}));
      EXPECT_TRUE(o.notes.empty()) << test::describe(o);
    }
}

TEST(VendorBoot, EntriesCannotTakeTheNamesOfOtherMembers) {
  const auto o = test::open("vendor_boot", test::vendor_boot(4, {}, {{"dtb", 7, 0}, {"/", 6, 7}}));
  ASSERT_TRUE(o.contents);
  EXPECT_EQ(members(o), (Names{"dtb#2=ramdisk", "ramdisk= bytes", "dtb=tree bytes", "bootconfig=androidboot.a=b\n"}));
}

TEST(VendorBoot, OverlapGapsAndEscapesAreNoted) {
  const auto overlap = test::open("vendor_boot", test::vendor_boot(4, {}, {{"a", 13, 0}, {"b", 4, 2}}));
  EXPECT_TRUE(test::describe(overlap).contains("vendor ramdisks overlap"));
  const auto gap = test::open("vendor_boot", test::vendor_boot(4, {}, {{"a", 2, 0}}));
  EXPECT_TRUE(test::describe(gap).contains("belong to no entry"));
  const auto escape = test::open("vendor_boot", test::vendor_boot(4, {}, {{"a", 0xFFFFFFFF, 0xFFFFFFFF}, {"b", 14, 0}}));
  EXPECT_TRUE(test::describe(escape).contains("leaves the ramdisk section"));
  test::check_promises(escape, test::vendor_boot(4, {}, {{"a", 1, 0}, {"b", 14, 0}}).size());
}

TEST(VendorBoot, BrokenTableFallsBackToTheWholeSection) {
  auto image = test::vendor_boot(4, {}, {{"a", 13, 0}});
  image[2120] = 107;   // entry size
  const auto o = test::open("vendor_boot", image);
  ASSERT_TRUE(o.contents);
  EXPECT_EQ(members(o).front(), "ramdisk=ramdisk bytes");
  EXPECT_TRUE(test::describe(o).contains("shorter than 108 bytes"));
}

// Many entries over the same bytes: a thousand here would be gigabytes in the walk.
TEST(VendorBoot, ATableThatNamesTheSameBytesAgainAndAgainIsBounded) {
  const std::vector<test::RamdiskEntry> table(1000, {"again", 13, 0});
  const auto image = test::vendor_boot(4, {}, table);
  const auto o = test::open("vendor_boot", memory_source(image), "", {}, Budget{.floor_bytes = 1000, .ratio = 1});
  ASSERT_TRUE(o.contents);
  EXPECT_LE(o.contents->children.size(), image.size() / 13 + 2);
  const auto few = test::open("vendor_boot", memory_source(image), "", {}, Budget{.children = 5});
  EXPECT_EQ(few.contents->children.size(), 7u);   // five ramdisks, device tree, boot configuration
  EXPECT_TRUE(test::describe(few).contains("names more bytes than its budget"));
}

TEST(VendorBoot, OtherVersionsAreUnsupported) {
  auto image = test::vendor_boot(4, {});
  image[8] = 5;
  EXPECT_EQ(test::open("vendor_boot", image).contents.error().code, Code::unsupported);
}

TEST(VendorBoot, EveryPrefixIsSafe) {
  test::every_prefix("vendor_boot", test::vendor_boot(3, {}), 37);
  test::every_prefix("vendor_boot", test::vendor_boot(4, {}, {{"a", 7, 0}, {"b", 6, 7}}), 37);
}

}  // namespace
}  // namespace klik
