// One packet of IPv4 or IPv6, bounded by its own lengths. Sources: RFC 791; RFC 8200 (extension headers §4), RFC 4302 (AH).
#pragma once

#include <array>
#include <cstdint>

#include "base/bytes.h"

namespace klik::net {

struct IpPacket {
  // IPv4 in its mapped form, ::ffff:a.b.c.d.
  std::array<std::uint8_t, 16> from{}, to{};
  Bytes payload;                 // what the transport has, as far as it was captured
  std::uint64_t end = 0;         // of the packet in the bytes given, as far as captured
  std::uint32_t cut = 0;         // bytes of the payload that the lengths promise and the capture lacks
  std::uint8_t version = 4;
  std::uint8_t protocol = 0;     // behind all extension headers; 59: nothing follows

  // Of a part of a larger packet; `protocol` and `payload` are the part's own, extension headers inside it not yet taken off.
  bool fragment = false;
  bool more_fragments = false;
  std::uint32_t fragment_id = 0;
  std::uint32_t fragment_offset = 0;   // bytes
};

// A total length of 0 is that of a packet that a network card was to divide: it then goes on to the end of the bytes.
// Errors: truncated (headers not whole), bad_value (no version of IP, lengths below the header's own).
Result<IpPacket> read_ip(Bytes bytes);

// Takes extension headers of IPv6, and authentication headers, off `payload` from header `protocol` on; returns the one behind.
// Errors: truncated.
Result<std::uint8_t> skip_extensions(std::uint8_t protocol, Bytes& payload);

}  // namespace klik::net
