#include "cache/store.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "support/files.h"

namespace klik::cache {
namespace {

namespace fs = std::filesystem;

Key key(unsigned n) { return sha256(Bytes::of("key " + std::to_string(n))); }
const Sha256Digest kProgram = sha256(Bytes::of("this program"));
// Does not get smaller by compression.
std::string content(unsigned n, std::size_t size = 100) {
  std::string out;
  for (unsigned i = 0; out.size() < size; ++i) out += as_bytes(sha256(Bytes::of(std::to_string(n) + "." + std::to_string(i)))).text();
  out.resize(size);
  return out;
}

class CacheStore : public testing::Test {
 protected:
  std::string folder() const { return (scratch_.path() / "cache").string(); }
  std::string found(Store& store, unsigned n) {
    const auto record = store.find(key(n));
    return record ? std::string(record->bytes().text()) : "";
  }
  void add(unsigned from, unsigned to, std::size_t size = 100, std::uint64_t limit = kDefaultLimit, const Sha256Digest& program = kProgram) {
    Store store(folder(), limit, program);
    for (unsigned i = from; i < to; ++i) store.put(key(i), content(i, size));
    store.finish();
    EXPECT_EQ(store.warning(), "");
  }
  std::vector<fs::path> packs() const {
    std::vector<fs::path> out;
    for (const auto& e : fs::directory_iterator(folder())) out.push_back(e.path());
    std::ranges::sort(out);
    return out;
  }
  std::uint64_t bytes() const {
    std::uint64_t sum = 0;
    for (const auto& p : packs()) sum += fs::file_size(p);
    return sum;
  }

 private:
  test::ScratchFolder scratch_;
};

TEST_F(CacheStore, KeepsRecordsForTheNextRun) {
  add(0, 2000);
  EXPECT_EQ(packs().size(), 1u);
  Store store(folder(), kDefaultLimit, kProgram);
  for (unsigned i = 0; i < 2000; ++i) ASSERT_EQ(found(store, i), content(i)) << i;
  EXPECT_EQ(found(store, 2000), "");
  EXPECT_EQ(store.statistics().found, 2000u);
  EXPECT_EQ(store.statistics().missed, 1u);
}

TEST_F(CacheStore, ARunThatAddsNothingWritesNothing) {
  add(0, 10);
  add(0, 0);
  EXPECT_EQ(packs().size(), 1u);
}

TEST_F(CacheStore, NothingOfAnotherProgramIsFound) {
  add(0, 10);
  Store store(folder(), kDefaultLimit, sha256(Bytes::of("a later program")));
  EXPECT_EQ(found(store, 3), "");
}

TEST_F(CacheStore, TheLaterRecordOfAKeyCounts) {
  add(0, 1);
  fs::last_write_time(packs()[0], fs::file_time_type::clock::now() - std::chrono::hours(1));
  Store second(folder(), kDefaultLimit, kProgram);
  second.put(key(0), "new");
  second.finish();
  Store third(folder(), kDefaultLimit, kProgram);
  EXPECT_EQ(found(third, 0), "new");
}

TEST_F(CacheStore, StaysWithinItsLimitAndDropsWhatWasUsedLongestAgo) {
  constexpr std::uint64_t kLimit = 5u << 20;
  for (unsigned run = 0; run < 4; ++run) {
    add(run * 10, run * 10 + 10, 200'000, kLimit);   // two megabytes each
    EXPECT_LE(bytes(), kLimit);
    // Ages what is there, so that the next run is later without waiting.
    for (const auto& p : packs()) fs::last_write_time(p, fs::last_write_time(p) - std::chrono::hours(1));
    if (run == 1) {   // the first is used again, so the second is the oldest when room is needed
      Store store(folder(), kLimit, kProgram);
      EXPECT_EQ(found(store, 0), content(0, 200'000));
      store.finish();
    }
  }
  Store store(folder(), kLimit, kProgram);
  EXPECT_EQ(found(store, 10), "");
  EXPECT_EQ(found(store, 30), content(30, 200'000));
}

TEST_F(CacheStore, APackLargerThanTheLimitIsNotWritten) {
  add(0, 100, 100'000, 1u << 20);
  EXPECT_LE(bytes(), 1u << 20);
}

TEST_F(CacheStore, ManySmallPacksBecomeOne) {
  for (unsigned run = 0; run < 30; ++run) add(run, run + 1);
  EXPECT_LT(packs().size(), 10u);
  Store store(folder(), kDefaultLimit, kProgram);
  for (unsigned i = 0; i < 30; ++i) EXPECT_EQ(found(store, i), content(i)) << i;
}

TEST_F(CacheStore, ADamagedPackIsPassedOverAndRemoved) {
  add(0, 100);
  auto bytes = test::read_file(packs()[0]);
  bytes[60] ^= 1;   // in the first block
  std::ofstream(packs()[0], std::ios::binary).write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
  Store store(folder(), kDefaultLimit, kProgram);
  EXPECT_EQ(found(store, 0), "");
  store.finish();
  EXPECT_TRUE(packs().empty());
}

TEST_F(CacheStore, ManyProgramsMayUseOneFolderAtOnce) {
  fs::create_directory(folder());
  fs::permissions(folder(), fs::perms::owner_all);
  std::vector<pid_t> children;
  for (unsigned c = 0; c < 6; ++c) {
    const pid_t child = ::fork();
    if (child == 0) {
      for (unsigned run = 0; run < 12; ++run) {
        Store store(folder(), kDefaultLimit, kProgram);
        for (unsigned i = 0; i < 20; ++i) {
          const auto there = store.find(key(i));
          if (there && there->bytes().text() != content(i)) ::_exit(1);
          if (!there) store.put(key(i), content(i));
        }
        store.put(key(1000 + c * 100 + run), content(1000 + c * 100 + run));
        store.finish();
        if (!store.warning().empty()) ::_exit(2);
      }
      ::_exit(0);
    }
    children.push_back(child);
  }
  for (const pid_t child : children) {
    int status = 0;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    EXPECT_EQ(status, 0);
  }
  Store store(folder(), kDefaultLimit, kProgram);
  for (unsigned i = 0; i < 20; ++i) EXPECT_EQ(found(store, i), content(i));
  for (const auto& p : packs()) EXPECT_TRUE(p.extension() == ".pack") << p;   // nothing unfinished is left
}

TEST_F(CacheStore, WhatOthersKeepInTheFolderStays) {
  fs::create_directory(folder());
  fs::permissions(folder(), fs::perms::owner_all);
  const fs::path in = folder();
  const std::vector<std::string> others = {"pack-abc.pack", "new-novel.txt", "klikspaan-notes.pack", "klikspaan.new-idea"};
  const auto old = fs::file_time_type::clock::now() - std::chrono::hours(24 * 30);
  for (const std::string& name : others) {
    std::ofstream(in / name) << std::string(300'000, 'x');
    fs::last_write_time(in / name, old);
  }
  add(0, 20, 100'000, 1u << 20);   // more than the limit
  for (const std::string& name : others) EXPECT_TRUE(fs::exists(in / name)) << name;
  // A pack that was begun and left is ours, even when nothing was written yet.
  std::ofstream(in / "klikspaan.new-AbCdEf") << "";
  std::ofstream(in / "klikspaan.new-GhIjKl") << "klikspaan cache\1and more";
  for (const char* name : {"klikspaan.new-AbCdEf", "klikspaan.new-GhIjKl"}) fs::last_write_time(in / name, old);
  add(0, 1);
  for (const char* name : {"klikspaan.new-AbCdEf", "klikspaan.new-GhIjKl"}) EXPECT_FALSE(fs::exists(in / name)) << name;
}

TEST_F(CacheStore, AFolderThatCannotBeMadeIsAWarning) {
  Store store("/proc/no/such/place", kDefaultLimit, kProgram);
  EXPECT_NE(store.warning(), "");
  store.put(key(0), "x");
  EXPECT_FALSE(store.find(key(0)));
  store.finish();
}

TEST_F(CacheStore, AFolderThatOthersMayWriteToIsNotUsed) {
  add(0, 10);
  ASSERT_EQ(::chmod(folder().c_str(), 0777), 0);
  Store store(folder(), kDefaultLimit, kProgram);
  EXPECT_NE(store.warning().find("others may write"), std::string::npos);
  EXPECT_EQ(found(store, 3), "");
}

}  // namespace
}  // namespace klik::cache
