#include "formats/android/boot_image.h"

#include <gtest/gtest.h>

#include "support/boot_writer.h"

namespace klik {
namespace {

TEST(BootImage, JoinsBothPartsOfTheCommandLine) {
  test::BootParts parts;
  parts.command_line = std::string(512, 'a') + "tail";
  const auto header = boot_image::read(Bytes(test::boot_v0_to_v2(0, parts)));
  ASSERT_TRUE(header);
  EXPECT_EQ(header->command_line, parts.command_line);
  EXPECT_EQ(header->board, "board");
}

TEST(BootImage, ReadsVersionAndPatchLevel) {
  test::BootParts parts;
  parts.os = (11u << 25) | (2u << 18) | (3u << 11) | (20u << 4) | 9u;
  const auto header = boot_image::read(Bytes(test::boot_v3_and_v4(3, parts)));
  ASSERT_TRUE(header);
  EXPECT_EQ(header->os_version, "11.2.3");
  EXPECT_EQ(header->patch_level, "2020-09");
  parts.os = 0;
  const auto unset = boot_image::read(Bytes(test::boot_v3_and_v4(3, parts)));
  ASSERT_TRUE(unset);
  EXPECT_FALSE(unset->os_version);
  EXPECT_FALSE(unset->patch_level);
}

TEST(BootImage, HeaderSizeFieldIsNotInsistedOn) {
  auto image = test::vendor_boot(3, {});
  image[2096] = 2108 & 0xFF;
  EXPECT_TRUE(boot_image::read(Bytes(image)));
  auto boot = test::boot_v3_and_v4(3, {});
  boot[20] = 7;
  EXPECT_TRUE(boot_image::read(Bytes(boot)));
}

TEST(BootImage, RefusesPageSizesThatCannotBe) {
  for (const std::uint32_t page : {0u, 1u, 1024u, 2049u, 6144u, 0xFFFFFFFFu}) {
    test::BootParts parts;
    parts.page = 2048;
    auto image = test::boot_v0_to_v2(2, parts);
    for (std::size_t i = 0; i < 4; ++i) image[36 + i] = static_cast<std::uint8_t>(page >> (8 * i));
    const auto header = boot_image::read(Bytes(image));
    ASSERT_FALSE(header) << page;
    EXPECT_EQ(header.error().code, Code::bad_value);
    EXPECT_EQ(header.error().at, 36u);
  }
}

TEST(BootImage, EveryPrefixOfEachHeaderIsTruncated) {
  const std::pair<std::vector<std::uint8_t>, std::size_t> images[] = {
      {test::boot_v0_to_v2(0, {}), 1632}, {test::boot_v0_to_v2(1, {}), 1648}, {test::boot_v0_to_v2(2, {}), 1660},
      {test::boot_v3_and_v4(3, {}), 1580}, {test::boot_v3_and_v4(4, {}), 1584}, {test::vendor_boot(3, {}), 2112}, {test::vendor_boot(4, {}), 2128}};
  for (const auto& [image, size] : images) {
    for (std::size_t n = 0; n <= size; ++n) {
      const std::vector<std::uint8_t> cut(image.begin(), image.begin() + static_cast<std::ptrdiff_t>(n));
      const auto header = boot_image::read(Bytes(cut));
      ASSERT_EQ(header.has_value(), n == size) << size << " cut at " << n;
      if (header) EXPECT_EQ(header->size, size);
      else EXPECT_EQ(header.error().code, n < 8 ? Code::bad_magic : Code::truncated);
    }
  }
}

TEST(BootImage, LargestSizesDoNotWrap) {
  auto image = test::boot_v0_to_v2(2, {});
  for (const std::size_t at : {8u, 16u, 24u, 1632u, 1648u})
    for (std::size_t i = 0; i < 4; ++i) image[at + i] = 0xFF;
  const auto header = boot_image::read(Bytes(image));
  ASSERT_TRUE(header);
  ASSERT_EQ(header->members.size(), 5u);
  EXPECT_EQ(header->members[4].name, "dtb");
  EXPECT_EQ(header->members[4].at, 2048 + 4 * (std::uint64_t{1} << 32));
}

TEST(BootImage, ATableThatIsTooShortIsRefused) {
  boot_image::Header header;
  header.table_entries = 3;
  header.table_entry_size = 108;
  const std::vector<std::uint8_t> table(3 * 108 - 1);
  EXPECT_EQ(boot_image::read_ramdisk_table(Bytes(table), header).error().code, Code::truncated);
  header.table_entries = 0xFFFFFFFF;
  header.table_entry_size = 0xFFFFFFFF;
  EXPECT_EQ(boot_image::read_ramdisk_table(Bytes(table), header).error().code, Code::truncated);
  header.table_entry_size = 107;
  EXPECT_EQ(boot_image::read_ramdisk_table(Bytes(table), header).error().code, Code::bad_value);
}

}  // namespace
}  // namespace klik
