#include "engine/scan.h"

#include <algorithm>
#include <filesystem>
#include <map>
#include <numeric>

#include "engine/reopen.h"
#include "engine/unfold.h"
#include "engine/walk.h"

namespace klik {
namespace {

constexpr std::uint64_t kListLimit = std::uint64_t{64} << 20;

// What identifies an input: its bytes. An unreadable one still has its size.
Sha256Digest digest_of(const Edge& root) {
  return root.blob ? root.blob->sha256() : sha256(Bytes::of("unreadable " + std::to_string(root.size)));
}

// `base`: of the old build that updates were applied to, null when there is none.
BlobId digest_of_build(std::vector<Sha256Digest> inputs, const Sha256Digest* base) {
  std::ranges::sort(inputs);
  Hasher hasher;
  hasher.update(Bytes::of("klikspaan build 1\n"));
  for (const Sha256Digest& d : inputs) hasher.update(as_bytes(d));
  if (base) {
    hasher.update(Bytes::of("applied to\n"));
    hasher.update(as_bytes(*base));
  }
  return BlobId(hasher.finish_sha256());
}

// A list beside the input, when there is one.
void take_list(UnfoldedInput& in) {
  const std::string path = listed_path(in.location);
  std::error_code ec;
  if (!std::filesystem::is_regular_file(path, ec)) return;
  const auto read = [&]() -> Result<Blob> {
    KLIK_TRY(const SourceRef list, file_source(path.c_str()));
    if (list->size() > kListLimit) return fail(Code::over_budget, kListLimit, "the list beside the input is larger than its budget");
    return list->load();
  };
  const auto text = read();
  if (!text) {
    in.list_unread = text.error().code == Code::over_budget ? text.error() : fail(text.error().code, text.error().at, "the list beside the input cannot be read").error();
    return;
  }
  in.list = parse_listed(text->bytes());
  in.list_blob = BlobId(sha256(text->bytes()));
}

// Hands facts on in batches: a capture of hours may have millions.
class BuildSink final : public FactSink {
 public:
  BuildSink(CaseSink& to, std::uint32_t build) : to_(to), build_(build) {}
  void fact(Fact fact) override {
    facts_.push_back(std::move(fact));
    if (facts_.size() >= kBatch) hand_on();
  }
  void problem(Problem problem) override {
    lost_ += problem.severity == ProblemSeverity::data_loss;
    problems_.push_back(std::move(problem));
    if (problems_.size() >= kBatch) hand_on();
  }
  std::uint64_t lost() const { return lost_; }
  void finish() { hand_on(); }

 private:
  static constexpr std::size_t kBatch = 256;   // of about a kilobyte each: what was just made is still in the processor's cache when it is taken
  void hand_on() { to_.add_build_facts(build_, std::exchange(facts_, {}), std::exchange(problems_, {})); }
  CaseSink& to_;
  std::uint32_t build_;
  std::vector<Fact> facts_;
  std::vector<Problem> problems_;
  std::uint64_t lost_ = 0;
};

}  // namespace

Result<ScanResult> scan(const ScanOptions& options, CaseSink& sink, ScanProgress& progress) {
  Walk walk(options, sink, progress);
  KLIK_CHECK(walk.run());

  // Builds are numbered by content, so that the order on the command line does not matter. Inputs without
  // a label belong together.
  std::map<std::string, std::vector<std::size_t>> by_label;
  for (std::size_t i = 0; i < options.inputs.size(); ++i) by_label[options.inputs[i].build_label].push_back(i);
  struct Build {
    BlobId digest;
    std::string label;
    std::vector<std::size_t> inputs;
  };
  std::vector<Build> builds;
  for (auto& [label, members] : by_label) {
    std::ranges::sort(members, {}, [&](std::size_t i) { return std::pair(digest_of(walk.roots()[i]), walk.roots()[i].name); });
    std::vector<Sha256Digest> digests;
    for (const std::size_t i : members) digests.push_back(digest_of(walk.roots()[i]));
    builds.push_back({digest_of_build(digests, walk.base() ? &walk.base_digest() : nullptr), label, members});
  }
  std::ranges::sort(builds, {}, [](const Build& b) { return std::pair(b.digest.sha256(), b.label); });

  std::vector<UnfoldedInput> inputs;
  for (std::uint32_t number = 1; const Build& build : builds) {
    sink.add_build({number, build.digest, build.label});
    if (const OldBuild* base = walk.base()) sink.add_base({number, base->name(), base->location(), base->size(), BlobId(walk.base_digest())});
    for (const std::size_t i : build.inputs) {
      std::error_code ec;
      UnfoldedInput in{&walk.roots()[i], number, walk.roots()[i].name, std::filesystem::absolute(options.inputs[i].path, ec).string(), {}, {}};
      take_list(in);
      inputs.push_back(std::move(in));
    }
    ++number;
  }
  ScanResult result = unfold(inputs, options.budget, sink);
  result.spilled = walk.spilled();
  result.complete = walk.complete();

  for (std::uint32_t number = 1; number <= builds.size(); ++number) {
    const auto open = [&](std::string_view path, const BlobId& blob) -> SourceRef {
      if (SourceRef kept = walk.images().find(blob)) return kept;
      for (const std::size_t i : builds[number - 1].inputs) {
        std::vector<std::string> parts;
        if (!parts_of(walk.roots()[i], path, blob, parts)) continue;
        std::error_code ec;
        auto again = reopen({.location = std::filesystem::absolute(options.inputs[i].path, ec).string(), .parts = std::move(parts), .keys = options.keys, .budget = options.budget, .base = walk.base(), .expected = blob.sha256()}, walk.scratch());
        if (again) return *std::move(again);
      }
      return nullptr;
    };
    for (const ImageExtractor* e : image_extractors()) {
      BuildSink found(sink, number);
      const std::unique_ptr<BuildRows> rows = sink.rows_of(number);
      const std::uint64_t failures = walk.pool().failures();
      bool whole = true;
      try {
        e->run({.rows = *rows, .pool = walk.pool(), .budget = options.budget, .lists = options.lists, .open = open, .kept = walk.recall().store(), .networks = options.networks, .owner = &options.owner}, found);
      } catch (const std::exception&) {
        whole = false;
        walk.pool().wait_idle();
      }
      if (!whole || walk.pool().failures() > failures) {
        found.problem({fail(Code::internal, 0, "an extractor failed inside klikspaan").error(), ProblemSeverity::data_loss, std::string(e->name), {}});
      }
      result.data_loss += found.lost();
      found.finish();
    }
  }
  result.cache_warning = walk.recall().finish();
  if (walk.recall().on()) result.cache = walk.recall().store()->statistics();
  return result;
}

}  // namespace klik
