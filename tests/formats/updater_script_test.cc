#include "formats/android/updater_script.h"

#include <gtest/gtest.h>

namespace klik {
namespace {

// One line per step: what, function, target < source, and what else is stated.
std::string shown(std::string_view text) {
  const updater::Steps steps = updater::read_steps(Bytes::of(text));
  std::string out;
  for (const updater::Step& s : steps.steps) {
    out += std::string(updater::what_name(s.what)) + " " + s.function + " " + s.target;
    if (!s.source.empty()) out += " < " + s.source;
    if (s.uid) out += " uid " + std::to_string(*s.uid);
    if (s.gid) out += " gid " + std::to_string(*s.gid);
    if (!s.mode.empty()) out += " mode " + s.mode;
    if (!s.selabel.empty()) out += " label " + s.selabel;
    if (s.capabilities) out += " capabilities " + std::to_string(*s.capabilities);
    if (!s.sha1.empty()) out += " sha1 " + s.sha1;
    if (s.size) out += " size " + std::to_string(*s.size);
    for (const auto& i : s.inputs) out += " from " + i.sha1 + ":" + i.entry;
    if (!s.condition.empty()) out += " when " + s.condition;
    if (s.what == updater::What::check) out += " {" + s.detail + "}";
    out += "\n";
  }
  if (steps.stopped) out += "stopped\n";
  return out;
}

TEST(UpdaterScript, TellsWhatIsDoneToFiles) {
  EXPECT_EQ(shown(R"(ui_print("hello"); show_progress(0.5, 10);
package_extract_dir("system", "/system");
package_extract_file("boot.img", "/dev/block/boot");
delete("/system/a", "/system/b"); delete_recursive("/system/c");
rename("/system/a", "/system/d");
symlink("toolbox", "/system/bin/ls", "/system/bin/ps");
set_perm(0, 2000, 04755, "/system/xbin/su");
set_perm_recursive(0, 0, 0755, 0644, "/system");
set_metadata("/system/bin/x", "uid", 0, "gid", 2000, "mode", 0755, "capabilities", 0x3, "selabel", "u:object_r:x:s0");
)"),
            "write package_extract_dir /system < system\n"
            "write package_extract_file /dev/block/boot < boot.img\n"
            "remove delete /system/a\nremove delete /system/b\nremove delete_recursive /system/c\n"
            "link rename /system/d < /system/a\n"
            "link symlink /system/bin/ls < toolbox\nlink symlink /system/bin/ps < toolbox\n"
            "attribute set_perm /system/xbin/su uid 0 gid 2000 mode 04755\n"
            "attribute set_perm_recursive /system uid 0 gid 0 mode 0644\n"
            "attribute set_metadata /system/bin/x uid 0 gid 2000 mode 0755 label u:object_r:x:s0 capabilities 3\n");
}

TEST(UpdaterScript, TellsPatchesWithTheirInputs) {
  EXPECT_EQ(shown(R"(apply_patch("/system/a", "-", aaaa, 12, bbbb, package_extract_file("patch/system/a.p"), cccc, package_extract_file("patch/2"));)"),
            "patch apply_patch /system/a < patch/system/a.p sha1 aaaa size 12 from bbbb:patch/system/a.p from cccc:patch/2\n");
  EXPECT_EQ(shown(R"(apply_patch_check("/system/a", aaaa, bbbb) || abort("no");)"), "check apply_patch_check /system/a {apply_patch_check(\"/system/a\", aaaa, bbbb)}\n");
  EXPECT_EQ(shown(R"(block_image_update("/dev/system", package_extract_file("s.transfer.list"), "s.new.dat", "s.patch.dat") || abort("x");)"),
            "blocks block_image_update /dev/system < s.new.dat\n");
}

TEST(UpdaterScript, TellsPatchesOfPartitions) {
  EXPECT_EQ(shown(R"(patch_partition("EMMC:/dev/block/boot:20:aa", "EMMC:/dev/block/boot:10:bb", package_extract_file("boot.img.p"));)"),
            "patch patch_partition EMMC:/dev/block/boot:20:aa < boot.img.p sha1 aa size 20 from bb:boot.img.p\n");
  const auto images = updater::images_of("EMMC:/dev/block/boot:10:aa:20:bb:x:cc");
  ASSERT_EQ(images.size(), 2u);
  EXPECT_EQ(images[1].size, 20u);
  EXPECT_EQ(images[1].sha1, "bb");
  EXPECT_TRUE(updater::images_of("/system/a:b").empty());
  EXPECT_TRUE(updater::images_of("EMMC:").empty());
}

TEST(UpdaterScript, TellsProgramsAndFunctionsOfTheMaker) {
  EXPECT_EQ(shown(R"(run_program("/system/bin/sh", "/tmp/x"); maker.special("a");)"), "run run_program  < /system/bin/sh\nmaker maker.special \n");
}

TEST(UpdaterScript, ConditionsAreTold) {
  EXPECT_EQ(shown(R"(getprop("ro.product.device") == "x" || abort("wrong phone");)"), "check assert  {getprop(\"ro.product.device\") == \"x\"}\n");
  EXPECT_EQ(shown(R"(assert(file_getprop("/system/build.prop", "a") == "b");)"), "check assert  {file_getprop(\"/system/build.prop\", \"a\") == \"b\"}\n");
  EXPECT_EQ(shown(R"(if a == b then delete("/x") else delete("/y") endif;)"), "remove delete /x when a == b\nremove delete /y when !(a == b)\n");
  EXPECT_EQ(shown(R"(ifelse(is_mounted("/system"), unmount("/system"), delete("/z"));)"), "mount unmount /system when is_mounted(\"/system\")\nremove delete /z when !(is_mounted(\"/system\"))\n");
  EXPECT_EQ(shown(R"(a == b && delete("/x");)"), "remove delete /x when a == b\n");
}

TEST(UpdaterScript, WhatOnlyThePhoneKnowsIsShownAsWritten) {
  EXPECT_EQ(shown(R"(delete("/system/" + getprop("x"));)"), "remove delete \"/system/\" + getprop(\"x\")\n");
  EXPECT_EQ(shown(R"(delete("/sys" + "tem/a");)"), "remove delete /system/a\n");
}

TEST(UpdaterScript, OddArgumentsAreSafe) {
  EXPECT_EQ(shown("apply_patch(); set_metadata(a, uid); set_perm(1); symlink(a); mount(); run_program(); set_metadata(a, mode, 99999999999999999999, uid, -1);"),
            "patch apply_patch \nattribute set_metadata a\nmount mount \nrun run_program \nstopped\n");
  // chmod(2) looks at twelve bits; files get fmode, whatever stands behind it.
  EXPECT_EQ(shown("set_metadata(a, mode, 0104755)"), "attribute set_metadata a mode 04755\n");
  EXPECT_EQ(shown("set_metadata_recursive(a, fmode, 04755, mode, 0755)"), "attribute set_metadata_recursive a mode 04755\n");
  EXPECT_EQ(shown("set_metadata(a, mode, 99999999999999999999, uid, 4294967296, capabilities, zz)"), "attribute set_metadata a mode 99999999999999999999\n");
}

TEST(UpdaterScript, StepsHaveABudget) {
  std::string many = "delete(";
  for (int i = 0; i < 70000; ++i) many += "a,";
  const auto steps = updater::read_steps(Bytes::of(many + "a);"));
  EXPECT_EQ(steps.steps.size(), std::size_t{1} << 16);
  ASSERT_TRUE(steps.stopped);
  EXPECT_EQ(steps.stopped->code, Code::over_budget);
}

TEST(UpdaterScript, EveryPrefixIsSafe) {
  const std::string text = "assert(getprop(\"a\") == b); if x then apply_patch(\"/a\", \"-\", c, 1, d, package_extract_file(\"p\")); endif; set_metadata(\"/a\", \"mode\", 0644); delete(\"a\" + b);";
  for (std::size_t n = 0; n < text.size(); ++n) {
    const std::vector<std::uint8_t> exact(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(n));
    for (const auto& s : updater::read_steps(Bytes(exact)).steps) EXPECT_TRUE(s.range.at <= n && s.range.length <= n - s.range.at);
  }
}

}  // namespace
}  // namespace klik
