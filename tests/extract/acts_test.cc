#include <gtest/gtest.h>

#include "support/facts.h"

namespace klik {
namespace {

TEST(Acts, LinesAreTimeStateAndWords) {
  const std::string file = "# klikspaan acts\n2026-01-05T10:00:00Z reset\r\n\n2026-01-05T10:04:00Z  consent  accepted it all \nnever idle\n2026-01-05T10:05:00Z dancing\n2026-01-05T10:30:00Z idle on the table";
  const auto sink = test::extract("acts@2", memory_source(std::vector<std::uint8_t>(file.begin(), file.end())), "acts", "acts.txt");
  ASSERT_EQ(sink.facts.size(), 3u);
  EXPECT_EQ(std::get<std::int64_t>(sink.facts[0].values[1]), 1767607200);
  EXPECT_EQ(std::get<std::string>(sink.facts[1].values[2]), "consent");
  EXPECT_EQ(std::get<std::string>(sink.facts[1].values[3]), "accepted it all");
  EXPECT_EQ(std::get<std::int64_t>(sink.facts[2].values[0]), 7);
  EXPECT_EQ(sink.facts[2].origins[0].at, file.rfind("2026"));
  ASSERT_EQ(sink.problems.size(), 2u);
  EXPECT_EQ(sink.problems[0].detail, "line 5");
}

TEST(Acts, AByteOrderMarkIsNoLine) {
  const std::string file = "\xef\xbb\xbf# klikspaan acts\n2026-01-05T10:00:00Z reset\n";
  const auto sink = test::extract("acts@2", memory_source(std::vector<std::uint8_t>(file.begin(), file.end())), "acts", "acts.txt");
  EXPECT_EQ(sink.facts.size(), 1u);
  EXPECT_TRUE(sink.problems.empty());
}

TEST(Acts, EveryPrefixIsRead) {
  const std::string file = "# klikspaan acts\n2026-01-05T10:00:00Z reset a\n2026-01-05T10:04:00Z consent\n";
  for (std::size_t n = 0; n <= file.size(); ++n) (void)test::extract("acts@2", memory_source(std::vector<std::uint8_t>(file.begin(), file.begin() + static_cast<std::ptrdiff_t>(n))), "acts", "acts.txt");
}

}  // namespace
}  // namespace klik
