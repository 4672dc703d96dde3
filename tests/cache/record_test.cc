#include "cache/record.h"

#include <gtest/gtest.h>

#include <limits>

namespace klik::cache {
namespace {

TEST(Record, GivesBackWhatWasWritten) {
  RecordWriter w;
  const std::uint64_t numbers[] = {0, 1, 127, 128, 1u << 20, std::numeric_limits<std::uint64_t>::max()};
  const std::int64_t either[] = {0, -1, 1, -64, 64, std::numeric_limits<std::int64_t>::min(), std::numeric_limits<std::int64_t>::max()};
  for (const auto n : numbers) w.number(n);
  for (const auto n : either) w.signed_number(n);
  w.flag(true);
  w.text(std::string_view("a\0b", 3));
  w.name("kind");
  w.name("other");
  w.name("kind");
  const std::string record = w.take();
  RecordReader r(Bytes::of(record));
  for (const auto n : numbers) EXPECT_EQ(r.number().value(), n);
  for (const auto n : either) EXPECT_EQ(r.signed_number().value(), n);
  EXPECT_TRUE(r.flag().value());
  EXPECT_EQ(r.text().value(), std::string_view("a\0b", 3));
  EXPECT_EQ(r.name().value(), "kind");
  EXPECT_FALSE(r.finished());
  EXPECT_EQ(r.name().value(), "other");
  EXPECT_EQ(r.name().value(), "kind");
  EXPECT_TRUE(r.finished());
  EXPECT_FALSE(r.number());
}

TEST(Record, ANameThatRepeatsCostsAByte) {
  RecordWriter once, twice;
  once.name("android.permission.CAMERA");
  twice.name("android.permission.CAMERA");
  twice.name("android.permission.CAMERA");
  EXPECT_EQ(twice.take().size(), once.take().size() + 1);
}

TEST(Record, RefusesWhatNoWriterMakes) {
  const auto of = [](std::string_view bytes) { return RecordReader(Bytes::of(bytes)); };
  EXPECT_EQ(of(std::string(10, '\xff')).number().error().code, Code::bad_value);                // more than 64 bits
  EXPECT_EQ(of("\xff\xff\xff\xff\xff\xff\xff\xff\xff\x02").number().error().code, Code::bad_value);
  EXPECT_EQ(of("\x80").number().error().code, Code::truncated);
  EXPECT_EQ(of("\x05" "abc").text().error().code, Code::truncated);
  EXPECT_EQ(of("\x01").name().error().code, Code::bad_value);                                   // the first name of none
  EXPECT_EQ(of("\x02").flag().error().code, Code::bad_value);
  EXPECT_EQ(of("\x7f" "abc").count().error().code, Code::truncated);                           // would reserve for 127
  EXPECT_EQ(of("\x02" "abc").count(2).error().code, Code::truncated);
  EXPECT_EQ(of("\x03").below(3).error().code, Code::bad_value);
}

}  // namespace
}  // namespace klik::cache
