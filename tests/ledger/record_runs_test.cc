// Records come back whole, in one order and by their places, however many of them lie in a scratch file.
#include "ledger/record_runs.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>

#include "support/files.h"

namespace klik {
namespace {

constexpr Column kColumns[] = {{"number", ColumnType::integer, "", true}, {"text", ColumnType::text, ""}};
constexpr FactKind kKind{"test.kind", "", kColumns};

struct Made {
  FactId id;
  std::vector<std::uint8_t> record;
};

Made made(std::int64_t number, std::size_t text_size) {
  const BlobId blob(sha256(Bytes::of("blob")));
  const Fact fact{&kKind, blob, {number, std::string(text_size, static_cast<char>('a' + number % 26))}, {{blob, 1, 2}}, "test@1"};
  Made out{fact_id(fact), {}};
  const std::uint32_t blobs[] = {0, 0};
  FactRecord::append(out.record, fact, out.id, blobs, 0);
  return out;
}

// Of very different sizes: some larger than a block, some than a chunk.
std::size_t size_of(std::int64_t n) { return n % 997 == 0 ? 1'500'000 : n % 211 == 0 ? 90'000 : static_cast<std::size_t>(n * 37 % 400); }

struct Limits {
  std::uint64_t bytes;
  std::size_t entries;
};

class RecordRunsIn : public testing::TestWithParam<Limits> {};

TEST_P(RecordRunsIn, GiveEveryRecordInOrderAndByPlace) {
  const test::ScratchFolder folder;
  ScratchFile scratch((folder.path() / "case").string());
  RecordRuns runs(3, GetParam().bytes, GetParam().entries);
  std::map<FactId, std::vector<std::uint8_t>> expected[3];
  for (std::int64_t n = 0; n < 3'000; ++n) {
    const Made m = made(n, size_of(n));
    const auto kind = static_cast<std::size_t>(n % 3);
    ASSERT_TRUE(runs.add(kind, m.id, m.record, scratch));
    expected[kind][m.id] = m.record;
    if (n % 700 == 0) {
      ASSERT_TRUE(runs.seal(scratch));   // as one who reads in between does
    }
  }
  ASSERT_TRUE(runs.seal(scratch));
  std::map<FactId, std::vector<std::uint8_t>> all;
  for (std::size_t kind = 0; kind < 3; ++kind) {
    EXPECT_EQ(runs.count(kind), expected[kind].size());
    RecordReader reader(runs, scratch, kind, 1);
    RecordFetcher in_order(runs, scratch), jumping(runs, scratch);
    std::vector<std::pair<RecordPlace, FactId>> places;
    auto want = expected[kind].begin();
    while (const RecordReader::Item* item = reader.next()) {
      ASSERT_NE(want, expected[kind].end());
      EXPECT_EQ(item->record.id(), want->first);
      EXPECT_TRUE(std::ranges::equal(item->record.bytes(), want->second));
      const auto fetched = in_order.fetch(item->place);
      ASSERT_TRUE(fetched);
      EXPECT_TRUE(std::ranges::equal(fetched->bytes(), want->second));
      places.emplace_back(item->place, want->first);
      ++want;
    }
    EXPECT_TRUE(reader.state());
    EXPECT_EQ(want, expected[kind].end());
    for (std::size_t i = 0; i < places.size(); ++i) {
      const auto& [place, id] = places[i * 7919 % places.size()];
      const auto fetched = jumping.fetch(place);
      ASSERT_TRUE(fetched);
      EXPECT_EQ(fetched->id(), id);
    }
    all.merge(expected[kind]);
  }
  RecordReader reader(runs, scratch, 0, 3);
  for (const auto& [id, record] : all) {
    const RecordReader::Item* item = reader.next();
    ASSERT_TRUE(item);
    EXPECT_EQ(item->record.id(), id);
  }
  EXPECT_EQ(reader.next(), nullptr);
}

INSTANTIATE_TEST_SUITE_P(Limits, RecordRunsIn, testing::Values(Limits{std::uint64_t{1} << 30, 1'000'000}, Limits{4 << 20, 1'000'000}, Limits{std::uint64_t{1} << 30, 64}, Limits{100'000, 100}, Limits{1, 1}));

TEST(RecordRuns, KeepPlacesThatWereGivenWhenMoreComes) {
  const test::ScratchFolder folder;
  ScratchFile scratch((folder.path() / "case").string());
  RecordRuns runs(1, 20'000, 1'000);
  std::map<FactId, RecordPlace> places;
  for (std::int64_t n = 0; n < 400; ++n) {
    const Made m = made(n, 100);
    ASSERT_TRUE(runs.add(0, m.id, m.record, scratch));
    if (n % 30 != 0) continue;
    ASSERT_TRUE(runs.seal(scratch));
    RecordReader reader(runs, scratch, 0, 1);
    while (const RecordReader::Item* item = reader.next()) EXPECT_EQ(places.try_emplace(item->record.id(), item->place).first->second, item->place);
  }
  EXPECT_GT(scratch.size(), 20'000u);
  RecordFetcher fetcher(runs, scratch);
  for (const auto& [id, place] : places) {
    const auto fetched = fetcher.fetch(place);
    ASSERT_TRUE(fetched);
    EXPECT_EQ(fetched->id(), id);
  }
}

TEST(RecordRuns, OfOneIdentityComeOneAfterAnother) {
  const test::ScratchFolder folder;
  ScratchFile scratch((folder.path() / "case").string());
  RecordRuns runs(1, 1, 1);
  const Made m = made(5, 10);
  for (int i = 0; i < 3; ++i) ASSERT_TRUE(runs.add(0, m.id, m.record, scratch));
  RecordReader reader(runs, scratch, 0, 1);
  for (int i = 0; i < 3; ++i) {
    const RecordReader::Item* item = reader.next();
    ASSERT_TRUE(item);
    EXPECT_EQ(item->record.id(), m.id);
  }
  EXPECT_EQ(reader.next(), nullptr);
}

TEST(RecordRuns, SayThatTheScratchFileCannotBeMade) {
  ScratchFile nowhere("/proc/nowhere/case");
  RecordRuns runs(1, 1, 1);
  const Made m = made(5, 10);
  EXPECT_FALSE(runs.add(0, m.id, m.record, nowhere));
}

}  // namespace
}  // namespace klik
