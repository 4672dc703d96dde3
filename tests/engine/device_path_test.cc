#include "engine/device_path.h"

#include <gtest/gtest.h>

#include "engine/listed.h"
#include "engine/naming.h"

namespace klik {
namespace {

std::vector<Edge> tree(std::initializer_list<const char*> names) {
  std::vector<Edge> edges;
  for (const std::string_view n : names) {
    edges.emplace_back().name = n;
    if (n.find('.') == n.npos && n.find('/') == n.npos) edges.back().type = ChildType::folder;
  }
  return edges;
}

TEST(DeviceLayout, ImagesAreMountedByTheirPartitionName) {
  EXPECT_EQ(DeviceLayout("ext4", "vendor_a.img", "super.img", tree({"app/A/A.apk"})).path_of("app/A/A.apk"), "/vendor/app/A/A.apk");
  EXPECT_EQ(DeviceLayout("erofs", "product.img", "", tree({"app/A/A.apk"})).path_of("app/A/A.apk"), "/product/app/A/A.apk");
  EXPECT_EQ(DeviceLayout("ext4", "unknown.img", "", tree({"x"})).path_of("x"), "");
}

TEST(DeviceLayout, ASystemImageMayBeTheRoot) {
  const auto root = tree({"init.rc", "system/app/A/A.apk"});
  EXPECT_EQ(DeviceLayout("erofs", "system_b", "super.img", root).path_of("system/app/A/A.apk"), "/system/app/A/A.apk");
  EXPECT_EQ(DeviceLayout("erofs", "system_b", "super.img", root).path_of("init.rc"), "/init.rc");
  const auto plain = tree({"app/A/A.apk", "build.prop"});
  EXPECT_EQ(DeviceLayout("ext4", "system.img", "", plain).path_of("build.prop"), "/system/build.prop");
}

TEST(DeviceLayout, DumpsAreReadByTheirFirstFolderWithOrWithoutATopFolder) {
  const auto dump = tree({"phone-1", "phone-1/system", "phone-1/system/app/A/A.apk", "phone-1/vendor/build.prop", "phone-1/notes/x.txt", "phone-1/boot/ramdisk/init.rc"});
  const DeviceLayout layout("tar", "phone.tar", "", dump);
  EXPECT_EQ(layout.path_of("phone-1/system/app/A/A.apk"), "/system/app/A/A.apk");
  EXPECT_EQ(layout.path_of("phone-1/vendor/build.prop"), "/vendor/build.prop");
  EXPECT_EQ(layout.path_of("phone-1/boot/ramdisk/init.rc"), "/init.rc");
  EXPECT_EQ(layout.path_of("phone-1/notes/x.txt"), "");
  const DeviceLayout bare("folder", "dump", "", tree({"system/app/A/A.apk", "vendor/build.prop"}));
  EXPECT_EQ(bare.path_of("system/app/A/A.apk"), "/system/app/A/A.apk");
}

TEST(DeviceLayout, ADumpOfARootSystemImageLosesOneLevel) {
  const DeviceLayout layout("tar", "phone.tar", "", tree({"p/system/system/app/A/A.apk", "p/system/init.rc", "p/vendor/x/y"}));
  EXPECT_EQ(layout.path_of("p/system/system/app/A/A.apk"), "/system/app/A/A.apk");
  EXPECT_EQ(layout.path_of("p/system/init.rc"), "/init.rc");
  EXPECT_EQ(layout.path_of("p/vendor/x/y"), "/vendor/x/y");
}

TEST(DeviceLayout, AnApexPayloadIsMountedByItsModule) {
  EXPECT_EQ(DeviceLayout("ext4", "apex_payload.img", "com.android.x.apex", tree({"etc/a"})).path_of("etc/a"), "/apex/com.android.x/etc/a");
  EXPECT_EQ(DeviceLayout("apk", "A.apk", "", tree({"system/app/B.apk"})).path_of("system/app/B.apk"), "");
}

TEST(PathParts, RepeatedNamesAreNumberedAndStreamsOfTheInputAreCalledByTheirTransform) {
  EXPECT_EQ(path_parts({{"a", "stored"}, {"b", "stored"}, {"a", "stored"}, {"a", "deflate"}}, false), (std::vector<std::string>{"a", "b", "a#2", "a#3"}));
  EXPECT_EQ(path_parts({{"phone.tar", "zstd"}}, true), std::vector<std::string>{"zstd"});
  EXPECT_EQ(path_parts({{"phone.tar", "zstd"}}, false), std::vector<std::string>{"phone.tar"});
}

TEST(PathParts, ALongNameIsCutButStaysItsOwn) {
  const std::string a(5000, 'a'), b = a + "b";
  const auto parts = path_parts({{a, "stored"}, {b, "stored"}}, false);
  EXPECT_LT(parts[0].size(), 300u);
  EXPECT_TRUE(parts[0].starts_with("aaaa"));
  EXPECT_NE(parts[0], parts[1]);
}

TEST(Listed, ReadsGoodLinesAndReportsOthers) {
  const std::string digest(64, 'a');
  const ListedFiles l = parse_listed(Bytes::of("path\tsize\tsha256\nb\t12\t" + digest + "\r\na\t1\t\nbroken\nc\tx\t\na\t1\t\n"));
  ASSERT_EQ(l.files.size(), 2u);
  EXPECT_EQ(l.files[0].path, "a");
  EXPECT_EQ(l.files[1].sha256, digest);
  EXPECT_EQ(l.bad_lines.size(), 2u);
  EXPECT_TRUE(l.contrary_lines.empty());   // the same line twice
  EXPECT_EQ(listed_path("/x/phone.tar.zst"), "/x/phone.LISTED.tsv");
  EXPECT_EQ(listed_path("/x.y/phone"), "/x.y/phone.LISTED.tsv");
}

TEST(Listed, OfContraryLinesTheFirstCountsAndTheOthersAreNamed) {
  const ListedFiles l = parse_listed(Bytes::of("path\tsize\tsha256\nb\t1\t\na\t5\t\nb\t2\t\na\t5\t" + std::string(64, 'a') + "\nb\t1\t\n"));
  ASSERT_EQ(l.files.size(), 2u);
  EXPECT_EQ(l.files[0].sha256, "");
  EXPECT_EQ(l.files[1].size, 1u);
  EXPECT_EQ(l.contrary_lines, (std::vector<std::uint64_t>{27, 32}));
}

TEST(DeviceLayout, ReadsPartitionNamesAsUpdatesDo) {
  for (const char* image : {"modem.mbn", "modem.elf", "vendor_b.img.lz4", "system.new.dat", "product_a.img"}) EXPECT_NE(partition_name(image), "") << image;
  EXPECT_EQ(partition_name("boot.img"), "");
}

}  // namespace
}  // namespace klik
