// What writing a case costs: made facts go through the writer as a scan's would, without anything being read.
//   case_bench CASE FACTS [ROWS]
// Prints processor time per fact for taking and publishing, and the peak of memory. With ROWS the facts are read once as image
// extractors read them.
// links: klik_ledger
#include <sys/resource.h>

#include <cstdio>
#include <cstdlib>

#include "ledger/case_writer.h"

using namespace klik;

namespace {

constexpr Column kColumns[] = {
    {"number", ColumnType::integer, "", true}, {"host", ColumnType::text, "", true},          {"bytes_out", ColumnType::integer, ""}, {"bytes_in", ColumnType::integer, ""},
    {"started", ColumnType::text, ""},         {"closed", ColumnType::boolean, ""},           {"proto", ColumnType::text, ""},        {"note", ColumnType::text, "", false, true},
};
constexpr FactKind kKind{"bench.connection", "", kColumns};

double used_seconds() {
  rusage u{};
  getrusage(RUSAGE_SELF, &u);
  return static_cast<double>(u.ru_utime.tv_sec + u.ru_stime.tv_sec) + static_cast<double>(u.ru_utime.tv_usec + u.ru_stime.tv_usec) * 1e-6;
}
long peak_kib() {
  rusage u{};
  getrusage(RUSAGE_SELF, &u);
  return u.ru_maxrss;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3) return 2;
  const auto count = std::strtoll(argv[2], nullptr, 10);
  const BlobId capture(sha256(Bytes::of("capture"))), build(sha256(Bytes::of("build")));
  CaseWriter writer(argv[1], declarations({&kKind}, {}));
  const long before = peak_kib();
  double taking = 0;
  for (std::int64_t done = 0; done < count;) {
    std::vector<Fact> facts;
    for (; facts.size() < 4096 && done < count; ++done)
      facts.push_back({&kKind, capture, {done, "host" + std::to_string(done % 977) + ".example.org", done * 31, done * 1021, "2026-01-01T00:00:00Z", done % 2, "tls", Value()}, {{capture, static_cast<std::uint64_t>(done) * 64, 60}}, "bench@1"});
    const double made = used_seconds();
    writer.add_facts(std::move(facts));
    taking += used_seconds() - made;
  }
  writer.add_build({1, build, ""});
  ArtifactRecord a{};
  a.id = 1;
  a.build = 1;
  a.kind = "pcap";
  a.state = "read";
  a.transform = "stored";
  a.blob = capture;
  writer.add_artifact(a);
  double at = used_seconds();
  std::int64_t read = 0;
  if (argc > 3) writer.rows_of(1)->facts(kKind, [&](const FactRow&) { ++read; });
  const double reading = used_seconds() - at;
  const long taken_kib = peak_kib();
  at = used_seconds();
  if (!writer.publish()) {
    std::fprintf(stderr, "%s\n", writer.error().c_str());
    return 2;
  }
  const double publishing = used_seconds() - at, n = static_cast<double>(count) * 1e-6;
  std::printf("%lld facts: taking %.2f us, publishing %.2f us, reading %.2f us per fact; memory above the start %ld MiB, of which %ld for taking; digest %s\n", static_cast<long long>(count), taking / n, publishing / n,
              read ? reading / n : 0.0, (peak_kib() - before) / 1024, (taken_kib - before) / 1024, writer.digest().c_str());
  return 0;
}
