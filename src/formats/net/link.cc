#include "formats/net/link.h"

#include <algorithm>
#include <bit>

#include "formats/net/pktap.h"

namespace klik::net {
namespace {

constexpr unsigned kDeepest = 16;   // headers of a link above one packet of IP

enum EtherType : std::uint16_t {
  kLargestLength = 1'500,   // below 0x600 the field of 802.3 is a length
  kIpv4 = 0x0800,
  kTransparentBridge = 0x6558,
  kTag = 0x8100,
  kIpv6 = 0x86DD,
  kMpls = 0x8847,
  kMplsMulticast = 0x8848,
  kPppoe = 0x8864,
  kPpp = 0x880B,
  kServiceTag = 0x88A8,
};

struct EthernetHeader {
  std::uint8_t to[6], from[6];
  U16be type;
};
static_assert(sizeof(EthernetHeader) == 14);

struct TagHeader {
  U16be control, type;
};
static_assert(sizeof(TagHeader) == 4);

struct PppoeHeader {
  std::uint8_t version, code;
  U16be session, length;
};
static_assert(sizeof(PppoeHeader) == 6);

struct LlcHeader {
  std::uint8_t to, from, control;
};
static_assert(sizeof(LlcHeader) == 3);

struct SnapHeader {
  std::uint8_t organisation[3];
  U16be type;
};
static_assert(sizeof(SnapHeader) == 5);

struct CookedHeader {   // LINKTYPE_LINUX_SLL
  U16be packet_type, hardware, address_length;
  std::uint8_t address[8];
  U16be protocol;
};
static_assert(sizeof(CookedHeader) == 16);

struct Cooked2Header {  // LINKTYPE_LINUX_SLL2
  U16be protocol, reserved;
  U32be interface;
  U16be hardware;
  std::uint8_t packet_type, address_length, address[8];
};
static_assert(sizeof(Cooked2Header) == 20);

struct NflogField {
  U16le length, type;   // of the capturing machine; no Android is big-endian
};
static_assert(sizeof(NflogField) == 4);

Peeled damaged() { return {.what = Carried::damaged}; }
Peeled ip(Bytes bytes, FrameSide side = FrameSide::unknown) { return {.what = Carried::ip, .bytes = bytes, .side = side}; }
Bytes rest_of(Bytes bytes, std::uint64_t from) { return Bytes(bytes.span().subspan(std::min(from, bytes.size()))); }

Peeled by_version(Bytes bytes) {
  if (bytes.empty()) return damaged();
  const unsigned version = bytes[0] >> 4;
  return version == 4 || version == 6 ? ip(bytes) : damaged();
}

// The EtherType of what PPP carries, 0 for what is not looked into. Takes the header off.
Result<std::uint16_t> ppp_type(Bytes& bytes) {
  Bytes rest = bytes;
  if (rest.size() >= 2 && rest[0] == 0xFF && rest[1] == 0x03) rest = rest_of(rest, 2);   // RFC 1662 §3.1; left out at will
  KLIK_TRY(const std::uint8_t first, rest.get<std::uint8_t>(0));
  std::uint16_t protocol = first;
  std::uint64_t length = 1;
  if ((first & 1) == 0) {   // the last byte of the field is the odd one: RFC 1661 §6.5
    KLIK_TRY(const U16be whole, rest.get<U16be>(0));
    protocol = whole;
    length = 2;
  }
  bytes = rest_of(rest, length);
  switch (protocol) {
    case 0x21: return std::uint16_t{kIpv4};
    case 0x57: return std::uint16_t{kIpv6};
    case 0x281: return std::uint16_t{kMpls};
    case 0x283: return std::uint16_t{kMplsMulticast};
    default: return std::uint16_t{0};
  }
}

// The EtherType under a header of LLC, 0 for what has none. Takes the header off.
std::uint16_t llc_type(Bytes& bytes) {
  const auto llc = bytes.view<LlcHeader>(0);
  if (!llc) return 0;
  if ((*llc)->to == 0x06 && (*llc)->from == 0x06 && (*llc)->control == 0x03) {   // RFC 948
    bytes = rest_of(bytes, sizeof(LlcHeader));
    return kIpv4;
  }
  if ((*llc)->to != 0xAA || (*llc)->from != 0xAA || (*llc)->control != 0x03) return 0;
  const auto snap = bytes.view<SnapHeader>(sizeof(LlcHeader));
  // 00-00-00 is RFC 1042, 00-00-F8 is IEEE 802.1H. Other organisations number their own protocols.
  if (!snap || (*snap)->organisation[0] != 0 || (*snap)->organisation[1] != 0 || ((*snap)->organisation[2] != 0 && (*snap)->organisation[2] != 0xF8)) return 0;
  bytes = rest_of(bytes, sizeof(LlcHeader) + sizeof(SnapHeader));
  return (*snap)->type > kLargestLength ? std::uint16_t{(*snap)->type} : std::uint16_t{0};
}

Peeled peel_ethernet(Bytes frame) {
  const auto header = frame.view<EthernetHeader>(0);
  if (!header) return damaged();
  return peel_ethertype((*header)->type, rest_of(frame, sizeof(EthernetHeader)));
}

Peeled peel_ppp(Bytes frame) {
  const auto type = ppp_type(frame);
  if (!type) return damaged();
  return *type == 0 ? Peeled{} : peel_ethertype(*type, frame);
}

FrameSide cooked_side(unsigned packet_type) { return packet_type == 4 ? FrameSide::sent : packet_type == 0 ? FrameSide::received : FrameSide::unknown; }

Peeled peel_cooked(std::uint16_t protocol, Bytes payload, FrameSide side) {
  Peeled out;
  if (protocol == 0x0004) {   // 802.2
    Bytes rest = payload;
    const std::uint16_t type = llc_type(rest);
    if (type != 0) out = peel_ethertype(type, rest);
  } else if (protocol > kLargestLength) {
    out = peel_ethertype(protocol, payload);
  }
  out.side = side;
  return out;
}

// BSD's loopback: an address family in the byte order of the machine that wrote it. All families are small, so the order shows.
Peeled peel_null(Bytes frame) {
  const auto field = frame.get<U32le>(0);
  if (!field) return damaged();
  std::uint32_t family = *field;
  if (family > 0xFFFF) family = std::byteswap(family);
  // IPv6 is 10 on Linux, 24 on NetBSD and OpenBSD, 28 on FreeBSD, 30 on Darwin.
  if (family == 2 || family == 10 || family == 24 || family == 28 || family == 30) return ip(rest_of(frame, sizeof(U32le)));
  return {};
}

// LINKTYPE_NFLOG: four bytes of header, then fields padded to four. 9 is the packet, 11 the user it belongs to.
Peeled peel_nflog(Bytes frame) {
  Peeled out;
  for (std::uint64_t at = 4; at < frame.size();) {
    const auto field = frame.view<NflogField>(at);
    const std::uint64_t length = field ? std::uint16_t{(*field)->length} : 0;
    if (length < sizeof(NflogField)) return damaged();
    const auto value = frame.slice(at + sizeof(NflogField), std::min(length, frame.size() - at) - sizeof(NflogField));
    if (!value) return damaged();
    if ((*field)->type == 9) {
      const Peeled packet = by_version(*value);
      out.what = packet.what, out.bytes = packet.bytes;
    }
    if ((*field)->type == 11)
      if (const auto uid = value->get<U32be>(0)) out.uid = static_cast<std::int32_t>(std::uint32_t{*uid});
    at += (length + 3) / 4 * 4;
  }
  return out;
}

// LINKTYPE_JUNIPER_ETHER, as far as an Ethernet frame stands in it.
Peeled peel_juniper(Bytes frame) {
  const auto magic = frame.get<U32be>(0);
  if (!magic || *magic >> 8 != 0x4D4743) return damaged();
  const unsigned flags = *magic & 0xFF;
  if (flags & 0x02) return {};   // no link layer
  std::uint64_t at = 4;
  if (flags & 0x80) {
    const auto extension = frame.get<U16be>(at);
    if (!extension) return damaged();
    at += sizeof(U16be) + *extension;
  }
  return at > frame.size() ? damaged() : peel_ethernet(rest_of(frame, at));
}

// `surely`: the number of the link type is PKTAP's alone.
Peeled peel_pktap(Bytes frame, bool surely) {
  const auto tap = read_pktap(frame);
  if (!tap) return surely ? damaged() : Peeled{.what = Carried::unsupported};
  if (!tap->packet) return {};
  if (tap->link_type == kPktap || tap->link_type == kPktapAsUser2) return {.what = Carried::unsupported};   // so that it ends
  Peeled out = peel_link(tap->link_type, tap->rest);
  if (tap->side != FrameSide::unknown) out.side = tap->side;
  return out;
}

}  // namespace

Peeled peel_ethertype(std::uint16_t type, Bytes payload) {
  for (unsigned depth = 0; depth < kDeepest; ++depth) {
    switch (type) {
      case kIpv4:
      case kIpv6: return ip(payload);
      case kTag:
      case kServiceTag:
      case 0x9100:   // before 802.1ad some equipment used these for the outer tag
      case 0x9200: {
        const auto tag = payload.view<TagHeader>(0);
        if (!tag) return damaged();
        type = (*tag)->type;
        payload = rest_of(payload, sizeof(TagHeader));
        break;
      }
      case kPppoe: {
        const auto header = payload.view<PppoeHeader>(0);
        if (!header || (*header)->version != 0x11 || (*header)->code != 0) return damaged();
        payload = rest_of(payload, sizeof(PppoeHeader));
        payload = Bytes(payload.span().first(std::min<std::uint64_t>((*header)->length, payload.size())));
        [[fallthrough]];
      }
      case kPpp: {
        const auto inner = ppp_type(payload);
        if (!inner) return damaged();
        type = *inner;
        break;
      }
      case kMpls:
      case kMplsMulticast: {
        const auto label = payload.get<U32be>(0);
        if (!label) return damaged();
        payload = rest_of(payload, sizeof(U32be));
        if ((*label & 0x100) == 0) break;   // not the bottom of the stack
        const unsigned version = payload.empty() ? 0 : payload[0] >> 4;
        return version == 4 || version == 6 ? ip(payload) : Peeled{};
      }
      case kTransparentBridge: {
        const auto header = payload.view<EthernetHeader>(0);
        if (!header) return damaged();
        type = (*header)->type;
        payload = rest_of(payload, sizeof(EthernetHeader));
        break;
      }
      default:
        if (type == 0 || type > kLargestLength) return {};
        payload = Bytes(payload.span().first(std::min<std::uint64_t>(type, payload.size())));   // behind it stands padding
        type = llc_type(payload);
        break;
    }
  }
  return damaged();
}

Peeled peel_link(std::uint32_t link_type, Bytes frame) {
  switch (link_type) {
    case 1: return peel_ethernet(frame);
    case 12:    // DLT_RAW of most systems
    case 14:    // and of OpenBSD
    case 101:   // LINKTYPE_RAW
    case 228:   // LINKTYPE_IPV4
    case 229:   // LINKTYPE_IPV6
      return by_version(frame);
    case 113: {
      const auto header = frame.view<CookedHeader>(0);
      if (!header) return damaged();
      return peel_cooked((*header)->protocol, rest_of(frame, sizeof(CookedHeader)), cooked_side((*header)->packet_type));
    }
    case 276: {
      const auto header = frame.view<Cooked2Header>(0);
      if (!header) return damaged();
      return peel_cooked((*header)->protocol, rest_of(frame, sizeof(Cooked2Header)), cooked_side((*header)->packet_type));
    }
    case 0:     // BSD loopback
    case 108:   // the same, always big-endian
      return peel_null(frame);
    case 8: {   // SLIP: direction, then 15 bytes about header compression
      if (frame.size() < 16) return damaged();
      Peeled out = by_version(rest_of(frame, 16));
      out.side = frame[0] == 1 ? FrameSide::sent : FrameSide::received;
      return out;
    }
    case 9:     // PPP
    case 50:    // PPP in HDLC framing
      return peel_ppp(frame);
    case 166: { // Linux pppd: direction stands in the place of the address byte
      if (frame.size() < 2) return damaged();
      Peeled out = peel_ppp(rest_of(frame, frame[0] <= 1 ? 2 : 0));
      out.side = frame[0] == 1 ? FrameSide::sent : frame[0] == 0 ? FrameSide::received : FrameSide::unknown;
      return out;
    }
    case 51: return peel_ethertype(kPppoe, frame);
    case 104: { // Cisco HDLC: address, control, EtherType
      const auto header = frame.view<TagHeader>(0);
      return header ? peel_ethertype((*header)->type, rest_of(frame, sizeof(TagHeader))) : damaged();
    }
    case 105: return peel_wifi(frame, false);
    case 119:   // Prism
    case 127:   // radiotap
    case 163:   // AVS
    case 192:   // PPI
      return peel_wifi_capture(link_type, frame);
    case 178: return peel_juniper(frame);
    case 239: return peel_nflog(frame);
    case kPktap:
    case kPktapAsUser2: return peel_pktap(frame, link_type == kPktap);
    default: return {.what = Carried::unsupported};
  }
}

}  // namespace klik::net
