#include "base/bytes.h"

#include <gtest/gtest.h>

#include <array>

namespace {

using klik::Bytes;
constexpr std::uint64_t kMax = ~std::uint64_t{0};

// One table for every bounds rule: format tests do not reach these corners.
TEST(Bytes, SliceRefusesEveryRangeThatLeavesTheWindow) {
  const std::array<std::uint8_t, 8> eight{};
  const Bytes b{std::span<const std::uint8_t>(eight)};
  struct Case {
    std::uint64_t at, n;
    bool ok;
  };
  for (const Case c : {Case{0, 8, true}, Case{8, 0, true}, Case{7, 1, true}, Case{0, 9, false}, Case{8, 1, false}, Case{9, 0, false},
                       Case{9, kMax, false}, Case{4, kMax, false}, Case{4, kMax - 3, false}, Case{kMax, 1, false}, Case{kMax, kMax, false}}) {
    EXPECT_EQ(b.slice(c.at, c.n).has_value(), c.ok) << c.at << "+" << c.n;
  }
}

TEST(Bytes, ArrayCountCannotWrap) {
  const std::array<std::uint8_t, 8> eight{};
  const Bytes b{std::span<const std::uint8_t>(eight)};
  EXPECT_TRUE(b.array<klik::U32le>(0, 2));
  EXPECT_FALSE(b.array<klik::U32le>(0, 3));
  EXPECT_FALSE(b.array<klik::U32le>(0, (std::uint64_t{1} << 62) + 1));  // times 4 is 4 in 64 bits
  EXPECT_FALSE(b.view<klik::U64le>(1));
  EXPECT_FALSE(b.view<klik::U64le>(kMax));
}

TEST(Bytes, IntegersReadInTheirOwnOrder) {
  const std::array<std::uint8_t, 8> b{1, 2, 3, 4, 5, 6, 7, 0x88};
  const Bytes w{std::span<const std::uint8_t>(b)};
  EXPECT_EQ(std::uint16_t{*w.get<klik::U16le>(0)}, 0x0201u);
  EXPECT_EQ(std::uint16_t{*w.get<klik::U16be>(0)}, 0x0102u);
  EXPECT_EQ(std::uint64_t{*w.get<klik::U64le>(0)}, 0x8807060504030201u);
  EXPECT_EQ(std::uint64_t{*w.get<klik::U64be>(0)}, 0x0102030405060788u);
}

}  // namespace
