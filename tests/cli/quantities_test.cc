// Durations and sizes as users write them.
#include "cli/quantities.h"

#include <gtest/gtest.h>

namespace klik::cli {
namespace {

TEST(Quantities, ReadsDurations) {
  const auto seconds = [](std::string_view text) { return read_duration(text).value_or(std::chrono::seconds(-1)).count(); };
  EXPECT_EQ(seconds("90s"), 90);
  EXPECT_EQ(seconds("10m"), 600);
  EXPECT_EQ(seconds("2h"), 7'200);
  EXPECT_EQ(seconds("1d"), 86'400);
  EXPECT_EQ(seconds("1h30m"), 5'400);
  EXPECT_EQ(seconds("1d2h3m4s"), 93'784);
  EXPECT_EQ(seconds("366d"), 366 * 86'400);
  for (const char* wrong : {"", "10", "m", "0s", "-1s", "+1s", "1.5h", "10 m", "10min", "10M", "30m1h", "1m1m", "1h30", "367d", "366d1s", "18446744073709551615s", "99999999999999999999s", "213503982334602d"})
    EXPECT_EQ(seconds(wrong), -1) << wrong;
}

TEST(Quantities, ReadsSizes) {
  EXPECT_EQ(read_size("1"), 1u);
  EXPECT_EQ(read_size("512"), 512u);
  EXPECT_EQ(read_size("64k"), 64'000u);
  EXPECT_EQ(read_size("500MB"), 500'000'000u);
  EXPECT_EQ(read_size("10 GB"), 10'000'000'000u);
  EXPECT_EQ(read_size("2tb"), 2'000'000'000'000u);
  for (const char* wrong : {"", "0", "0MB", "MB", "-1", "1.5GB", "1XB", "1MiB", "1MB ", "9223372036854775808", "18446744073709551616", "9223372036855TB"}) EXPECT_EQ(read_size(wrong), std::nullopt) << wrong;
}

TEST(Quantities, SaysDurations) {
  EXPECT_EQ(duration_text(45), "45 s");
  EXPECT_EQ(duration_text(600), "10 min 00 s");
  EXPECT_EQ(duration_text(7'500), "2 h 05 min");
}

TEST(Quantities, SaysSizesInAUnitThatShowsThem) {
  EXPECT_EQ(size_text(0), "0 bytes");
  EXPECT_EQ(size_text(1), "1 byte");
  EXPECT_EQ(size_text(999), "999 bytes");
  EXPECT_EQ(size_text(1'000), "1.0 kB");
  EXPECT_EQ(size_text(12'298), "12.3 kB");
  EXPECT_EQ(size_text(999'949), "999.9 kB");
  EXPECT_EQ(size_text(999'950), "1.0 MB");
  EXPECT_EQ(size_text(30'300'000), "30.3 MB");
  EXPECT_EQ(size_text(9'223'372'036'854'775'807), "9223372.0 TB");
}

}  // namespace
}  // namespace klik::cli
