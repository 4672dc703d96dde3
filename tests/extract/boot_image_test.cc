#include "support/boot_writer.h"
#include "support/evidence.h"
#include "support/facts.h"
#include "support/files.h"

namespace klik {
namespace {

using test::column;

std::vector<Fact> extract(const std::vector<std::uint8_t>& bytes, std::string_view kind) {
  return test::of_kind(test::extract("boot_image@1", memory_source(bytes), kind), "boot.image");
}

TEST(BootImageFacts, StateVersionsAndCommandLine) {
  test::BootParts parts;
  parts.os = (13u << 25) | (23u << 4) | 8u;
  const auto v2 = extract(test::boot_v0_to_v2(2, parts), "boot");
  ASSERT_EQ(v2.size(), 1u);
  EXPECT_EQ(column(v2[0], "header_version"), "2");
  EXPECT_EQ(column(v2[0], "os_version"), "13.0.0");
  EXPECT_EQ(column(v2[0], "os_patch_level"), "2023-08");
  EXPECT_EQ(column(v2[0], "cmdline"), "console=null");
  EXPECT_EQ(column(v2[0], "page_size"), "2048");
  EXPECT_EQ(column(v2[0], "board"), "board");
  EXPECT_EQ(column(v2[0], "vendor"), "0");
  EXPECT_EQ(v2[0].origins[0].length, 1660u);
  const auto v4 = extract(test::boot_v3_and_v4(4, {}), "boot");
  ASSERT_EQ(v4.size(), 1u);
  EXPECT_EQ(column(v4[0], "board"), "null");
  EXPECT_EQ(column(v4[0], "os_version"), "null");
  const auto vendor = extract(test::vendor_boot(4, {}), "vendor_boot");
  ASSERT_EQ(vendor.size(), 1u);
  EXPECT_EQ(column(vendor[0], "vendor"), "1");
  EXPECT_EQ(column(vendor[0], "board"), "board");
}

TEST(BootImageFacts, ABrokenHeaderIsAProblem) {
  auto bytes = test::boot_v0_to_v2(0, {});
  bytes[36] = 1;
  const auto sink = test::extract("boot_image@1", memory_source(bytes), "boot");
  EXPECT_TRUE(sink.facts.empty());
  ASSERT_EQ(sink.problems.size(), 1u);
  EXPECT_EQ(sink.problems[0].error.at, 36u);
}

TEST(BootImageFacts, RealImagesStateWhatUnpackBootimgPrints) {
  KLIK_NEEDS_EVIDENCE();
  const auto small = extract(test::read_file(test::evidence() + "/containers/fs/android2.img"), "boot");
  ASSERT_EQ(small.size(), 1u);
  EXPECT_EQ(column(small[0], "cmdline"), "console=ttySAC2,115200");
  EXPECT_EQ(column(small[0], "board"), "bootimg2");
  EXPECT_EQ(column(small[0], "os_version"), "null");
  const std::string out = test::run("xz -dc " + test::evidence() + "/containers/boot/cfig_issue_54_boot.img.xz").output;
  const auto real = extract({out.begin(), out.end()}, "boot");
  ASSERT_EQ(real.size(), 1u);
  EXPECT_EQ(column(real[0], "os_version"), "8.1.0");
  EXPECT_EQ(column(real[0], "os_patch_level"), "2018-05");
  EXPECT_TRUE(column(real[0], "cmdline").ends_with("buildvariant=user"));
}

}  // namespace
}  // namespace klik
