// Entries come back in one order, however many of them lay in a scratch file.
#include "ledger/sorted_runs.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "support/files.h"

namespace klik {
namespace {

std::vector<SortEntry> made(std::size_t count) {
  std::vector<SortEntry> out;
  std::uint64_t seed = 1;
  for (std::size_t i = 0; i < count; ++i) {
    seed = seed * 6364136223846793005u + 1442695040888963407u;
    out.push_back({seed >> 50, seed >> 60, i});
  }
  return out;
}

std::vector<SortEntry> read(std::span<SortedRuns> runs, const ScratchFile& scratch) {
  SortedReader reader(runs, scratch);
  std::vector<SortEntry> out;
  while (const SortEntry* e = reader.next()) out.push_back(*e);
  EXPECT_TRUE(reader.state());
  return out;
}

TEST(SortedRuns, ComeInOrderFromMemoryAndFromRuns) {
  const test::ScratchFolder folder;
  auto expected = made(20'000);
  for (const std::size_t spill_every : {0, 7, 300, 9'000}) {
    ScratchFile scratch((folder.path() / "case").string());
    std::vector<SortedRuns> runs(3);
    for (std::size_t i = 0; const SortEntry& e : made(20'000)) {
      runs[i++ % 3].push(e);
      if (spill_every && i % spill_every == 0) {
        ASSERT_TRUE(runs[i % 3].spill(scratch));
      }
    }
    std::ranges::sort(expected);
    EXPECT_EQ(read(runs, scratch), expected) << spill_every;
  }
  EXPECT_TRUE(std::filesystem::is_empty(folder.path())) << "a scratch file has no name";
}

TEST(SortedRuns, MayGrowAfterTheyWereRead) {
  const test::ScratchFolder folder;
  ScratchFile scratch((folder.path() / "case").string());
  std::vector<SortedRuns> runs(1);
  for (std::uint64_t i = 10; i > 0; --i) {
    runs[0].push({i, 0, i});
    if (i == 5) {
      ASSERT_TRUE(runs[0].spill(scratch));
    }
    const auto now = read(runs, scratch);
    EXPECT_EQ(now.size(), 11 - i);
    EXPECT_TRUE(std::ranges::is_sorted(now));
    EXPECT_EQ(runs[0].size(), now.size());
  }
}

TEST(ScratchFile, SaysThatItCannotBeMadeOrRead) {
  ScratchFile nowhere("/proc/nowhere/case");
  const std::vector<SortEntry> entries(1);
  EXPECT_FALSE(nowhere.append(std::as_bytes(std::span(entries))));
  const test::ScratchFolder folder;
  ScratchFile scratch((folder.path() / "case").string());
  ASSERT_TRUE(scratch.append(std::as_bytes(std::span(entries))));
  std::vector<SortEntry> more(2);
  EXPECT_FALSE(scratch.read(0, std::as_writable_bytes(std::span(more))));
}

}  // namespace
}  // namespace klik
