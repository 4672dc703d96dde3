// A capture of any size out of small ones: all their packets of IP, again and again, each time from and to other addresses, so that
// no reader takes two copies for one connection. Written as pcap of raw IP (link type 101).
//   traffic_mix OUT.pcap BYTES CAPTURE...
// Connection ids of QUIC stay as they are, since its keys follow from them: a reader that goes by ids alone merges copies.
// links: klik_traffic
#include <array>
#include <cstdio>
#include <cstdlib>
#include <vector>

#include "formats/net/link.h"
#include "io/source.h"

using namespace klik;

namespace {

struct Kept {
  std::int64_t time_ns;
  std::uint32_t wire;
  std::vector<std::uint8_t> ip;
};

class Gather final : public net::CaptureSink {
 public:
  void frame(const net::CapturedFrame& f) override {
    const net::Peeled p = net::peel_link(f.link_type, f.data);
    if (p.what != net::Carried::ip || p.bytes.size() < 20) return;
    kept.push_back({f.time_ns, f.wire_length - static_cast<std::uint32_t>(f.data.size() - p.bytes.size()), {p.bytes.begin(), p.bytes.end()}});
  }
  std::vector<Kept> kept;
};

void put32(std::vector<std::uint8_t>& out, std::uint32_t v) {
  for (int i = 0; i < 4; ++i) out.push_back(static_cast<std::uint8_t>(v >> (8 * i)));
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 4) return 2;
  Gather all;
  for (int i = 3; i < argc; ++i) {
    const auto source = file_source(argv[i]);
    if (!source) return 1;
    const auto bytes = (*source)->load();
    if (!bytes) return 1;
    net::CaptureParser parser(all);
    (void)parser.feed(bytes->bytes(), 0, true);
  }
  std::FILE* out = std::fopen(argv[1], "wb");
  if (!out || all.kept.empty()) return 1;
  const std::uint64_t wanted = std::strtoull(argv[2], nullptr, 10);
  std::vector<std::uint8_t> buffer{0xd4, 0xc3, 0xb2, 0xa1, 2, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 4, 0, 101, 0, 0, 0};
  std::uint64_t written = 0, packets = 0;
  std::uint32_t copy = 0;
  for (; written < wanted; ++copy) {
    for (Kept& k : all.kept) {
      const bool four = k.ip[0] >> 4 == 4;
      // The copy's number goes into the middle of both addresses.
      std::vector<std::uint8_t> ip = k.ip;
      const std::array<std::size_t, 2> middles = four ? std::array<std::size_t, 2>{13, 17} : std::array<std::size_t, 2>{12, 28};
      for (const std::size_t at : middles)
        if (ip.size() > at + 1) ip[at] ^= static_cast<std::uint8_t>(copy), ip[at + 1] ^= static_cast<std::uint8_t>(copy >> 8);
      put32(buffer, static_cast<std::uint32_t>(k.time_ns / 1'000'000'000));
      put32(buffer, static_cast<std::uint32_t>(k.time_ns / 1000 % 1'000'000));
      put32(buffer, static_cast<std::uint32_t>(ip.size()));
      put32(buffer, k.wire);
      buffer.insert(buffer.end(), ip.begin(), ip.end());
      ++packets;
    }
    written += buffer.size();
    if (std::fwrite(buffer.data(), 1, buffer.size(), out) != buffer.size()) return 1;
    buffer.clear();
  }
  std::printf("%u copies, %llu packets, %.1f MB, %.0f bytes a packet\n", copy, static_cast<unsigned long long>(packets), static_cast<double>(written) / 1e6, static_cast<double>(written) / static_cast<double>(packets));
  return std::fclose(out);
}
