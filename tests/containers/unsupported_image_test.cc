#include "support/containers.h"
#include "support/evidence.h"
#include "support/files.h"

namespace klik {
namespace {

std::vector<std::uint8_t> image_with(const Magic& magic) {
  std::vector<std::uint8_t> bytes(magic.at + magic.bytes.size());
  copy_bytes(bytes, magic.at, Bytes::of(magic.bytes));
  return bytes;
}

TEST(UnsupportedImage, EveryMagicIsNamedAndNothingIsRead) {
  const Container& c = test::container("unsupported_image");
  ASSERT_GE(c.magics.size(), 30u);
  for (const Magic& magic : c.magics) {
    const auto source = memory_source(image_with(magic));
    ASSERT_NE(detect(*source, "x"), nullptr);
    EXPECT_EQ(detect(*source, "x")->name, "unsupported_image") << magic.at;
    const auto o = test::open("unsupported_image", source);
    ASSERT_FALSE(o.contents);
    EXPECT_TRUE(o.contents.error().code == Code::unsupported || o.contents.error().code == Code::encrypted);
    EXPECT_EQ(o.contents.error().at, magic.at);
    EXPECT_GT(std::string_view(o.contents.error().what).size(), 10u);
  }
}

TEST(UnsupportedImage, NamesTheFormat) {
  EXPECT_STREQ(test::open("unsupported_image", image_with({0, "hsqs"})).contents.error().what, "a squashfs file system is not read");
  EXPECT_STREQ(test::open("unsupported_image", image_with({1024, "\x10\x20\xf5\xf2"})).contents.error().what, "an F2FS file system is not read");
  EXPECT_EQ(test::open("unsupported_image", image_with({0, "LUKS\xba\xbe"})).contents.error().code, Code::encrypted);
}

TEST(UnsupportedImage, IsAskedLast) { EXPECT_EQ(containers().back()->name, "unsupported_image"); }

TEST(UnsupportedImage, EveryPrefixIsSafe) {
  for (const Magic& magic : test::container("unsupported_image").magics) test::every_prefix("unsupported_image", image_with(magic), 4099);
}

TEST(UnsupportedImage, OtherBytesAreNotTaken) {
  EXPECT_EQ(detect(*memory_source(std::vector<std::uint8_t>(70000)), "x"), nullptr);
  EXPECT_EQ(test::open("unsupported_image", std::vector<std::uint8_t>(70000)).contents.error().code, Code::bad_magic);
}

TEST(UnsupportedImage, RealSquashfsIsRecognised) {
  KLIK_NEEDS_EVIDENCE();
  const auto source = file_source((test::evidence() + "/containers/fs/test1.squashfs").c_str());
  ASSERT_TRUE(source);
  ASSERT_NE(detect(**source, "test1.squashfs"), nullptr);
  EXPECT_EQ(detect(**source, "test1.squashfs")->name, "unsupported_image");
}

}  // namespace
}  // namespace klik
