// What a capture would have seen of made connections: packets with headers of their own, in segments that come out of order, twice,
// overlapping, or after the ones behind them, as on a real path.
#pragma once

#include <cstdint>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "tap.h"

namespace made {

enum class Way : std::uint8_t { up, down };   // up: from the phone
constexpr Way other(Way way) { return way == Way::up ? Way::down : Way::up; }
constexpr std::size_t index(Way way) { return way == Way::up ? 0 : 1; }

class Wire {
 public:
  // `tap`: is drained with every frame; may be null, must outlive this.
  Wire(std::uint64_t seed, Tap* tap) : random_(seed), tap_(tap) {}
  // Nanoseconds since 1970; every packet takes some.
  std::uint64_t now() const { return now_; }
  void wait(std::uint64_t nanoseconds) { now_ += nanoseconds; }
  void wait_until(std::uint64_t time) { now_ = std::max(now_, time); }

  void frame(std::string_view ip_packet, bool v6);
  const std::string& records() const { return records_; }   // of a pcap file with nanoseconds, Ethernet
  std::size_t packets() const { return packets_; }
  std::mt19937_64& random() { return random_; }

 private:
  std::mt19937_64 random_;
  std::uint64_t now_ = 1'735'689'600'000'000'000;
  std::string records_;
  Tap* tap_;
  std::size_t packets_ = 0;
};

// One connection's addresses: IPv4 from the documentation ranges of RFC 5737, IPv6 from RFC 3849.
struct Flow {
  std::uint32_t number;   // of the connection
  std::uint16_t port;     // of the server
  bool v6;
};

class TcpWire {
 public:
  TcpWire(Wire& wire, Flow flow);            // with the three packets that open it
  void sent(Way way, std::string_view bytes);
  void close();

 private:
  void packet(Way way, std::uint32_t sequence, std::uint8_t flags, std::string_view payload);
  Wire& wire_;
  Flow flow_;
  std::uint32_t next_[2];                    // of either way
};

void udp_packet(Wire& wire, const Flow& flow, Way way, std::string_view payload);

}  // namespace made
