// Real captures, and tshark's own hostile ones: read without a fault, with as many frames and packets as tshark counts.
#include <gtest/gtest.h>

#include <array>
#include <cstdio>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "support/evidence.h"
#include "traffic/capture_reader.h"

namespace klik::traffic {
namespace {

std::vector<std::string> captures() {
  std::vector<std::string> out;
  const auto folder = std::filesystem::path(test::evidence()) / "traffic";
  if (!std::filesystem::exists(folder)) return out;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder))
    if (entry.path().extension() == ".pcap" || entry.path().extension() == ".pcapng") out.push_back(entry.path().string());
  std::sort(out.begin(), out.end());
  return out;
}

std::string output_of(const std::string& command) {
  const std::unique_ptr<FILE, int (*)(FILE*)> pipe(popen((command + " 2>/dev/null").c_str(), "r"), pclose);
  std::string out;
  std::array<char, 4096> part{};
  while (pipe)
    if (const std::size_t n = std::fread(part.data(), 1, part.size(), pipe.get())) out.append(part.data(), n);
    else break;
  return out;
}

struct Read {
  FrameCounts counts;
  std::uint64_t tcp = 0, udp = 0, payload = 0;
  std::vector<std::string> problems;
};

Read read(const std::string& path, bool mapped = false) {
  Read out;
  auto source = file_source(path.c_str());
  EXPECT_TRUE(source) << path;
  if (mapped) {
    auto blob = (*source)->load();
    EXPECT_TRUE(blob);
    source = memory_source(std::move(*blob));
  }
  CaptureVisitor visitor;
  visitor.packet = [&](const Packet& p) {
    out.tcp += p.protocol == 6;
    out.udp += p.protocol == 17;
    out.payload += p.payload.size();
    // A packet's bytes lie in its frame, unless fragments brought them.
    EXPECT_GE(p.payload_at, p.frame.at);
  };
  visitor.problem = [&](const Error& error, EventSink::Severity) { out.problems.push_back(std::to_string(error.at) + ": " + error.what); };
  const auto counts = read_capture(**source, visitor);
  EXPECT_TRUE(counts) << path;
  if (counts) out.counts = *counts;
  return out;
}

TEST(CaptureEvidence, HoldsAsManyFramesAsTsharkCounts) {
  KLIK_NEEDS_EVIDENCE();
  if (output_of("command -v tshark").empty()) GTEST_SKIP() << "tshark, the judge, is not installed";
  unsigned files = 0;
  for (const std::string& path : captures()) {
    const std::string fields = output_of("tshark -n -o ip.defragment:TRUE -r '" + path + "' -T fields -e frame.number");
    const auto frames = static_cast<std::uint64_t>(std::count(fields.begin(), fields.end(), '\n'));
    const Read ours = read(path);
    EXPECT_EQ(ours.counts.frames, frames) << path;
    const Read again = read(path, true);
    EXPECT_EQ(again.counts.frames, ours.counts.frames) << path;
    EXPECT_EQ(again.payload, ours.payload) << path;
    ++files;
  }
  EXPECT_GT(files, 50u);
}

TEST(CaptureEvidence, HoldsThePacketsThatTsharkSees) {
  KLIK_NEEDS_EVIDENCE();
  if (output_of("command -v tshark").empty()) GTEST_SKIP() << "tshark, the judge, is not installed";
  for (const std::string& path : captures()) {
    std::uint64_t tcp = 0, udp = 0;
    const std::string fields = output_of("tshark -n -r '" + path + "' -Y 'tcp || udp' -T fields -E occurrence=l -e tcp.port -e udp.port");
    for (std::size_t at = 0; at < fields.size();) {
      const std::size_t end = fields.find('\n', at);
      const std::string line = fields.substr(at, end - at);
      tcp += line.find('\t') != 0;
      udp += line.find('\t') == 0;
      at = end + 1;
    }
    const Read ours = read(path);
    EXPECT_EQ(ours.tcp, tcp) << path;
    EXPECT_EQ(ours.udp, udp) << path;
    for (const std::string& p : ours.problems) std::printf("%s: %s\n", path.c_str(), p.c_str());
  }
}

}  // namespace
}  // namespace klik::traffic
