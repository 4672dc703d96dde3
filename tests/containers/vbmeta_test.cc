#include "support/containers.h"
#include "support/evidence.h"
#include "support/files.h"
#include "support/vbmeta_writer.h"

namespace klik {
namespace {

std::vector<std::uint8_t> small() {
  return test::vbmeta({.descriptors = {test::property("a", "b"), test::hash("boot", 1, "s", "d")}, .key = "key bytes", .algorithm = 1});
}

TEST(VbMeta, OffersTheKeyThatSignedIt) {
  const auto o = test::open("vbmeta", small());
  ASSERT_TRUE(o.contents);
  ASSERT_EQ(o.contents->children.size(), 1u);
  EXPECT_EQ(o.contents->children[0].name, "public_key");
  const auto key = o.contents->children[0].source->load();
  ASSERT_TRUE(key);
  EXPECT_EQ(key->bytes().text(), "key bytes");
  EXPECT_TRUE(o.notes.empty());
}

TEST(VbMeta, UnsignedStructureHasNoChild) {
  const auto o = test::open("vbmeta", test::vbmeta({}));
  ASSERT_TRUE(o.contents);
  EXPECT_TRUE(o.contents->children.empty());
}

TEST(VbMeta, BrokenDescriptorIsNotedAsLoss) {
  auto bytes = small();
  bytes[320 + 15] = 7;   // length of the first descriptor
  const auto o = test::open("vbmeta", bytes);
  ASSERT_TRUE(o.contents);
  EXPECT_TRUE(test::describe(o).contains("data_loss at 328: length of a descriptor is not a multiple of 8"));
}

TEST(VbMeta, StructureOver64KiBIsReadAndNoted) {
  const std::string long_value(70000, 'x');
  const auto o = test::open("vbmeta", test::vbmeta({.descriptors = {test::property("a", long_value)}}));
  ASSERT_TRUE(o.contents);
  EXPECT_EQ(test::describe(o), "error at 12: vbmeta is larger than a boot loader reads\n");
}

TEST(VbMeta, SizesThatWrapAreRefused) {
  auto bytes = small();
  for (std::size_t i = 12; i < 28; ++i) bytes[i] = i % 8 == 3 ? 0xC0 : 0xFF;   // both blocks close to 2^64
  EXPECT_EQ(test::open("vbmeta", bytes).contents.error().code, Code::truncated);
}

TEST(VbMeta, EveryPrefixIsSafe) { test::every_prefix("vbmeta", small()); }

TEST(VbMeta, IsFoundByItsMagic) {
  const auto source = memory_source(small());
  ASSERT_NE(detect(*source, "vbmeta.img"), nullptr);
  EXPECT_EQ(detect(*source, "vbmeta.img")->name, "vbmeta");
}

TEST(VbMeta, RealImagesOpenWithoutNotes) {
  KLIK_NEEDS_EVIDENCE();
  std::size_t opened = 0;
  for (const auto& file : std::filesystem::directory_iterator(test::evidence() + "/containers/vbmeta")) {
    const std::string path = file.path().string();
    const auto o = path.ends_with(".xz") ? [&] {
      const std::string out = test::run("xz -dc " + path).output;
      return test::open("vbmeta", std::vector<std::uint8_t>(out.begin(), out.end()));
    }() : test::open("vbmeta", test::read_file(path));
    ASSERT_TRUE(o.contents) << path;
    EXPECT_EQ(o.contents->children.size(), 1u) << path;
    EXPECT_TRUE(o.notes.empty()) << path << test::describe(o);
    ++opened;
  }
  EXPECT_EQ(opened, 8u);
}

}  // namespace
}  // namespace klik
