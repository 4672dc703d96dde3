#include "formats/android/string_pool.h"

#include <gtest/gtest.h>

#include "support/axml_writer.h"

namespace klik::res {
namespace {

struct Opened {
  std::vector<std::uint8_t> bytes;
  Oddities oddities;
  StringPool pool;
  explicit Opened(std::vector<std::uint8_t> b) : bytes(std::move(b)) {
    auto p = StringPool::open(Bytes(bytes), 0, oddities);
    EXPECT_TRUE(p);
    if (p) pool = std::move(*p);
  }
};

TEST(StringPool, ReadsBothEncodingsWithTheirPlaces) {
  for (const bool utf8 : {true, false}) {
    Opened o(test::write_pool({"one", "", "three"}, {.utf8 = utf8}));
    EXPECT_EQ(o.pool.size(), 3u);
    EXPECT_EQ(o.pool.utf8(), utf8);
    EXPECT_EQ(o.pool.get(0).text, "one");
    EXPECT_EQ(o.pool.get(1).text, "");
    EXPECT_FALSE(o.pool.get(1).broken);
    const PoolString three = o.pool.get(2);
    EXPECT_EQ(three.text, "three");
    EXPECT_EQ(o.bytes[three.at], 't');
    EXPECT_EQ(three.length, utf8 ? 5u : 10u);
    EXPECT_TRUE(o.pool.equals(2, "three"));
    EXPECT_FALSE(o.pool.equals(2, "threE"));
    EXPECT_TRUE(o.pool.get(3).broken);
    EXPECT_TRUE(o.oddities.list().empty());
  }
}

TEST(StringPool, LongStringsHaveTwoLengthUnits) {
  const std::string text(300, 'x'), longer(40000, 'y');
  Opened o(test::write_pool({text}, {}));
  EXPECT_EQ(o.pool.get(0).text, text);
  // 0x8000 and more do not fit the 16-bit form's first unit.
  std::string encoded = test::utf16({std::u16string{char16_t{0x8000}, char16_t{40000}}}) + test::utf16(std::u16string(longer.begin(), longer.end())) + std::string(2, '\0');
  Opened wide(test::write_pool({}, {.utf8 = false, .encoded = {encoded}}));
  EXPECT_EQ(wide.pool.get(0).text, longer);
}

TEST(StringPool, SurrogatesPairUpAndLoneOnesStayAsBytes) {
  const auto one = [](std::u16string s) { return test::utf16(std::u16string(1, static_cast<char16_t>(s.size()))) + test::utf16(s) + std::string(2, '\0'); };
  Opened o(test::write_pool({}, {.utf8 = false, .encoded = {one({0xD83D, 0xDE00}), one({0xD83D, u'a'}), one({0xDE00}), one({u'a', 0xD83D})}}));
  EXPECT_EQ(o.pool.get(0).text, "\xF0\x9F\x98\x80");
  EXPECT_EQ(o.pool.get(1).text, "\xED\xA0\xBD" "a");
  EXPECT_EQ(o.pool.get(2).text, "\xED\xB8\x80");
  EXPECT_EQ(o.pool.get(3).text, "a\xED\xA0\xBD");
  EXPECT_TRUE(o.pool.equals(0, "\xF0\x9F\x98\x80"));
}

TEST(StringPool, AStringThePhoneCannotReadIsBrokenAndEmpty) {
  const std::string no_terminator = "\x03\x03" "abcd", false_length = std::string("\x05\x03" "abc\0", 6), past_end = "\x7f\x7f" "ab";
  Opened o(test::write_pool({"fine"}, {.encoded = {no_terminator, false_length, past_end}}));
  EXPECT_EQ(o.pool.get(0).text, "fine");
  for (const std::uint32_t i : {1u, 2u, 3u}) {
    EXPECT_TRUE(o.pool.get(i).broken) << i;
    EXPECT_EQ(o.pool.get(i).text, "");
    EXPECT_FALSE(o.pool.equals(i, ""));
  }
}

TEST(StringPool, ACountThatDoesNotFitIsDerivedFromWhereTheStringsStart) {
  Opened o(test::write_pool({"one", "two"}, {.count = 0xFFFFFFFF}));
  EXPECT_EQ(o.pool.size(), 2u);
  EXPECT_EQ(o.pool.get(1).text, "two");
  ASSERT_EQ(o.oddities.list().size(), 1u);
  EXPECT_EQ(o.oddities.list()[0].error.at, 8u);
}

TEST(StringPool, StylesThatAreNotThereAreNoted) {
  Opened o(test::write_pool({"one"}, {.styles_start = 0xFFFF}));
  EXPECT_EQ(o.pool.get(0).text, "one");
  EXPECT_EQ(o.oddities.list().size(), 1u);
  Opened misplaced(test::write_pool({"one"}, {.style_count = 1, .styles_start = 4}));
  EXPECT_EQ(misplaced.pool.get(0).text, "one");
  EXPECT_EQ(misplaced.oddities.list().size(), 1u);
}

TEST(StringPool, CharactersPastTheEndLeaveNoString) {
  Opened o(test::write_pool({"one"}, {.strings_start = 0xFFFFFFF0}));
  EXPECT_TRUE(o.pool.get(0).broken);
  ASSERT_EQ(o.oddities.list().size(), 1u);
  EXPECT_TRUE(o.oddities.list()[0].lost);
}

TEST(StringPool, EveryPrefixIsSafe) {
  const auto whole = test::write_pool({"one", "two", std::string(200, 'x')}, {.utf8 = false});
  for (std::size_t n = 0; n < whole.size(); ++n) {
    const std::vector<std::uint8_t> cut(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(n));
    Oddities oddities;
    const auto pool = StringPool::open(Bytes(cut), 0, oddities);
    if (!pool) continue;
    for (std::uint32_t i = 0; i < 4; ++i) {
      const PoolString s = pool->get(i);
      EXPECT_TRUE(s.broken || (s.at <= n && s.length <= n - s.at)) << n;
    }
  }
}

}  // namespace
}  // namespace klik::res
