// The walk against input that wants to cost more than it is worth.
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <fstream>
#include <map>

#include "engine/scan.h"
#include "support/files.h"

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
  void shell(const std::string& command) { ASSERT_EQ(test::run("cd '" + folder_.path().string() + "' && (" + command + ") >/dev/null 2>&1").status, 0) << command; }
  ScanResult scan_file(const std::string& name, const Budget& budget, CountingSink& sink) {
    ScanOptions options;
    options.inputs = {{(folder_.path() / name).string(), ""}};
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

TEST_F(Scan, AMissingInputIsAnError) {
  ScanOptions options;
  options.inputs = {{"/nowhere/phone.zip", ""}};
  CountingSink sink;
  ScanProgress progress;
  EXPECT_FALSE(scan(options, sink, progress));
}

}  // namespace
}  // namespace klik
