#include <gtest/gtest.h>

#include <numeric>

#include "io/extent_source.h"
#include "io/scratch.h"
#include "io/unit_source.h"

namespace klik {
namespace {

std::vector<std::uint8_t> counting(std::size_t n) {
  std::vector<std::uint8_t> v(n);
  std::iota(v.begin(), v.end(), std::uint8_t{0});
  return v;
}

std::vector<std::uint8_t> all(const SourceRef& s) {
  std::vector<std::uint8_t> out(s->size());
  EXPECT_TRUE(s->read(0, out));
  return out;
}

TEST(Source, ReadsNothingPastItsEnd) {
  const SourceRef s = memory_source(counting(10));
  std::vector<std::uint8_t> out(4);
  EXPECT_TRUE(s->read(6, out));
  EXPECT_FALSE(s->read(7, out));
  EXPECT_FALSE(s->read(~std::uint64_t{0}, out));
  EXPECT_FALSE(s->load(8, 3));
  EXPECT_FALSE(window(s, 5, 6));
}

TEST(ExtentSource, PiecesFillsAndGapsReadAsWritten) {
  const SourceRef s = memory_source(counting(10));
  const auto r = extent_source(12, {{8, 2, s, 1}, {0, 3, s, 4}, {.at = 4, .length = 3, .from = nullptr, .fill = 0x04030201}});
  ASSERT_TRUE(r);
  EXPECT_EQ(all(*r), (std::vector<std::uint8_t>{4, 5, 6, 0, 1, 2, 3, 0, 1, 2, 0, 0}));
}

TEST(ExtentSource, RefusesOverlapsAndWhatLeavesTheImage) {
  const SourceRef s = memory_source(counting(10));
  EXPECT_FALSE(extent_source(12, {{0, 3, s, 0}, {2, 3, s, 0}}));
  EXPECT_FALSE(extent_source(4, {{2, 3, s, 0}}));
  EXPECT_FALSE(extent_source(40, {{0, 11, s, 0}}));
  EXPECT_FALSE(extent_source(40, {{0, 3, s, ~std::uint64_t{0}}}));
}

TEST(SpillWriter, KeepsEveryByteWhenItMovesToDisk) {
  Scratch scratch;
  SpillWriter w(scratch, std::uint64_t{1} << 30);
  const auto part = counting(1 << 20);
  for (int i = 0; i < 60; ++i) ASSERT_TRUE(w.append(Bytes(part)));
  const auto s = w.finish();
  ASSERT_TRUE(s);
  EXPECT_EQ((*s)->size(), 60u << 20);
  EXPECT_GT(scratch.spilled(), 0u);
  const auto tail = (*s)->load((59u << 20) + 5, 3);
  ASSERT_TRUE(tail);
  EXPECT_EQ(tail->bytes()[0], 5);
}

TEST(SpillWriter, RefusesMoreThanItsLimit) {
  Scratch scratch;
  SpillWriter w(scratch, 10);
  EXPECT_TRUE(w.append(Bytes(counting(10))));
  const auto more = w.append(Bytes(counting(1)));
  ASSERT_FALSE(more);
  EXPECT_EQ(more.error().code, Code::over_budget);
}

class Squares final : public UnitDecoder {
 public:
  explicit Squares(std::atomic<int>& calls) : calls_(calls) {}
  Result<void> decode(std::size_t unit, MutableBytes out) const override {
    ++calls_;
    if (unit == 3) return fail(Code::bad_value, 3, "unit three is broken");
    for (auto& b : out) b = static_cast<std::uint8_t>(unit * unit);
    return {};
  }
  std::atomic<int>& calls_;
};

TEST(DecodeOnce, DecodesEachUnitOnceFromManyThreadsAndRemembersFailure) {
  Scratch scratch;
  Pool pool(4);
  std::atomic<int> calls = 0;
  const auto s = decode_once({{0, 5}, {5, 5}, {10, 5}, {15, 5}}, std::make_unique<Squares>(calls), scratch, &pool);
  ASSERT_TRUE(s);
  for (int i = 0; i < 50; ++i)
    pool.add([&] {
      std::vector<std::uint8_t> out(10);
      (*s)->will_need(0, 20);
      EXPECT_TRUE((*s)->read(3, out));
      EXPECT_EQ(out[0], 0);
      EXPECT_EQ(out[2], 1);
      EXPECT_EQ(out[9], 4);
      EXPECT_FALSE((*s)->read(12, out).has_value());
      EXPECT_FALSE((*s)->read(10, out).has_value());
    });
  pool.wait_idle();
  EXPECT_EQ(calls, 4);
}

TEST(DecodeOnDemand, GivesTheSameBytesAsDecodeOnce) {
  std::atomic<int> calls = 0;
  const auto s = decode_on_demand({{0, 5}, {5, 5}, {10, 5}}, std::make_unique<Squares>(calls), 8);
  ASSERT_TRUE(s);
  EXPECT_EQ(all(*s), (std::vector<std::uint8_t>{0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 4, 4, 4, 4, 4}));
  EXPECT_FALSE(decode_on_demand({{0, 5}, {6, 5}}, std::make_unique<Squares>(calls), 8));
}

}  // namespace
}  // namespace klik
