#include "extract/partition_images.h"
#include "support/made_rows.h"

namespace klik {
namespace {

std::size_t problems_with(std::size_t images) {
  static constexpr Budget budget;
  test::MadeRows rows;
  rows.image("", "zip", Bytes::of("held by"));
  for (std::size_t i = 0; i < images; ++i) rows.image("p" + std::to_string(i) + ".img", "ext4", Bytes::of("x"));
  Pool pool(1);
  RecordingSink sink;
  const PartitionImages gathered({rows, pool, budget}, sink);
  EXPECT_EQ(gathered.images().size(), std::min<std::size_t>(images, 4096));
  for (const Problem& p : sink.problems) {
    EXPECT_EQ(p.error.code, Code::over_budget);
    EXPECT_EQ(p.severity, ProblemSeverity::data_loss);
  }
  return sink.problems.size();
}

TEST(PartitionImages, WhatIsLeftOutIsSaidOnce) {
  EXPECT_EQ(problems_with(4096), 0u);
  EXPECT_EQ(problems_with(4099), 1u);
}

}  // namespace
}  // namespace klik
