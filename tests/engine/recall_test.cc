// A scan with the cache gives the rows that it gives without, whatever the cache holds.
#include "engine/recall.h"

#include <gtest/gtest.h>

#include <atomic>
#include <filesystem>
#include <fstream>
#include <random>

#include "support/apk_signer.h"
#include "support/file_patch_writer.h"
#include "support/files.h"
#include "support/row_sink.h"
#include "support/zip_writer.h"

namespace klik {
namespace {

namespace fs = std::filesystem;

class CachedScan : public testing::Test {
 protected:
  CachedScan() { fs::create_directories(phone() / "app"); }
  fs::path phone() const { return scratch_.path() / "phone"; }
  fs::path cache() const { return scratch_.path() / "cache"; }
  void write(const fs::path& path, std::string_view text) {
    fs::create_directories(path.parent_path());
    std::ofstream(path, std::ios::binary) << text;
  }
  void write(const fs::path& path, const std::vector<std::uint8_t>& bytes) { write(path, Bytes(bytes).text()); }
  static std::string zip(std::vector<test::ZipMember> members) { return std::string(Bytes(test::write_zip(members)).text()); }

  // A phone with apps of several files, of which one lies twice, and files of text.
  void make_phone() {
    for (int i = 0; i < 12; ++i) {
      const std::string inner = zip({{.name = "build.prop", .data = "ro.inner=" + std::to_string(i) + "\n"}, {.name = "x.rc", .data = "service x /bin/x\n    user root\n"}});
      write(phone() / ("app/A" + std::to_string(i) + ".apk"), zip({{.name = "AndroidManifest.xml", .data = "broken"}, {.name = "assets/in.zip", .data = inner}, {.name = "build.prop", .data = "ro.a=1\nro.n=" + std::to_string(i) + "\n"}, {.name = "r/a.txt", .data = "see http://host" + std::to_string(i) + ".example.net/x\n"}}));
    }
    fs::create_directories(phone() / "copy");
    fs::copy_file(phone() / "app/A3.apk", phone() / "copy/A3.apk");
    write(phone() / "build.prop", "ro.product.model=Made\nro.build.id=1\n");
    write(phone() / "cut.zip", zip({{.name = "a", .data = std::string(3000, 'a')}}).substr(0, 60));
    write(phone() / "wrong.zip", zip({{.name = "a.rc", .data = "on boot\n    chmod 0777 /data\n", .crc = 5}}));
  }

  struct Outcome {
    std::vector<std::string> rows;
    cache::StoreStatistics statistics;
    std::string warning;
    std::size_t facts = 0;
    bool complete = false;
  };
  Outcome scanned(const fs::path& input, bool with_cache, unsigned threads = 3, const std::function<void(ScanOptions&)>& change = {}) {
    ScanOptions options;
    options.inputs = {{input.string(), ""}};
    options.threads = threads;
    if (with_cache) options.cache_folder = cache().string();
    if (change) change(options);
    test::RowSink sink;
    ScanProgress progress;
    const auto result = scan(options, sink, progress);
    EXPECT_TRUE(result);
    EXPECT_NEAR(progress.share, 1.0, 1e-6);
    return {sink.rows(), result ? result->cache : cache::StoreStatistics{}, result ? result->cache_warning : "", sink.facts(), result && result->complete};
  }
  fs::path packed_phone() {
    make_phone();
    EXPECT_EQ(test::run("cd '" + phone().string() + "' && tar cf ../phone.tar .").status, 0);
    // Members of one name, and one that is called as the second of them would be.
    fs::copy_file(phone() / "app/A1.apk", phone() / "app/A2.apk#2");
    write(phone() / "app/A2.apk", zip({{.name = "build.prop", .data = "ro.second=1\n"}}));
    EXPECT_EQ(test::run("cd '" + phone().string() + "' && tar rf ../phone.tar './app/A2.apk#2' ./app/A2.apk").status, 0);
    return scratch_.path() / "phone.tar";
  }

 private:
  test::ScratchFolder scratch_;
};

TEST_F(CachedScan, ColdAndWarmGiveTheSameRows) {
  const fs::path input = packed_phone();
  const Outcome without = scanned(input, false);
  EXPECT_GT(without.facts, 40u);
  const Outcome cold = scanned(input, true);
  EXPECT_EQ(cold.rows, without.rows);
  EXPECT_GT(cold.statistics.added, 40u);
  for (const unsigned threads : {1u, 8u}) {
    const Outcome warm = scanned(input, true, threads);
    EXPECT_EQ(warm.rows, without.rows);
    EXPECT_EQ(warm.statistics.added, 0u);
    EXPECT_GT(warm.statistics.found, 40u);
  }
}

TEST_F(CachedScan, OnlyWhatIsNewIsReadAnew) {
  make_phone();
  const std::uint64_t cold = scanned(phone(), true).statistics.added;
  write(phone() / "app/A5.apk", zip({{.name = "build.prop", .data = "ro.changed=1\n"}}));
  const Outcome warm = scanned(phone(), true);
  EXPECT_EQ(warm.statistics.added, 2u);   // the archive and the file in it
  EXPECT_LT(warm.statistics.added, cold);
  EXPECT_EQ(warm.rows, scanned(phone(), false).rows);
}

TEST_F(CachedScan, TheSameFileDeeperInsideIsFound) {
  make_phone();
  scanned(phone(), true);
  EXPECT_EQ(test::run("cd '" + phone().string() + "' && tar cf - . | zstd -q > ../deeper.tar.zst").status, 0);
  const fs::path deeper = phone().parent_path() / "deeper.tar.zst";
  const Outcome warm = scanned(deeper, true);
  EXPECT_EQ(warm.rows, scanned(deeper, false).rows);
  EXPECT_LE(warm.statistics.added, 3u);   // the stream, the archive
}

TEST_F(CachedScan, ABudgetOfDepthIsMetAsWithoutTheCache) {
  const fs::path input = packed_phone();
  scanned(input, true);
  for (const std::uint32_t depth : {0u, 1u, 2u, 3u}) {
    const auto shallow = [&](ScanOptions& o) { o.budget.depth = depth; };
    const Outcome with = scanned(input, true, 3, shallow), without = scanned(input, false, 3, shallow);
    EXPECT_EQ(with.rows, without.rows) << depth;
  }
  EXPECT_EQ(scanned(input, true).rows, scanned(input, false).rows);
}

TEST_F(CachedScan, OtherBudgetsAndKeysHaveTheirOwnRecords) {
  const fs::path input = packed_phone();
  scanned(input, true);
  const auto small = [](ScanOptions& o) { o.budget.metadata_bytes = 64; };
  EXPECT_EQ(scanned(input, true, 3, small).rows, scanned(input, false, 3, small).rows);
  const Outcome keyed = scanned(input, true, 3, [](ScanOptions& o) { o.keys = "ozip 00112233445566778899aabbccddeeff\n"; });
  EXPECT_EQ(keyed.statistics.found, 0u);
}

TEST_F(CachedScan, ASignatureBesideAnAppCountsWhetherItCameOrWent) {
  write(phone() / "app/S.apk", test::unsigned_apk());
  const auto same = [&](const char* when) { EXPECT_EQ(scanned(phone(), true).rows, scanned(phone(), false).rows) << when; };
  same("cold");
  same("warm");
  write(phone() / "app/S.apk.idsig", std::string("\2\0\0\0 no signature", 17));
  same("with a signature beside it");
  EXPECT_NE(scanned(phone(), false).rows, std::vector<std::string>{});
  fs::remove(phone() / "app/S.apk.idsig");
  const Outcome after = scanned(phone(), true);
  EXPECT_EQ(after.rows, scanned(phone(), false).rows);
  EXPECT_EQ(after.statistics.added, 0u);
}

// What an update makes out of old files belongs to that old build alone.
TEST_F(CachedScan, AnUpdateAppliedToAnotherBuildGivesThatBuildsFiles) {
  const std::string before = "ro.a=old\n", after = "ro.a=new\nro.b=1\n";
  const std::string call = "apply_patch(\"/system/build.prop\", \"-\", " + test::sha1_of(after) + ", " + std::to_string(after.size()) + ", " + test::sha1_of(before) + ", package_extract_file(\"patch/build.prop.p\"));\n";
  const fs::path update = phone().parent_path() / "ota.zip", old = phone().parent_path() / "old", other = phone().parent_path() / "other";
  write(update, zip({{.name = "META-INF/com/google/android/updater-script", .data = call}, {.name = "patch/build.prop.p", .data = test::bsdiff(before, after)}, {.name = "x.rc", .data = "on boot\n    chmod 0777 /data\n"}}));
  write(old / "system/build.prop", before);
  write(other / "system/build.prop", "ro.a=other\n");
  const auto with = [](const fs::path& base) { return [base](ScanOptions& o) { o.base = base.string(); }; };
  const std::vector<std::string> none = scanned(update, false).rows, on_old = scanned(update, false, 3, with(old)).rows, on_other = scanned(update, false, 3, with(other)).rows;
  EXPECT_NE(none, on_old);
  EXPECT_NE(on_other, on_old);
  for (int round = 0; round < 2; ++round) {
    EXPECT_EQ(scanned(update, true).rows, none) << round;
    EXPECT_EQ(scanned(update, true, 3, with(old)).rows, on_old) << round;
    EXPECT_EQ(scanned(update, true, 3, with(other)).rows, on_other) << round;
  }
}

TEST_F(CachedScan, ATimeLimitLeavesNothingHalfInTheCache) {
  const fs::path input = packed_phone();
  const std::vector<std::string> want = scanned(input, false).rows;
  for (const std::uint64_t files : {1u, 9u, 30u, 60u}) {
    std::atomic<std::uint64_t> asked = 0;   // a clock that each file moves on by a second
    const Outcome cut = scanned(input, true, 2, [&](ScanOptions& o) {
      o.time_limit_seconds = files;
      o.seconds = [&] { return asked++; };
    });
    EXPECT_FALSE(cut.complete) << files;
    EXPECT_NE(cut.rows, want) << files;
    EXPECT_EQ(scanned(input, true).rows, want) << files;
    fs::remove_all(cache());
  }
}

TEST_F(CachedScan, ALargeFileIsKeptToo) {
  const fs::path input = packed_phone();
  const auto little_memory = [](ScanOptions& o) { o.load_bytes = 100; };
  scanned(input, true, 3, little_memory);
  const Outcome warm = scanned(input, true, 3, little_memory);
  EXPECT_EQ(warm.statistics.added, 0u);
  EXPECT_EQ(warm.rows, scanned(input, false).rows);
}

// Any record or pack may be gone or broken; what is left must still give the same rows.
TEST_F(CachedScan, ADamagedCacheGivesTheSameRows) {
  const fs::path input = packed_phone();
  const std::vector<std::string> want = scanned(input, false).rows;
  scanned(input, true);
  std::vector<std::uint8_t> whole;
  for (const auto& e : fs::directory_iterator(cache())) whole = test::read_file(e.path());
  ASSERT_GT(whole.size(), 1000u);
  std::mt19937 random(7);
  for (unsigned round = 0; round < 60; ++round) {
    fs::remove_all(cache());
    fs::create_directory(cache());
    fs::permissions(cache(), fs::perms::owner_all);
    std::vector<std::uint8_t> broken = whole;
    if (round % 3 == 0) broken.resize(random() % broken.size());
    else broken[random() % broken.size()] ^= static_cast<std::uint8_t>(1u << random() % 8);
    write(cache() / "klikspaan-x.pack", broken);
    EXPECT_EQ(scanned(input, true).rows, want) << round;
    EXPECT_EQ(scanned(input, true).rows, want) << round << ", after it was mended";
  }
}

TEST_F(CachedScan, HalfTheRecordsGiveTheSameRows) {
  const fs::path input = packed_phone();
  const std::vector<std::string> want = scanned(input, false).rows;
  scanned(input, true);
  fs::path file;
  for (const auto& e : fs::directory_iterator(cache())) file = e.path();
  const auto whole = test::read_file(file);
  const Bytes all{std::span<const std::uint8_t>(whole)};
  Sha256Digest program{};
  copy_bytes(program, 0, all.slice(16, 32).value());
  for (unsigned seed = 0; seed < 20; ++seed) {
    const auto pack = cache::PackReader::open(memory_source(std::vector(whole)), program);
    ASSERT_TRUE(pack);
    std::vector<std::uint8_t> half;
    cache::PackWriter writer(program, [&](Bytes b) {
      half.insert(half.end(), b.begin(), b.end());
      return true;
    });
    for (std::uint32_t n = 0; n < pack->blocks().size(); ++n) writer.add_block(pack->packed_block(n)->bytes(), pack->blocks()[n].size);
    std::mt19937 random(seed);
    for (const cache::RecordEntry& r : pack->records()) {
      cache::Key key{};
      copy_bytes(key, 0, Bytes(r.key));
      if (random() % 2) writer.add_record(key, r.block, r.at, r.size);
    }
    ASSERT_TRUE(writer.finish());
    fs::remove_all(cache());
    fs::create_directory(cache());
    fs::permissions(cache(), fs::perms::owner_all);
    write(cache() / "klikspaan-half.pack", half);
    EXPECT_EQ(scanned(input, true, 1 + seed % 4).rows, want) << seed;
    EXPECT_EQ(scanned(input, true).statistics.added, 0u) << seed;
  }
}

TEST_F(CachedScan, AProgramThatCannotReadItselfIsAWarning) {
  ScanOptions options;
  options.cache_folder = cache().string();
  Recall recall(options, fail(Code::io, 0, "the file cannot be opened"));
  EXPECT_FALSE(recall.on());
  EXPECT_EQ(recall.finish(), "no cache is kept: the program cannot read itself: the file cannot be opened");
  options.cache_folder.clear();
  EXPECT_EQ(Recall(options).finish(), "");
}

TEST_F(CachedScan, ACacheThatCannotBeWrittenIsAWarning) {
  const fs::path input = packed_phone();
  const Outcome outcome = scanned(input, false, 2, [](ScanOptions& o) { o.cache_folder = "/proc/none/cache"; });
  EXPECT_NE(outcome.warning, "");
  EXPECT_EQ(outcome.rows, scanned(input, false).rows);
}

}  // namespace
}  // namespace klik
