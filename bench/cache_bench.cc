// Where the time of a scan goes, and what the cache of facts saves of it. Process CPU of each stage of one scan, and beside it
// the floor: everything inside the input decoded and hashed once, and nothing asked of it.
//   cache_bench INPUT [--threads N] [--cache FOLDER] [--work FOLDER] [--floor]
// links: klik_cli
#include <time.h>

#include <chrono>
#include <cstdio>
#include <cstring>
#include <map>
#include <set>

#include "base/text.h"
#include "cli/case_access.h"
#include "containers/container.h"
#include "engine/scan.h"
#include "extract/extractor.h"
#include "ledger/case_writer.h"

using namespace klik;

namespace {

double clock_of(clockid_t which) {
  timespec t{};
  clock_gettime(which, &t);
  return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_nsec) / 1e9;
}
double cpu() { return clock_of(CLOCK_PROCESS_CPUTIME_ID); }
double wall() { return clock_of(CLOCK_MONOTONIC); }

// Notes the CPU spent when the scan passes from stage to stage; the rows go on to the case.
class TimedSink final : public CaseSink {
 public:
  explicit TimedSink(CaseSink& to) : to_(to) {}
  void add_facts(std::vector<Fact> facts) override {
    const double before = clock_of(CLOCK_THREAD_CPUTIME_ID);
    to_.add_facts(std::move(facts));
    const double spent = clock_of(CLOCK_THREAD_CPUTIME_ID) - before;
    double seen = staging.load();
    while (!staging.compare_exchange_weak(seen, seen + spent)) {}
  }
  void add_build(const BuildRecord& build) override {
    if (walked == 0) walked = cpu(), walked_wall = wall();
    to_.add_build(build);
  }
  void add_artifact(const ArtifactRecord& a) override { to_.add_artifact(a); }
  void add_input(const InputRecord& in) override { to_.add_input(in); }
  void add_base(const BaseRecord& base) override { to_.add_base(base); }
  void add_problem(const ProblemRecord& p) override { to_.add_problem(p); }
  std::unique_ptr<BuildRows> rows_of(std::uint32_t build) override {
    if (unfolded == 0) unfolded = cpu();
    started_ = cpu();
    ++next_;
    return to_.rows_of(build);
  }
  void add_build_facts(std::uint32_t build, std::vector<Fact> facts, std::vector<Problem> problems) override {
    images[std::string(image_extractors()[(next_ - 1) % image_extractors().size()]->name)] += cpu() - started_;
    const double before = cpu();
    to_.add_build_facts(build, std::move(facts), std::move(problems));
    build_staging += cpu() - before;
    started_ = cpu();   // facts come in batches
  }

  std::atomic<double> staging = 0;
  double walked = 0, walked_wall = 0, unfolded = 0, build_staging = 0;
  std::map<std::string, double> images;

 private:
  CaseSink& to_;
  double started_ = 0;
  std::size_t next_ = 0;
};

// Opens what can be opened and reads every byte of every child once; equal bytes are opened once, as in a scan.
class Floor {
 public:
  explicit Floor(unsigned threads) : pool_(threads) {}
  void run(const std::string& path) {
    auto source = file_source(path.c_str());
    if (source) visit(*source, text::last_part(path), 0, nullptr);
    pool_.wait_idle();
  }
  std::atomic<std::uint64_t> bytes = 0;

 private:
  struct Held {
    Contents contents;
    std::shared_ptr<Held> parent;
  };
  void visit(SourceRef source, std::string_view name, unsigned depth, const std::shared_ptr<Held>& holder) {
    Hasher hasher;
    if (source->size() <= (32u << 20)) {
      auto blob = source->load();
      if (!blob) return;
      hasher.update(blob->bytes());
      source = memory_source(std::move(*blob));
    } else {
      std::vector<std::uint8_t> chunk(1u << 20);
      for (std::uint64_t at = 0; at < source->size(); at += chunk.size()) {
        const MutableBytes part(chunk.data(), std::min<std::uint64_t>(chunk.size(), source->size() - at));
        source->will_need(at, 64u << 20);
        if (!source->read(at, part)) return;
        hasher.update(Bytes(part));
      }
    }
    bytes += source->size();
    const Sha256Digest digest = hasher.finish_sha256();
    const Container* container = source->size() && depth < budget_.depth ? detect(*source, name) : nullptr;
    if (!container) return;
    {
      const std::lock_guard lock(mutex_);
      if (!container->uses_siblings && !seen_.insert({digest, std::string(name)}).second) return;
    }
    OpenContext context{.budget = budget_, .scratch = scratch_, .pool = &pool_, .name = name, .keys = {}};
    auto contents = container->open(source, context);
    if (!contents) return;
    auto held = std::make_shared<Held>(std::move(*contents), holder);
    for (Child& c : held->contents.children) {
      if (!c.source) continue;
      pool_.add([this, s = std::move(c.source), n = std::string(text::last_part(c.name)), depth, held]() mutable { visit(std::move(s), n, depth + 1, held); });
    }
  }

  Budget budget_;
  Scratch scratch_;
  std::mutex mutex_;
  std::set<std::pair<Sha256Digest, std::string>> seen_;
  Pool pool_;
};

}  // namespace

int main(int argc, char** argv) {
  ScanOptions options;
  std::string work = "/var/tmp";
  bool floor = false, all = false;
  for (int i = 1; i < argc; ++i) {
    const std::string_view a = argv[i];
    const auto value = [&]() -> const char* { return i + 1 < argc ? argv[++i] : ""; };
    if (a == "--threads") options.threads = static_cast<unsigned>(std::atoi(value()));
    else if (a == "--work") work = value();
    else if (a == "--cache") options.cache_folder = value();
    else if (a == "--floor") floor = true;
    else if (a == "--all") all = true;
    else options.inputs.push_back({std::string(a), ""});
  }
  if (options.inputs.empty()) {
    std::fprintf(stderr, "cache_bench INPUT [--threads N] [--work FOLDER] [--floor] [--all]\n");
    return 2;
  }
  if (floor) {
    Floor run(options.threads);
    const double c = cpu(), w = wall();
    for (const ScanInput& in : options.inputs) run.run(in.path);
    std::printf("floor_cpu %.3f\nfloor_wall %.3f\nfloor_mb %.1f\n", cpu() - c, wall() - w, static_cast<double>(run.bytes) / 1e6);
    return 0;
  }
  const std::string path = work + "/cache_bench.case";
  CaseWriter writer(path, cli::all_declarations());
  TimedSink sink(writer);
  ScanProgress progress;
  const double c = cpu(), w = wall();
  const auto result = scan(options, sink, progress);
  if (!result) return 1;
  const double scanned = cpu(), scanned_wall = wall();
  if (!writer.publish(true)) return 1;
  double images = 0;
  for (const auto& [name, spent] : sink.images) images += spent;
  std::printf("walk_cpu %.3f\nstaging_cpu %.3f\nunfold_cpu %.3f\nimage_cpu %.3f\nimage_staging_cpu %.3f\npublish_cpu %.3f\n", sink.walked - c - sink.staging, sink.staging.load(), sink.unfolded - sink.walked, images,
              sink.build_staging, cpu() - scanned);
  std::printf("walk_wall %.3f\nscan_wall %.3f\nwhole_wall %.3f\nwhole_cpu %.3f\ndigest %s\n", sink.walked_wall - w, scanned_wall - w, wall() - w, cpu() - c, writer.digest().c_str());
  std::printf("found %llu\nmissed %llu\nadded %llu\nadded_mb %.2f\n", static_cast<unsigned long long>(result->cache.found), static_cast<unsigned long long>(result->cache.missed),
              static_cast<unsigned long long>(result->cache.added), static_cast<double>(result->cache.bytes_added) / 1e6);
  if (!result->cache_warning.empty()) std::printf("warning %s\n", result->cache_warning.c_str());
  if (all)
    for (const auto& [name, spent] : sink.images) std::printf("  image %-22s %.3f\n", name.c_str(), spent);
  return 0;
}
