// One packet of IP, taken out of whatever the capture wraps it in.
#pragma once

#include <cstdint>
#include <string_view>

#include "traffic/connection.h"

namespace klik::traffic {

// What the capture says of who sent it.
enum class Sent : std::uint8_t { unknown, by_phone, to_phone };

namespace tcp_flag {
constexpr std::uint8_t fin = 1, syn = 2, rst = 4, psh = 8, ack = 16;
}

struct Packet {
  Origin frame;                  // the frame's bytes in the capture file
  std::int64_t time_ns = 0;      // since 1970-01-01 UTC; 0 when the capture has no time
  std::uint32_t interface = 0;
  Sent sent = Sent::unknown;
  Endpoint from, to;             // ports are 0 for protocols without them
  std::uint8_t protocol = 0;     // of IP: 6 TCP, 17 UDP, 1 and 58 ICMP, …
  std::uint32_t sequence = 0, acknowledged = 0;   // of TCP
  std::uint8_t flags = 0;        // of TCP: tcp_flag
  // What the transport carries, bounded by IP's lengths, not by the frame's. Valid during the call only.
  Bytes payload;
  std::uint64_t payload_at = 0;  // in the capture file; of a packet that came in fragments: in its first one
  std::uint32_t cut = 0;         // bytes that followed the payload on the wire and that the capture left out
  std::string_view app;          // that the capturing program names for this frame: "uid 10123 Browser"; "" when none
  std::string_view comment;      // the frame's comment; "" when none
};

// What a capture holds beside packets of IP, and what could not be read, counted. Every frame counts once.
struct FrameCounts {
  std::uint64_t frames = 0, bytes = 0;      // all, bytes as in the file
  std::uint64_t not_ip = 0;                 // ARP, EAPOL, LLDP, …
  std::uint64_t protected_frames = 0;       // 802.11 frames under link encryption
  std::uint64_t damaged = 0;                // whose own lengths contradict each other
  std::uint64_t unsupported_link = 0;       // of a link type that is not read
  std::uint64_t fragments = 0, fragments_lost = 0;
  std::uint64_t cut_frames = 0, cut_bytes = 0;   // by the snap length
  std::uint64_t dropped = 0;                // that the capturing system says it lost
};

}  // namespace klik::traffic
