// Real captures, and the hostile ones of tcpdump's tests: read without a fault, with as many frames and packets as tshark sees.
// capture_counts.tsv holds tshark 4.0.17's word for each file: frames, frames with TCP, frames with UDP (after fragments were put
// together). Where we differ on purpose, a second word of ours stands behind, with the reason.
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "support/evidence.h"
#include "traffic/capture_reader.h"

namespace klik::traffic {
namespace {

struct Read {
  FrameCounts counts;
  std::uint64_t tcp = 0, udp = 0, payload = 0;
};

Read read(const Source& source, const std::string& name) {
  Read out;
  CaptureVisitor visitor;
  visitor.packet = [&](const Packet& p) {
    out.tcp += p.protocol == 6;
    out.udp += p.protocol == 17;
    out.payload += p.payload.size();
    EXPECT_GE(p.payload_at, p.frame.at) << name;
    EXPECT_LE(p.payload_at, source.size()) << name;
  };
  const auto counts = read_capture(source, visitor);
  EXPECT_TRUE(counts) << name;
  if (counts) out.counts = *counts;
  return out;
}

TEST(CaptureEvidence, HoldsTheFramesAndPacketsThatTsharkSees) {
  KLIK_NEEDS_EVIDENCE();
  const std::string folder = test::evidence() + "/traffic/";
  if (!std::filesystem::exists(folder)) GTEST_SKIP() << "the evidence holds no captures";
  std::ifstream table(KLIK_SOURCE_DIR "/tests/traffic/capture_counts.tsv");
  unsigned files = 0;
  for (std::string line; std::getline(table, line);) {
    if (line.empty() || line[0] == '#') continue;
    std::istringstream fields(line);
    std::string name;
    std::uint64_t frames = 0, tcp = 0, udp = 0, our_tcp = 0, our_udp = 0;
    fields >> name >> frames >> tcp >> udp;
    if (fields >> our_tcp >> our_udp) tcp = our_tcp, udp = our_udp;
    if (!std::filesystem::exists(folder + name)) continue;
    const auto source = file_source((folder + name).c_str());
    ASSERT_TRUE(source) << name;
    const Read ours = read(**source, name);
    EXPECT_EQ(ours.counts.frames, frames) << name;
    EXPECT_EQ(ours.tcp, tcp) << name;
    EXPECT_EQ(ours.udp, udp) << name;
    auto loaded = (*source)->load();   // the same bytes in memory: read in one window
    ASSERT_TRUE(loaded) << name;
    const Read again = read(*memory_source(std::move(*loaded)), name);
    EXPECT_EQ(again.counts.frames, ours.counts.frames) << name;
    EXPECT_EQ(again.counts.damaged, ours.counts.damaged) << name;
    EXPECT_EQ(again.payload, ours.payload) << name;
    ++files;
  }
  EXPECT_GT(files, 90u);
}

TEST(CaptureEvidence, SecretsAreFoundWhereverTheyStand) {
  KLIK_NEEDS_EVIDENCE();
  const std::string folder = test::evidence() + "/traffic/tls-keys/";
  if (!std::filesystem::exists(folder)) GTEST_SKIP() << "the evidence holds no captures";
  for (const auto& [name, least] : std::vector<std::pair<std::string, std::size_t>>{{"quic-with-secrets.pcapng", 4}, {"tls12-dsb.pcapng", 1}, {"http-ooo.pcap", 0}}) {
    const auto source = file_source((folder + name).c_str());
    ASSERT_TRUE(source) << name;
    Secrets secrets;
    const auto found = collect_secrets(**source, secrets);
    ASSERT_TRUE(found) << name;
    EXPECT_GE(*found, least) << name;
    EXPECT_EQ(secrets.empty(), least == 0) << name;
  }
}

}  // namespace
}  // namespace klik::traffic
