#include "formats/net/ip.h"

#include <algorithm>

namespace klik::net {
namespace {

struct Ipv4Header {
  std::uint8_t version_and_words, service;
  U16be total_length, id, fragment;
  std::uint8_t hops, protocol;
  U16be checksum;
  std::array<std::uint8_t, 4> from, to;
};
static_assert(sizeof(Ipv4Header) == 20);

struct Ipv6Header {
  U32be version_class_flow;
  U16be payload_length;
  std::uint8_t next, hops;
  std::array<std::uint8_t, 16> from, to;
};
static_assert(sizeof(Ipv6Header) == 40);

struct ExtensionHeader {
  std::uint8_t next, length;   // in units of eight bytes, not counting the first
};
static_assert(sizeof(ExtensionHeader) == 2);

struct FragmentHeader {
  std::uint8_t next, reserved;
  U16be offset_and_more;
  U32be id;
};
static_assert(sizeof(FragmentHeader) == 8);

enum Protocol : std::uint8_t { kHopByHop = 0, kRouting = 43, kFragment = 44, kAuthentication = 51, kNothing = 59, kDestination = 60, kMobility = 135, kHostIdentity = 139, kShim6 = 140 };

bool is_extension(std::uint8_t protocol) {
  return protocol == kHopByHop || protocol == kRouting || protocol == kAuthentication || protocol == kDestination || protocol == kMobility || protocol == kHostIdentity || protocol == kShim6;
}

// Bounds the payload that begins at `header` by the `promised` length of the whole.
void bound(IpPacket& out, Bytes bytes, std::uint64_t header, std::uint64_t promised) {
  out.end = std::min(promised, bytes.size());
  out.payload = Bytes(bytes.span().subspan(header, out.end - header));
  out.cut = static_cast<std::uint32_t>(promised - out.end);
}

Result<IpPacket> read_v4(Bytes bytes) {
  KLIK_TRY(const Ipv4Header* header, bytes.view<Ipv4Header>(0));
  const std::uint64_t length = (header->version_and_words & 0xFu) * 4;
  if (length < sizeof(Ipv4Header)) return fail(Code::bad_value, 0, "IPv4 header shorter than its fixed part");
  if (length > bytes.size()) return fail(Code::truncated, 0, "IPv4 options past the end");
  const std::uint64_t total = header->total_length == 0 ? bytes.size() : std::uint16_t{header->total_length};
  if (total < length) return fail(Code::bad_value, 2, "IPv4 total length below its header's");
  Result<IpPacket> result;
  IpPacket& out = *result;
  out.from[10] = out.from[11] = out.to[10] = out.to[11] = 0xFF;
  std::copy_n(header->from.begin(), 4, out.from.begin() + 12);
  std::copy_n(header->to.begin(), 4, out.to.begin() + 12);
  bound(out, bytes, length, total);
  out.protocol = header->protocol;
  const unsigned fragment = header->fragment;
  if ((fragment & 0x3FFF) != 0) {   // more fragments, or an offset
    out.fragment = true;
    out.more_fragments = fragment & 0x2000;
    out.fragment_offset = (fragment & 0x1FFF) * 8;
    out.fragment_id = std::uint16_t{header->id};
  } else if (out.protocol == kAuthentication) {
    KLIK_TRY(out.protocol, skip_extensions(out.protocol, out.payload));
  }
  return result;
}

Result<IpPacket> read_v6(Bytes bytes) {
  KLIK_TRY(const Ipv6Header* header, bytes.view<Ipv6Header>(0));
  Result<IpPacket> result;
  IpPacket& out = *result;
  out.version = 6;
  out.from = header->from;
  out.to = header->to;
  const std::uint64_t length = header->payload_length;
  bound(out, bytes, sizeof(Ipv6Header), length == 0 && header->next != kNothing ? bytes.size() : sizeof(Ipv6Header) + length);
  out.protocol = header->next;
  if (!is_extension(out.protocol) && out.protocol != kFragment) return result;
  KLIK_TRY(out.protocol, skip_extensions(out.protocol, out.payload));
  if (out.protocol != kFragment) return result;
  KLIK_TRY(const FragmentHeader* fragment, out.payload.view<FragmentHeader>(0));
  out.payload = Bytes(out.payload.span().subspan(sizeof(FragmentHeader)));
  out.protocol = fragment->next;
  out.more_fragments = fragment->offset_and_more & 1;
  out.fragment_offset = fragment->offset_and_more & 0xFFF8u;
  out.fragment_id = fragment->id;
  // A fragment that is the whole is none: RFC 6946.
  out.fragment = out.more_fragments || out.fragment_offset != 0;
  if (!out.fragment && is_extension(out.protocol)) {
    KLIK_TRY(out.protocol, skip_extensions(out.protocol, out.payload));
  }
  return result;
}

}  // namespace

Result<std::uint8_t> skip_extensions(std::uint8_t protocol, Bytes& payload) {
  while (is_extension(protocol)) {   // each header is eight bytes at least
    KLIK_TRY(const ExtensionHeader* header, payload.view<ExtensionHeader>(0));
    const std::uint64_t length = protocol == kAuthentication ? (header->length + 2u) * 4 : (header->length + 1u) * 8;
    KLIK_TRY(payload, payload.from(length));
    protocol = header->next;
  }
  return protocol;
}

Result<IpPacket> read_ip(Bytes bytes) {
  if (bytes.empty()) return fail(Code::truncated, 0, "no packet of IP");
  switch (bytes[0] >> 4) {
    case 4: return read_v4(bytes);
    case 6: return read_v6(bytes);
    default: return fail(Code::bad_value, 0, "neither IPv4 nor IPv6");
  }
}

}  // namespace klik::net
