#include "formats/android/dex_rules.h"

#include <gtest/gtest.h>

#include "support/dex_writer.h"

namespace klik::dex {
namespace {

using test::DexWriter;
using namespace std::string_view_literals;

DexWriter sample() {
  DexWriter w;
  w.version = "037";
  w.classes = {{.type = "La/Base;", .fields = {{.name = "f", .type = "I"}, {.name = "g", .type = "I"}}, .methods = {{.name = "a", .flags = 0x401}, {.name = "b", .return_type = "I", .parameters = {"J"}, .flags = 0x401}}},
               {.type = "La/Derived;", .superclass = "La/Base;"}};
  return w;
}

std::string broken(const std::vector<std::uint8_t>& bytes) {
  const auto dex = DexFile::open(Bytes(std::span<const std::uint8_t>(bytes)));
  if (!dex) return std::string("refused: ") + dex.error().what;
  const auto rule = first_broken_rule(*dex);
  if (rule) { EXPECT_LT(rule->at, bytes.size()); }
  return rule ? rule->what : "";
}

std::uint32_t word(const std::vector<std::uint8_t>& bytes, std::size_t at) { return *Bytes(std::span<const std::uint8_t>(bytes)).get<U32le>(at); }

// Exchanges two neighbours of a table.
std::vector<std::uint8_t> swapped(std::size_t table, std::size_t size, std::size_t first) {
  auto bytes = sample().write();
  const auto start = bytes.begin() + word(bytes, table) + static_cast<std::ptrdiff_t>(first * size);
  std::swap_ranges(start, start + static_cast<std::ptrdiff_t>(size), start + static_cast<std::ptrdiff_t>(size));
  return bytes;
}

TEST(DexRules, AGoodFileBreaksNone) {
  EXPECT_EQ(broken(sample().write()), "");
  EXPECT_EQ(broken(sample().write_compact()), "");
}

TEST(DexRules, OrderOfTablesMatters) {
  EXPECT_EQ(broken(swapped(60, 4, 0)), "strings are out of order or repeated");
  EXPECT_EQ(broken(swapped(68, 4, 0)), "types are out of order or repeated");
  EXPECT_EQ(broken(swapped(76, 12, 0)), "prototypes are out of order or repeated");
  EXPECT_EQ(broken(swapped(84, 8, 0)), "fields are out of order or repeated");
  EXPECT_EQ(broken(swapped(92, 8, 0)), "methods are out of order or repeated");
}

TEST(DexRules, ASuperclassComesFirstFrom037On) {
  auto w = sample();
  std::swap(w.classes[0], w.classes[1]);
  EXPECT_EQ(broken(w.write()), "a class stands before its superclass");
  w.version = "035";
  EXPECT_EQ(broken(w.write()), "");
}

TEST(DexRules, ClassesAreDefinedOnce) {
  auto w = sample();
  w.classes.push_back({.type = "La/Derived;"});
  EXPECT_EQ(broken(w.write()), "a class is defined twice");
  w.classes.back() = {.type = "La/Own;", .superclass = "La/Own;"};
  EXPECT_EQ(broken(w.write()), "a class is its own superclass");
}

TEST(DexRules, StringsAreSpelledAndMeasured) {
  auto w = sample();
  w.strings = {"zz"};
  auto bytes = w.write();
  const auto dex = DexFile::open(Bytes(std::span<const std::uint8_t>(bytes)));
  ASSERT_TRUE(dex);
  const std::uint64_t at = dex->string_at(w.string_index("zz"));
  bytes[at] = 3;
  EXPECT_EQ(broken(bytes), "a string is not as long as it says");
  bytes[at] = 2;
  bytes[at + 1] = 0xFF;
  EXPECT_EQ(broken(bytes), "a string is no modified UTF-8");
}

TEST(DexRules, ModifiedUtf8) {
  std::uint32_t units = 0;
  EXPECT_TRUE(is_modified_utf8("abc", units));
  EXPECT_EQ(units, 3u);
  EXPECT_TRUE(is_modified_utf8("\xC0\x80", units));                    // NUL
  EXPECT_TRUE(is_modified_utf8("\xED\xA0\xBD\xED\xB8\x80", units));    // two halves
  EXPECT_EQ(units, 2u);
  for (const std::string_view bad : {"\x80"sv, "\xC3"sv, "\xC1\x81"sv, "\xE0\x80\x80"sv, "\xF0\x9F\x98\x80"sv, "\xE4\xB8"sv}) EXPECT_FALSE(is_modified_utf8(bad, units));
  EXPECT_TRUE(comes_before("a", "ab"));
  EXPECT_FALSE(comes_before("ab", "a"));
  EXPECT_FALSE(comes_before("a", "a"));
  EXPECT_TRUE(comes_before("\xC0\x80", "\x01"));                       // NUL is lowest whatever its spelling
  EXPECT_TRUE(comes_before("z", "\xC3\xA9"));
}

}  // namespace
}  // namespace klik::dex
