#include "support/containers.h"
#include "support/damage.h"
#include "support/file_patch_writer.h"
#include "support/zip_writer.h"

namespace klik {
namespace {

using test::MadeBase;
using test::ZipMember;

constexpr std::string_view kOld = "the old file", kNew = "the new file, longer";

constexpr std::string_view kTwice = "files that are patched and that the update holds whole or patches before; which of them the phone keeps is not told";

std::string call(std::string_view path, std::string_view before, std::string_view after, std::string_view entry) {
  return "apply_patch(\"" + std::string(path) + "\", \"-\", " + test::sha1_of(after) + ", " + std::to_string(after.size()) + ", " + test::sha1_of(before) + ", package_extract_file(\"" + std::string(entry) + "\"));\n";
}

struct Update {
  std::string script;
  std::vector<ZipMember> members;

  std::vector<std::uint8_t> zip() const {
    std::vector<ZipMember> all = {{.name = "META-INF/com/google/android/updater-script", .data = script}};
    all.insert(all.end(), members.begin(), members.end());
    return test::write_zip(all);
  }
};

test::Opened opened(const std::vector<std::uint8_t>& zip, const BaseFiles* base) {
  static const Budget budget;
  OpenContext context{.budget = budget, .scratch = test::scratch(), .name = "ota.zip", .base = base};
  auto contents = test::container("zip").open(memory_source(std::vector<std::uint8_t>(zip)), context);
  return {std::move(contents), std::move(context.notes)};
}

Update one_file() { return {call("/system/app/A.apk", kOld, kNew, "patch/system/app/A.apk.p"), {{.name = "patch/system/app/A.apk.p", .data = test::bsdiff(kOld, kNew)}}}; }

TEST(FilePatches, MakeTheNewFileBesideThePatch) {
  MadeBase base;
  base.files["/system/app/A.apk"] = kOld;
  const auto zip = one_file().zip();
  const auto o = opened(zip, &base);
  ASSERT_TRUE(o.contents);
  EXPECT_EQ(o.contents->kind, "ota");
  ASSERT_EQ(o.contents->children.size(), 3u);
  EXPECT_EQ(test::content(o, "system/app/A.apk"), kNew);
  const Child* child = test::child(o, "system/app/A.apk");
  EXPECT_EQ(child->transform, "file_patch");
  EXPECT_EQ(child->extents, test::child(o, "patch/system/app/A.apk.p")->extents);
  EXPECT_TRUE(o.notes.empty());
  test::check_promises(o, zip.size());
}

TEST(FilePatches, WithoutTheOldBuildTheNewFileIsListed) {
  const auto o = opened(one_file().zip(), nullptr);
  const Child* child = test::child(o, "system/app/A.apk");
  ASSERT_TRUE(child);
  EXPECT_EQ(child->state, State::listed);
  EXPECT_EQ(child->size, kNew.size());
  const Note* note = test::note(o, "files that the update makes out of old ones");
  ASSERT_TRUE(note);
  EXPECT_EQ(note->detail, "1 file, 20 bytes");
  EXPECT_EQ(note->severity, Severity::data_loss);
}

TEST(FilePatches, AnOldBuildOfAnotherVersionIsRefused) {
  MadeBase base;
  base.files["/system/app/A.apk"] = "another file";
  EXPECT_EQ(test::content(opened(one_file().zip(), &base), "system/app/A.apk"), "(the old build's file is not one that the patch is made for)");
  base.files["/system/app/A.apk"] = kNew;   // has it already
  EXPECT_EQ(test::content(opened(one_file().zip(), &base), "system/app/A.apk"), kNew);
  base.files.clear();
  const auto o = opened(one_file().zip(), &base);
  EXPECT_EQ(test::child(o, "system/app/A.apk")->state, State::listed);
  EXPECT_TRUE(test::note(o, "files that the update makes out of old ones which the old build does not hold"));
}

TEST(FilePatches, WhatComesOutMustBeWhatTheScriptPromises) {
  MadeBase base;
  base.files["/system/a"] = kOld;
  Update update{call("/system/a", kOld, "the NEW file, longer", "p"), {{.name = "p", .data = test::bsdiff(kOld, kNew)}}};
  EXPECT_EQ(test::content(opened(update.zip(), &base), "system/a"), "(the patched file is not the one that the update's script promises)");
  update.script = call("/system/a", kOld, kNew.substr(0, 19), "p");   // another size
  EXPECT_TRUE(test::content(opened(update.zip(), &base), "system/a").starts_with("("));
}

TEST(FilePatches, TheFittingOneOfSeveralPatchesIsTaken) {
  MadeBase base;
  base.files["/system/a"] = "second";
  const Update update{"apply_patch(\"/system/a\", \"-\", " + test::sha1_of(kNew) + ", 20, " + test::sha1_of("first") + ", package_extract_file(\"p1\"), " + test::sha1_of("second") + ", package_extract_file(\"p2\"));",
                      {{.name = "p1", .data = test::bsdiff("first", kNew)}, {.name = "p2", .data = test::bsdiff("second", kNew)}}};
  EXPECT_EQ(test::content(opened(update.zip(), &base), "system/a"), kNew);
}

TEST(FilePatches, PartitionsArePatchedToo) {
  MadeBase base;
  base.partitions["boot"] = std::string(kOld) + "padding of the partition";
  const std::string device = "EMMC:/dev/block/by-name/boot:" + std::to_string(kOld.size()) + ":" + test::sha1_of(kOld) + ":" + std::to_string(kNew.size()) + ":" + test::sha1_of(kNew);
  const std::vector<ZipMember> members = {{.name = "patch/boot.img.p", .data = test::bsdiff(kOld, kNew)}};
  EXPECT_EQ(test::content(opened(Update{call(device, kOld, kNew, "patch/boot.img.p"), members}.zip(), &base), "boot.img"), kNew);
  const std::string later = "patch_partition(\"EMMC:/dev/block/by-name/boot:20:" + test::sha1_of(kNew) + "\", \"EMMC:/dev/block/by-name/boot:12:" + test::sha1_of(kOld) + "\", package_extract_file(\"patch/boot.img.p\"));";
  EXPECT_EQ(test::content(opened(Update{later, members}.zip(), &base), "boot.img"), kNew);
}

TEST(FilePatches, FilesThatTheUpdateHoldsWholeStayAsTheyAre) {
  MadeBase base;
  base.files["/system/app/A.apk"] = kOld;
  Update update = one_file();
  update.members.push_back({.name = "system/app/A.apk", .data = "whole"});
  const auto o = opened(update.zip(), &base);
  EXPECT_EQ(test::content(o, "system/app/A.apk"), "whole");
  // What the script makes stands beside it: the device might run either.
  ASSERT_EQ(o.contents->children.size(), 4u);
  EXPECT_EQ(o.contents->children[3].name, "system/app/A.apk");
  const auto made = o.contents->children[3].source->load();
  ASSERT_TRUE(made);
  EXPECT_EQ(made->bytes().text(), kNew);
  const Note* note = test::note(o, kTwice);
  ASSERT_TRUE(note);
  EXPECT_EQ(note->severity, Severity::data_loss);
  EXPECT_EQ(note->detail, "1 file, 20 bytes, the first system/app/A.apk");
}

TEST(FilePatches, ASecondPatchOfAFileIsSaid) {
  MadeBase base;
  base.files["/system/a"] = kOld;
  const Update update{call("/system/a", kOld, kNew, "p") + call("/system/a", kNew, "third", "q"), {{.name = "p", .data = test::bsdiff(kOld, kNew)}, {.name = "q", .data = test::bsdiff(kNew, "third")}}};
  for (const BaseFiles* with : {static_cast<const BaseFiles*>(&base), static_cast<const BaseFiles*>(nullptr)}) {
    const auto o = opened(update.zip(), with);
    ASSERT_TRUE(o.contents);
    EXPECT_EQ(std::ranges::count(o.contents->children, "system/a", &Child::name), 2);
    EXPECT_TRUE(test::note(o, kTwice));
  }
}

TEST(FilePatches, PathsThatLeaveTheUpdateAreNotMade) {
  MadeBase base;
  for (const std::string path : {"/system/../../etc/passwd", "system/a", "/", "/system/", "", "/system/."}) {
    base.files[path] = kOld;
    const auto o = opened(Update{call(path, kOld, kNew, "p"), {{.name = "p", .data = test::bsdiff(kOld, kNew)}}}.zip(), &base);
    ASSERT_TRUE(o.contents);
    EXPECT_EQ(o.contents->children.size(), 2u) << path;
    const Note* note = test::note(o, "files that are to be patched at a place that is none");
    ASSERT_TRUE(note) << path;
    EXPECT_EQ(note->severity, Severity::data_loss);
    EXPECT_EQ(note->detail, "1 file, 20 bytes, the first " + path);
  }
}

// A device opens the same file by all of these.
TEST(FilePatches, PathsAreReadAsADeviceReadsThem) {
  MadeBase base;
  base.files["/system/etc/a"] = kOld;
  for (const std::string path : {"//system/etc/a", "/system/./etc/a", "/./system//etc/././a"}) {
    const auto o = opened(Update{call(path, kOld, kNew, "p"), {{.name = "p", .data = test::bsdiff(kOld, kNew)}}}.zip(), &base);
    EXPECT_EQ(test::content(o, "system/etc/a"), kNew) << path;
    EXPECT_TRUE(o.notes.empty()) << path;
  }
}

TEST(FilePatches, HostileScriptsAreSafe) {
  MadeBase base;
  base.files["/system/a"] = kOld;
  const std::string patch = test::bsdiff(kOld, kNew);
  for (const std::string& script : {"apply_patch(\"/system/a\", \"-\", aa, 99999999999, " + test::sha1_of(kOld) + ", package_extract_file(\"p\"));", std::string("apply_patch(\"/system/a\", \"-\", aa, x, bb, package_extract_file(\"p\"));"),
                                   std::string("apply_patch(\"/system/a\");"), std::string("apply_patch(\"/system/a\", \"-\", aa, 5, bb, package_extract_file(\"none\"));"), std::string("patch_partition(\"EMMC:::\", \"EMMC:\", x);"),
                                   std::string("patch_partition(\"EMMC:/a:20:bb\", \"EMMC:/a:18446744073709551615:aa\", package_extract_file(\"p\"));"), call("/system/a", kOld, kNew, "p") + call("/system/a", kOld, kNew, "p")}) {
    const auto zip = Update{script, {{.name = "p", .data = patch}}}.zip();
    test::check_promises(opened(zip, &base), zip.size());
    test::check_promises(opened(zip, nullptr), zip.size());
  }
  const auto zip = one_file().zip();
  for (std::size_t n = 0; n < zip.size(); ++n) test::check_promises(opened(std::vector<std::uint8_t>(zip.begin(), zip.begin() + static_cast<std::ptrdiff_t>(n)), &base), n);
}

}  // namespace
}  // namespace klik
