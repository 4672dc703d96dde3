#include "io/unit_source.h"

#include <gtest/gtest.h>

#include <atomic>
#include <new>

namespace klik {
namespace {

class ThrowingDecoder final : public UnitDecoder {
 public:
  Result<void> decode(std::size_t unit, MutableBytes out) const override {
    if (unit == 1) throw std::bad_alloc();
    std::ranges::fill(out, static_cast<std::uint8_t>('a' + unit));
    return {};
  }
};

// Whoever waits for such a unit must be told, and the program must not end.
TEST(DecodeOnce, ADecoderThatThrowsFailsItsUnitOnly) {
  Scratch scratch;
  for (const unsigned threads : {0u, 3u}) {
    std::unique_ptr<Pool> pool;
    if (threads > 0) pool.reset(new Pool(threads));
    const auto source = decode_once({{0, 10}, {10, 10}, {20, 10}}, std::make_unique<ThrowingDecoder>(), scratch, pool.get());
    ASSERT_TRUE(source);
    (*source)->will_need(0, 30);
    std::vector<std::uint8_t> out(10);
    for (int round = 0; round < 2; ++round) {
      const auto read = (*source)->read(10, out);
      ASSERT_FALSE(read);
      EXPECT_EQ(read.error().code, Code::internal);
      ASSERT_TRUE((*source)->read(20, out));
      EXPECT_EQ(out, std::vector<std::uint8_t>(10, 'c'));
    }
  }
}

TEST(Pool, ATaskThatThrowsIsCountedAndTheRestIsDone) {
  Pool pool(2);
  std::atomic<int> done = 0;
  for (int i = 0; i < 20; ++i)
    pool.add([&, i] {
      if (i % 5 == 0) throw std::bad_alloc();
      ++done;
    });
  pool.wait_idle();
  EXPECT_EQ(done, 16);
  EXPECT_EQ(pool.failures(), 4u);
}

}  // namespace
}  // namespace klik
