#include "formats/native/elf_relocations.h"

#include <gtest/gtest.h>

#include "support/elf_writer.h"

namespace klik {
namespace {

using elf::Pointer;

elf::Pointers pointers(const std::vector<std::uint8_t>& bytes) {
  const auto file = elf::File::read(Bytes(bytes));
  EXPECT_TRUE(file);
  return file ? elf::read_pointers(*file) : elf::Pointers{};
}

std::vector<std::pair<std::uint64_t, std::uint64_t>> pairs(const elf::Pointers& p) {
  std::vector<std::pair<std::uint64_t, std::uint64_t>> out;
  for (const Pointer& x : p.list) out.emplace_back(x.address, x.target);
  return out;
}

// Signed LEB128, as short as it can be.
std::string sleb(std::initializer_list<std::int64_t> numbers) {
  std::string out = "APS2";
  for (std::int64_t n : numbers)
    for (bool more = true; more;) {
      const auto byte = static_cast<std::uint8_t>(n & 0x7f);
      n >>= 7;
      more = !((n == 0 && !(byte & 0x40)) || (n == -1 && (byte & 0x40)));
      out += static_cast<char>(byte | (more ? 0x80 : 0));
    }
  return out;
}

constexpr std::int64_t kRelativeArm64 = 1027;

TEST(ElfRelocations, RelaGivesItsAddendAndTheRestIsSorted) {
  const auto found = pairs(pointers(test::elf_library({.symbols = {}, .data = std::string(64, '\0'), .more_dynamic = {}, .table = {}, .relative = {{0x1010, 0x40}, {0x1000, 0x50}}})));
  EXPECT_EQ(found, (std::vector<std::pair<std::uint64_t, std::uint64_t>>{{0x1000, 0x50}, {0x1010, 0x40}}));
}

TEST(ElfRelocations, RelrWordsAreAddressesAndMaps) {
  // 0x1000, then the map of the 63 words behind it: the first, the third.
  const std::string table = test::elf_words({0x1000, (0b101u << 1) | 1});
  const auto bytes = test::elf_library({.symbols = {}, .data = test::elf_words({0x11, 0x22, 0x33, 0x44}), .more_dynamic = {{36, test::kElfTable}, {35, 16}}, .table = table});
  EXPECT_EQ(pairs(pointers(bytes)), (std::vector<std::pair<std::uint64_t, std::uint64_t>>{{0x1000, 0x11}, {0x1008, 0x22}, {0x1018, 0x44}}));
}

TEST(ElfRelocations, PackedGroupsShareWhatTheirFlagsSay) {
  // Group 1 shares delta and info, with an addend each; group 2 states every field and goes back; group 3 has no addend.
  // {count, address, {size, flags, delta, info, addends}, {size, flags, {delta, info, addend} twice}, {size, flags, info, delta}}
  const std::string whole = sleb({5, 0x0ff8, 2, 1 | 2 | 8, 8, kRelativeArm64, 0x100, 0x10, 2, 8, 0x20, kRelativeArm64, -0x20, -8, kRelativeArm64, 1, 1, 1, kRelativeArm64, 0x40});
  const auto bytes = test::elf_library({.symbols = {}, .data = std::string(256, '\0'), .more_dynamic = {{elf::kAndroidRela, test::kElfTable}, {elf::kAndroidRelaSize, whole.size()}}, .table = whole});
  const auto found = pointers(bytes);
  EXPECT_TRUE(found.damage.empty());
  EXPECT_EQ(pairs(found), (std::vector<std::pair<std::uint64_t, std::uint64_t>>{{0x1000, 0x100}, {0x1008, 0x110}, {0x1020, 0xf1}, {0x1028, 0xf0}, {0x1060, 0}}));
}

// Five bytes may claim any number; four kilobytes of file must not cost as much as four million words.
TEST(ElfRelocations, APackedGroupThatClaimsEverythingMeetsItsBudget) {
  const std::string table = sleb({std::int64_t{1} << 40, 0x1000, std::int64_t{1} << 40, 1 | 2, 0, kRelativeArm64});
  const auto found = pointers(test::elf_library({.symbols = {}, .data = std::string(64, '\0'), .more_dynamic = {{elf::kAndroidRela, test::kElfTable}, {elf::kAndroidRelaSize, table.size()}}, .table = table}));
  ASSERT_EQ(found.damage.size(), 1u);
  EXPECT_EQ(found.damage[0].code, Code::over_budget);
  EXPECT_EQ(found.list.size(), 1u);   // all of them set the same word
}

TEST(ElfRelocations, ACutPackedTableKeepsWhatCameBefore) {
  const std::string table = sleb({5, 0x0ff8, 2, 1 | 2 | 8, 8, kRelativeArm64, 0x100, 0x10, 2, 8, 0x20});
  const auto found = pointers(test::elf_library({.symbols = {}, .data = std::string(64, '\0'), .more_dynamic = {{elf::kAndroidRela, test::kElfTable}, {elf::kAndroidRelaSize, table.size()}}, .table = table}));
  ASSERT_EQ(found.damage.size(), 1u);
  EXPECT_EQ(found.damage[0].code, Code::truncated);
  EXPECT_EQ(found.list.size(), 2u);
}

TEST(ElfRelocations, ATableOutsideTheFileIsSaid) {
  const auto found = pointers(test::elf_library({.symbols = {}, .data = {}, .more_dynamic = {{36, ~std::uint64_t{0}}, {35, 16}}}));
  ASSERT_EQ(found.damage.size(), 1u);
  EXPECT_EQ(found.damage[0].code, Code::truncated);
  const auto wraps = pointers(test::elf_library({.symbols = {}, .data = {}, .more_dynamic = {{36, test::kElfTable}, {35, ~std::uint64_t{0}}}}));
  ASSERT_EQ(wraps.damage.size(), 1u);
}

}  // namespace
}  // namespace klik
