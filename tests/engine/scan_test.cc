// The walk against input that wants to cost more than it is worth.
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <fstream>
#include <map>

#include "engine/scan.h"
#include "support/as_nobody.h"
#include "support/file_patch_writer.h"
#include "support/files.h"
#include "support/zip_writer.h"

namespace klik {
namespace {

class CountingSink : public CaseSink {
 public:
  void add_facts(std::vector<Fact>) override {}
  void add_build(const BuildRecord&) override { ++builds; }
  void add_artifact(const ArtifactRecord& a) override {
    ++artifacts;
    last_state = states[a.path] = a.state;
    if (a.parent >= a.id) parents_come_first = false;
  }
  void add_input(const InputRecord&) override {}
  void add_base(const BaseRecord&) override {}
  void add_problem(const ProblemRecord& p) override { problems.push_back(p.problem); }
  std::unique_ptr<BuildRows> rows_of(std::uint32_t) override { return std::make_unique<NoRows>(); }
  void add_build_facts(std::uint32_t, std::vector<Fact>, std::vector<Problem> of_build) override { problems.insert(problems.end(), of_build.begin(), of_build.end()); }

  std::size_t builds = 0, artifacts = 0;
  bool parents_come_first = true;
  std::string last_state;
  std::map<std::string, std::string> states;   // by path
  std::vector<Problem> problems;

 protected:
  class NoRows final : public BuildRows {
   public:
    BlobId build() const override { return BlobId(Sha256Digest{}); }
    void artifacts(const std::function<void(const ArtifactRow&)>&) const override {}
    void facts(const FactKind&, const std::function<void(const FactRow&)>&) const override {}
  };
};

class Scan : public testing::Test {
 protected:
  std::string path(const std::string& name) { return (folder_.path() / name).string(); }
  void shell(const std::string& command) { ASSERT_EQ(test::run("cd '" + folder_.path().string() + "' && (" + command + ") >/dev/null 2>&1").status, 0) << command; }
  ScanResult scan_file(const std::string& name, const Budget& budget, CountingSink& sink, const std::string& base = "") {
    ScanOptions options;
    options.inputs = {{(folder_.path() / name).string(), ""}};
    if (!base.empty()) options.base = (folder_.path() / base).string();
    options.budget = budget;
    options.threads = 4;
    ScanProgress progress;
    const auto result = scan(options, sink, progress);
    EXPECT_TRUE(result);
    EXPECT_NEAR(progress.share, 1.0, 1e-6);
    return result ? *result : ScanResult{};
  }
  std::size_t over_budget(const CountingSink& sink) {
    return static_cast<std::size_t>(std::ranges::count_if(sink.problems, [](const Problem& p) { return p.error.code == Code::over_budget; }));
  }

 private:
  test::ScratchFolder folder_;
};

TEST_F(Scan, CopiesOfCopiesAreReadOnceAndUnfoldedUpToTheBudget) {
  // 10^6 files behind six archives of ten equal members each; a kilobyte on disk.
  shell("head -c 1000 /dev/zero > w0; for i in 1 2 3 4 5 6; do rm -rf d; mkdir d; for k in 0 1 2 3 4 5 6 7 8 9; do cp w$((i-1)) d/$k; done; tar cf - -C d . | zstd -q19 > w$i; done");
  Budget budget;
  budget.artifacts = 5000;
  CountingSink sink;
  const ScanResult result = scan_file("w6", budget, sink);
  EXPECT_EQ(sink.artifacts, 5000u);
  EXPECT_TRUE(sink.parents_come_first);
  EXPECT_EQ(over_budget(sink), 1u);
  EXPECT_EQ(result.data_loss, 1u);
}

TEST_F(Scan, AContainerMayNotExpandPastItsRatio) {
  shell("head -c 40000000 /dev/zero | gzip -9 > bomb.gz");
  Budget budget;
  budget.floor_bytes = 1 << 20;
  budget.ratio = 10;
  CountingSink sink;
  const ScanResult result = scan_file("bomb.gz", budget, sink);
  EXPECT_GE(over_budget(sink), 1u);
  EXPECT_GE(result.data_loss, 1u);
  CountingSink generous;
  EXPECT_EQ(scan_file("bomb.gz", Budget{}, generous).data_loss, 0u);
}

// A small update changes little of a large image.
TEST_F(Scan, WhatBlocksMakeOfTheOldBuildIsWeighedAgainstBoth) {
  shell("mkdir u b; head -c 4096000 /dev/zero > b/system.img; head -c 4096 /dev/urandom > u/system.new.dat; printf '3\\n2\\n0\\n0\\nnew 2,0,1\\nmove 1ceaf73df40e531df3bfb26b4fb7cd95fb7bff1d 2,1,2 1 2,5,6\\n' > u/system.transfer.list");
  Budget budget;
  budget.floor_bytes = 1 << 20;
  budget.ratio = 10;
  CountingSink sink;
  EXPECT_EQ(scan_file("u", budget, sink, "b").data_loss, 0u);
  for (const Problem& p : sink.problems) ADD_FAILURE() << p.error.what << " " << p.detail;
}

TEST_F(Scan, DepthIsBounded) {
  shell("echo x > 0; for i in $(seq 1 12); do gzip -nc $((i-1)) > $i; done");
  Budget budget;
  budget.depth = 5;
  CountingSink sink;
  scan_file("12", budget, sink);
  EXPECT_EQ(sink.last_state, "over_budget");
  EXPECT_EQ(sink.artifacts, 6u);
}

// Has no room for facts.
class FullSink final : public CountingSink {
 public:
  void add_facts(std::vector<Fact>) override { throw std::bad_alloc(); }
};

TEST_F(Scan, ContentThatFailsInsideFailsInEveryPlace) {
  shell("mkdir -p t/a t/b t/c && printf 'on boot\\n    chmod 0777 /data\\n' > t/a/x.rc && cp t/a/x.rc t/b && cp t/a/x.rc t/c && tar cf t.tar -C t a b c");
  FullSink sink;
  const ScanResult result = scan_file("t.tar", Budget{}, sink);
  for (const char* place : {"a/x.rc", "b/x.rc", "c/x.rc"}) EXPECT_EQ(sink.states[place], "damaged") << place;
  EXPECT_EQ(std::ranges::count(sink.problems, Code::internal, [](const Problem& p) { return p.error.code; }), 1);
  EXPECT_EQ(result.data_loss, 1u);
}

// Rows that cannot be had.
class BrokenRowsSink final : public CountingSink {
 public:
  std::unique_ptr<BuildRows> rows_of(std::uint32_t) override { return std::make_unique<BrokenRows>(); }

 private:
  class BrokenRows final : public BuildRows {
   public:
    BlobId build() const override { return BlobId(Sha256Digest{}); }
    void artifacts(const std::function<void(const ArtifactRow&)>&) const override { throw std::bad_alloc(); }
    void facts(const FactKind&, const std::function<void(const FactRow&)>&) const override { throw std::bad_alloc(); }
  };
};

TEST_F(Scan, AnImageExtractorThatFailsEndsItselfAndNotTheScan) {
  shell("echo x > plain.txt && tar cf t.tar plain.txt");
  BrokenRowsSink sink;
  const ScanResult result = scan_file("t.tar", Budget{}, sink);
  EXPECT_GT(std::ranges::count(sink.problems, Code::internal, [](const Problem& p) { return p.error.code; }), 3);
  EXPECT_GT(result.data_loss, 3u);
}

// A list beside the input, of which each row is one that the input does not hold.
TEST_F(Scan, ListsBesideAnInputEndAtTheBudgetAndSaySo) {
  shell("echo x > a.txt && tar cf one.tar a.txt && { echo path; for i in $(seq 1 50); do printf 'f%d\\t1\\t\\n' $i; done; } > one.LISTED.tsv");
  Budget budget;
  budget.artifacts = 20;
  CountingSink sink;
  scan_file("one.tar", budget, sink);
  EXPECT_EQ(sink.artifacts, 20u);
  EXPECT_EQ(over_budget(sink), 1u);
}

TEST_F(Scan, EachInputSaysThatItsTreeIsCut) {
  shell("mkdir d && for i in $(seq 1 30); do echo $i > d/$i; done && tar cf one.tar d && echo more > d/31 && tar cf two.tar d");
  ScanOptions options;
  for (const char* name : {"one.tar", "two.tar"}) options.inputs.push_back({path(name), ""});
  options.budget.artifacts = 10;
  CountingSink sink;
  ScanProgress progress;
  ASSERT_TRUE(scan(options, sink, progress));
  EXPECT_EQ(over_budget(sink), 2u);
}

TEST_F(Scan, OddLinesOfAListAreCountedBeyondTheFirst) {
  shell("echo x > a.txt && tar cf one.tar a.txt && { echo path; for i in $(seq 1 40); do echo broken; printf 'same\\t%d\\t\\n' $i; done; } > one.LISTED.tsv");
  CountingSink sink;
  scan_file("one.tar", Budget{}, sink);
  const auto count = [&](Code code) { return std::ranges::count(sink.problems, code, [](const Problem& p) { return p.error.code; }); };
  EXPECT_EQ(count(Code::bad_value), 17);
  EXPECT_EQ(count(Code::conflict), 17);
  EXPECT_TRUE(std::ranges::any_of(sink.problems, [](const Problem& p) { return p.detail == "24 lines"; }));
  EXPECT_TRUE(std::ranges::any_of(sink.problems, [](const Problem& p) { return p.detail == "23 lines"; }));   // the first is the one that counts
}

TEST_F(Scan, AListThatCannotBeReadIsSaid) {
  shell("echo x > a.txt && tar cf one.tar a.txt && truncate -s 65M one.LISTED.tsv");
  CountingSink sink;
  EXPECT_EQ(scan_file("one.tar", Budget{}, sink).data_loss, 1u);
  EXPECT_EQ(over_budget(sink), 1u);
}

TEST_F(Scan, WhatTheOldBuildCouldNotGiveIsSaidOfWhatUsedIt) {
  const std::string call = "apply_patch(\"/system/a\", \"-\", " + test::sha1_of("new") + ", 3, " + test::sha1_of("old") + ", package_extract_file(\"p\"));\n";
  const auto zip = test::write_zip({{.name = "META-INF/com/google/android/updater-script", .data = call}, {.name = "p", .data = test::bsdiff("old", "new")}});
  std::ofstream(path("ota.zip"), std::ios::binary) << Bytes(zip).text();
  shell("mkdir -p base/system && printf old > base/system/a && head -c 99999 /dev/urandom | gzip > base/vendor.img.gz && truncate -s 50000 base/vendor.img.gz && printf hidden > base/hidden.txt && chmod 0 base/hidden.txt && chmod 755 . && chmod 644 ota.zip");
  ScanOptions options;
  options.inputs = {{path("ota.zip"), ""}};
  options.base = path("base");
  CountingSink sink;
  ScanProgress progress;
  {
    const test::AsNobody nobody;
    ASSERT_TRUE(scan(options, sink, progress));
  }
  EXPECT_EQ(sink.states["system/a"], "read");
  const auto said = [&](std::string_view what) { return std::ranges::find_if(sink.problems, [&](const Problem& p) { return p.error.what == what; }); };
  const auto part = said("a part of the old build could not be read");
  ASSERT_NE(part, sink.problems.end());
  EXPECT_TRUE(part->detail.starts_with("vendor.img.gz: ")) << part->detail;
  const auto digest = said("the old build could not be read whole, so its digest is not over all of it");
  ASSERT_NE(digest, sink.problems.end());
  EXPECT_EQ(digest->detail, "1 file, the first hidden.txt");
  EXPECT_EQ(digest->severity, ProblemSeverity::data_loss);
}

TEST_F(Scan, AMissingInputIsAnError) {
  ScanOptions options;
  options.inputs = {{"/nowhere/phone.zip", ""}};
  CountingSink sink;
  ScanProgress progress;
  EXPECT_FALSE(scan(options, sink, progress));
}

}  // namespace
}  // namespace klik
