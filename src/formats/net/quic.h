// Headers of QUIC packets, and the versions whose first packets can be opened by anybody.
// Source: RFC 8999 (what all versions share), RFC 9000 §17 (version 1), RFC 9369 (version 2), RFC 9001 §5.2 and the drafts before it
// (salts); draft-ietf-quic-transport-22 … -34; the salts of Q050, T050 and T051: Chromium, net/third_party/quiche.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

#include "base/bytes.h"

namespace klik::quic {

constexpr std::size_t kLongestId = 20;              // of a connection id, in all versions of the table below
constexpr std::size_t kShortestFirstId = 8;         // that a client makes up for its first packet: RFC 9000 §7.2
constexpr std::size_t kSmallestFirstDatagram = 1200;   // RFC 9000 §14.1
constexpr std::uint32_t kV1 = 0x00000001, kV2 = 0x6b3343cf, kQ050 = 0x51303530;

struct Version {
  std::uint32_t number = 0;
  std::string_view name;                            // "v1", "v2", "draft-29", "mvfst", "Q050"
  std::array<std::uint8_t, 20> salt{};              // of the keys of Initial packets
  bool v2 = false;                                  // packet types rotated, key labels begin with "quicv2"
  bool google_frames = false;                       // Q050, T050, T051: frames are those of gQUIC
  bool google_crypto = false;                       // Q050: the handshake is gQUIC's
};

// Null for what is not in the table.
const Version* find_version(std::uint32_t number);
// A version that is asked for only to keep negotiation alive: 0x?a?a?a?a (RFC 9000 §15).
constexpr bool is_reserved_version(std::uint32_t number) { return (number & 0x0f0f0f0f) == 0x0a0a0a0a; }

enum class PacketType : std::uint8_t { initial, zero_rtt, handshake, retry, version_negotiation, other };   // other: of a version not known

constexpr bool is_long_header(std::uint8_t first) { return (first & 0x80) != 0; }
constexpr bool has_fixed_bit(std::uint8_t first) { return (first & 0x40) != 0; }

struct LongHeader {
  std::uint8_t first = 0;              // still masked, but for its three highest bits and the type
  std::uint32_t version = 0;
  PacketType type = PacketType::other;
  Bytes destination, source;           // connection ids: 0 … 20 bytes, up to 255 for `other` and version negotiation
  Bytes token;                         // of Initial, and of Retry (without its integrity tag)
  std::uint64_t number_at = 0;         // of the masked packet number; Initial, 0-RTT and Handshake only
  std::uint64_t size = 0;              // of the whole packet: the next one of the datagram starts there
};

// The first packet of `datagram`. Errors: truncated, bad_value (an id longer than its version allows, no room for a number).
// What has no length field reaches to the end: version negotiation, Retry, packets of versions not known.
Result<LongHeader> parse_long_header(Bytes datagram);

// All that a Version Negotiation packet offers. Errors: bad_value.
Result<std::vector<std::uint32_t>> offered_versions(Bytes datagram, const LongHeader& header);

// True when every packet of the datagram has a long header of a known version, at most followed by one with a short header, the ids
// agree, and the lengths fill it: what can be said without keys.
bool looks_whole(Bytes datagram);

// The number that stands for `truncated`, sent in `length` bytes (1 … 4), closest to the one that follows `largest` (RFC 9000 §A.3).
// `any`: whether a number was seen before.
std::uint64_t full_packet_number(bool any, std::uint64_t largest, std::uint64_t truncated, unsigned length);

}  // namespace klik::quic
