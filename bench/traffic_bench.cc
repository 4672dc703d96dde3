// What reading a capture costs without writing anything down: CPU of frames alone, and of all readers.
//   traffic_bench CAPTURE [ROUNDS]
// links: klik_traffic
#include <time.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>

#include "traffic/analysis.h"
#include "traffic/capture_reader.h"

using namespace klik;
using namespace klik::traffic;

namespace {

double cpu() {
  timespec t{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
  return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_nsec) / 1e9;
}

struct Nobody final : EventSink {
  void lookup(const Connection&, Lookup) override { ++events; }
  void hello(const Connection&, Hello) override { ++events; }
  void certificate(const Connection&, Certificate) override { ++events; }
  std::uint64_t message(const Connection&, Message) override { return ++events; }
  void content(const Connection&, const Content&) override {}
  void unknown(const Connection&, Unknown) override { ++events; }
  bool wants_content() const override { return false; }
  void connection(const Connection&) override { ++connections; }
  void problem(const Error&, Severity, std::string) override { ++events; }
  std::uint64_t events = 0, connections = 0;
};

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) return 2;
  const auto source = file_source(argv[1]);
  if (!source) return 1;
  const double mb = static_cast<double>((*source)->size()) / 1e6;
  const int rounds = argc > 2 ? std::atoi(argv[2]) : 3;
  double frames = 1e9, all = 1e9;
  std::uint64_t packets = 0;
  Nobody nobody;
  for (int i = 0; i < rounds; ++i) {
    packets = 0;
    double start = cpu();
    CaptureVisitor visitor;
    visitor.packet = [&](const Packet&) { ++packets; };
    if (!read_capture(**source, visitor)) return 1;
    frames = std::min(frames, cpu() - start);
    nobody = {};
    start = cpu();
    if (!analyse_capture(*source, {}, {}, nobody)) return 1;
    all = std::min(all, cpu() - start);
  }
  std::printf("%.1f MB, %llu packets, %llu connections, %llu events\n", mb, static_cast<unsigned long long>(packets), static_cast<unsigned long long>(nobody.connections), static_cast<unsigned long long>(nobody.events));
  std::printf("frames      %6.0f MB/CPU-s  %5.0f ns a packet\nall readers %6.0f MB/CPU-s  %5.0f ns a packet\n", mb / frames, 1e9 * frames / static_cast<double>(packets), mb / all, 1e9 * all / static_cast<double>(packets));
}
