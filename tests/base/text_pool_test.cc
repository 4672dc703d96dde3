#include "base/text_pool.h"

#include <gtest/gtest.h>

namespace klik {
namespace {

TEST(TextPool, KeepsEachTextOnceWhereItIs) {
  TextPool pool;
  const std::uint32_t empty = pool.number_of(""), first = pool.number_of("a network with a long name, on the heap");
  const std::string* place = &pool.at(first);
  for (int i = 0; i < 10'000; ++i) pool.number_of(std::to_string(i));
  EXPECT_EQ(pool.number_of("a network with a long name, on the heap"), first);
  EXPECT_EQ(pool.number_of(""), empty);
  EXPECT_EQ(&pool.at(first), place);
  EXPECT_EQ(pool.at(pool.number_of("7")), "7");
  EXPECT_EQ(pool.number_of("last"), 10'002u);
}

}  // namespace
}  // namespace klik
