// Times reading a capture down to packets of IP, with nobody listening:
//   capture_bench [MEGABYTES] [FILE]
// Makes a pcap of Ethernet frames of 332 bytes on average (TCP and UDP, some IPv6) in memory, or reads FILE, three times each, and
// prints the best: packets, nanoseconds per packet and megabytes per second of this process's time.
// links: klik_traffic
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <vector>

#include "traffic/capture_reader.h"

namespace {

void be(std::vector<std::uint8_t>& out, std::uint64_t value, unsigned size) {
  while (size-- > 0) out.push_back(static_cast<std::uint8_t>(value >> (8 * size)));
}
void le(std::vector<std::uint8_t>& out, std::uint64_t value) {
  for (unsigned i = 0; i < 4; ++i) out.push_back(static_cast<std::uint8_t>(value >> (8 * i)));
}

std::vector<std::uint8_t> made_capture(std::size_t bytes) {
  std::vector<std::uint8_t> out;
  out.reserve(bytes + 4'096);
  le(out, 0xA1B2C3D4), le(out, 0x00040002), le(out, 0), le(out, 0), le(out, 65'535), le(out, 1);
  std::uint64_t random = 88'172'645'463'325'252ull;
  for (std::uint32_t i = 0; out.size() < bytes; ++i) {
    random ^= random << 13, random ^= random >> 7, random ^= random << 17;
    const bool v6 = i % 8 == 0, tcp = i % 4 != 1;
    const std::uint64_t payload = random % 10 < 8 ? random % 241 : 400 + random % 801, transport = tcp ? 20 : 8, ip = v6 ? 40 : 20;
    const std::uint64_t length = 14 + ip + transport + payload;
    le(out, 1'700'000'000 + i / 1'000), le(out, i % 1'000'000), le(out, length), le(out, length);
    out.resize(out.size() + 12);
    be(out, v6 ? 0x86DD : 0x0800, 2);
    if (v6) be(out, 0x60000000, 4), be(out, transport + payload, 2), be(out, tcp ? 6 : 17, 1), be(out, 64, 1), out.resize(out.size() + 32);
    else be(out, 0x4500, 2), be(out, ip + transport + payload, 2), be(out, i & 0xFFFF, 2), be(out, 0, 2), be(out, 64, 1), be(out, tcp ? 6 : 17, 1), be(out, 0, 2), be(out, 0x0A000000 + random % 256, 4), be(out, 0xC0000200 + i % 64, 4);
    if (tcp) be(out, 40'000, 2), be(out, 443, 2), be(out, i, 4), be(out, 1, 4), be(out, 0x5018, 2), be(out, 0, 6);
    else be(out, 40'000, 2), be(out, 443, 2), be(out, 8 + payload, 2), be(out, 0, 2);
    out.resize(out.size() + payload, static_cast<std::uint8_t>(random));
  }
  return out;
}

}  // namespace

int main(int argc, char** argv) {
  const std::size_t megabytes = argc > 1 ? std::strtoul(argv[1], nullptr, 10) : 300;
  klik::SourceRef source;
  if (argc > 2) {
    const auto opened = klik::file_source(argv[2]);
    if (!opened) return std::printf("%s\n", opened.error().what), 1;
    source = *opened;
  } else {
    source = klik::memory_source(made_capture(megabytes << 20));
  }
  double best = 1e9;
  std::uint64_t packets = 0, payload = 0;
  for (int round = 0; round < 3; ++round) {
    packets = payload = 0;
    klik::traffic::CaptureVisitor visitor;
    visitor.packet = [&](const klik::traffic::Packet& p) { ++packets, payload += p.payload.size(); };
    const std::clock_t start = std::clock();
    const auto counts = klik::traffic::read_capture(*source, visitor);
    best = std::min(best, static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC);
    if (!counts) return std::printf("%s\n", counts.error().what), 1;
  }
  const double size = static_cast<double>(source->size()), count = static_cast<double>(packets);
  std::printf("%llu packets, %.0f bytes each with their record header, payload %llu: %.1f ns a packet, %.0f MB/s\n", static_cast<unsigned long long>(packets), size / count,
              static_cast<unsigned long long>(payload), best * 1e9 / count, size / 1e6 / best);
  return 0;
}
