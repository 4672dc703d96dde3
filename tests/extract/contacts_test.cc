#include <gtest/gtest.h>

#include <random>

#include "support/made_rows.h"

namespace klik {
namespace {

constexpr std::int64_t kSecond = 1'000'000'000;

// Contacts of one host at these times (seconds), each of 100 bytes.
std::vector<Fact> contacts(const std::vector<std::int64_t>& at, std::int64_t outward = 1, bool twice = false) {
  test::MadeRows rows;
  rows.file("capture.pcap");
  for (std::size_t i = 0; i < at.size(); ++i)
    rows.fact("net.connection", {{"number", static_cast<std::int64_t>(i + 1)}, {"host", "beacon.example"}, {"dport", std::int64_t{443}}, {"dst", "192.0.2.9"}, {"outward", outward}, {"started_ns", at[i] * kSecond}, {"bytes_up", std::int64_t{100}}});
  if (twice) rows.again("copy/capture.pcap");
  RecordingSink sink;
  Pool pool(1);
  const Budget budget;
  for (const ImageExtractor* e : image_extractors())
    if (e->name == "contacts@3") e->run({.rows = rows, .pool = pool, .budget = budget}, sink);
  EXPECT_TRUE(sink.problems.empty());
  return sink.facts;
}

Value value(const Fact& f, std::string_view column) {
  const auto at = std::ranges::find(f.kind->columns, column, &Column::name) - f.kind->columns.begin();
  return f.values.at(static_cast<std::size_t>(at));
}
std::int64_t number(const Fact& f, std::string_view column) {
  const Value v = value(f, column);
  return v.index() == 1 ? std::get<std::int64_t>(v) : -1;
}

TEST(Contacts, AnEvenSeriesHasItsPeriod) {
  std::vector<std::int64_t> at;
  for (int i = 0; i < 20; ++i) at.push_back(1000 + 300 * i + (i % 3) * 4);
  const auto facts = contacts(at);
  ASSERT_EQ(facts.size(), 1u);
  EXPECT_EQ(number(facts[0], "contacts"), 20);
  EXPECT_NEAR(static_cast<double>(number(facts[0], "period_ms")), 300'000, 5'000);
  EXPECT_EQ(number(facts[0], "even"), 1000);
  EXPECT_LT(number(facts[0], "jitter"), 30);
  EXPECT_LE(number(facts[0], "chance"), 5);
  EXPECT_EQ(number(facts[0], "bytes_out"), 100);
}

TEST(Contacts, ACaptureInTwoPlacesCountsOnce) {
  const auto once = contacts({0, 60, 120, 180}), twice = contacts({0, 60, 120, 180}, 1, true);
  ASSERT_EQ(once.size(), 1u);
  ASSERT_EQ(twice.size(), 1u);
  EXPECT_EQ(number(once[0], "bytes_out"), 100);
  EXPECT_EQ(twice[0].values, once[0].values);
}

TEST(Contacts, ScatteredOnesAreLikelyChance) {
  std::mt19937 random(3);
  std::vector<std::int64_t> at;
  for (int i = 0; i < 40; ++i) at.push_back(static_cast<std::int64_t>(random() % 36'000));
  const auto facts = contacts(at);
  ASSERT_EQ(facts.size(), 1u);
  EXPECT_GT(number(facts[0], "chance"), 20);
}

TEST(Contacts, FewContactsHaveNoPeriod) {
  const auto facts = contacts({0, 60, 120, 180, 240, 300, 360});
  ASSERT_EQ(facts.size(), 1u);
  EXPECT_EQ(number(facts[0], "contacts"), 7);
  EXPECT_EQ(number(facts[0], "period_ms"), -1);
}

TEST(Contacts, WhatOpensTogetherIsOne) {
  const auto facts = contacts({0, 1, 1, 60, 61, 120});
  ASSERT_EQ(facts.size(), 1u);
  EXPECT_EQ(number(facts[0], "contacts"), 3);
  EXPECT_EQ(number(facts[0], "bytes_out"), 200);
}

TEST(Contacts, CallsFromOutsideAreNone) { EXPECT_TRUE(contacts({0, 60, 120, 180}, 0).empty()); }

}  // namespace
}  // namespace klik
