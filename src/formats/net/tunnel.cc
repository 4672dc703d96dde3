// Packets of IP inside IP: RFC 2003 and 2473 (IP in IP), 4213 (6in4), 2784 and 2890 (GRE), 2637 (GRE of PPTP), 4023 (MPLS),
// 7348 (VXLAN), 8926 (Geneve), 2661 and 3931 (L2TP), 4380 (Teredo), 3GPP TS 29.281 (GTP-U).
#include <algorithm>

#include "formats/net/link.h"

namespace klik::net {
namespace {

struct GreHeader {
  U16be flags, type;
};
static_assert(sizeof(GreHeader) == 4);

struct UdpHeader {
  U16be from, to, length, checksum;
};
static_assert(sizeof(UdpHeader) == 8);

struct GtpHeader {
  std::uint8_t flags, message;
  U16be length;   // of all that follows the eight bytes
  U32be tunnel;
};
static_assert(sizeof(GtpHeader) == 8);

struct VxlanHeader {
  std::uint8_t flags, reserved[3];
  U32be network;   // low byte reserved
};
static_assert(sizeof(VxlanHeader) == 8);

struct GeneveHeader {
  std::uint8_t version_and_options;   // the options' length in words of four bytes
  std::uint8_t flags;                 // 0x80: of the control plane
  U16be type;
  U32be network;                      // low byte reserved
};
static_assert(sizeof(GeneveHeader) == 8);

constexpr std::uint16_t kL2tpPort = 1701, kGtpPort = 2152, kTeredoPort = 3544, kVxlanPort = 4789, kGenevePort = 6081;
constexpr std::uint16_t kPpp = 0x880B;   // the EtherType under which peel_ethertype() takes PPP

Bytes rest_of(Bytes bytes, std::uint64_t from) { return Bytes(bytes.span().subspan(std::min(from, bytes.size()))); }

// Only what has the shape of a packet of IP is taken for one: anything may use these ports.
Peeled plausible(Peeled inner) {
  if (inner.what != Carried::ip || inner.bytes.size() < 20) return {};
  const unsigned version = inner.bytes[0] >> 4;
  if (version == 4 && (inner.bytes[0] & 0xF) >= 5) return inner;
  return version == 6 && inner.bytes.size() >= 40 ? inner : Peeled{};
}
Peeled plausible(Bytes inner) { return plausible(Peeled{.what = Carried::ip, .bytes = inner}); }

Peeled peel_gre(Bytes payload) {
  const auto header = payload.view<GreHeader>(0);
  if (!header) return {};
  const unsigned flags = (*header)->flags, version = flags & 7;
  if (version > 1 || (flags & 0x4000)) return {};   // source routes have been gone since RFC 2784
  std::uint64_t length = sizeof(GreHeader);
  if (version == 0 && (flags & 0x8000)) length += 4;   // checksum
  if (flags & 0x2000) length += 4;                     // key
  if (flags & 0x1000) length += 4;                     // sequence number
  if (version == 1 && (flags & 0x0080)) length += 4;   // acknowledgement
  if (length > payload.size()) return {};
  return plausible(peel_ethertype((*header)->type, rest_of(payload, length)));
}

Peeled peel_gtp(Bytes payload) {
  const auto header = payload.view<GtpHeader>(0);
  // Version 1, GTP and not GTP', G-PDU.
  if (!header || ((*header)->flags & 0xF0) != 0x30 || (*header)->message != 0xFF) return {};
  std::uint64_t length = sizeof(GtpHeader);
  if ((*header)->flags & 0x07) {
    const auto next = payload.get<std::uint8_t>(length + 3);
    if (!next) return {};
    length += 4;
    std::uint8_t extension = (*header)->flags & 0x04 ? *next : 0;
    while (extension != 0) {   // each is four bytes at least; the last byte of one names the next
      const auto words = payload.get<std::uint8_t>(length);
      if (!words || *words == 0) return {};
      length += *words * std::uint64_t{4};
      const auto following = payload.get<std::uint8_t>(length - 1);
      if (!following) return {};
      extension = *following;
    }
  }
  return plausible(rest_of(payload, length));
}

Peeled peel_teredo(Bytes payload) {
  Bytes rest = payload;
  if (const auto mark = rest.get<U16be>(0); mark && *mark == 1) {   // authentication: lengths of client id and value, then both
    const auto client = rest.get<std::uint8_t>(2), value = rest.get<std::uint8_t>(3);
    if (!client || !value) return {};
    rest = rest_of(rest, 4u + *client + *value + 9u);   // nonce and confirmation
  }
  if (const auto mark = rest.get<U16be>(0); mark && *mark == 0) rest = rest_of(rest, 8);   // origin
  const Peeled inner = plausible(rest);
  return inner.what == Carried::ip && rest[0] >> 4 == 6 ? inner : Peeled{};
}

Peeled peel_geneve(Bytes payload) {
  const auto header = payload.view<GeneveHeader>(0);
  if (!header || (*header)->version_and_options >> 6 != 0 || ((*header)->flags & 0x80) || ((*header)->network & 0xFF) != 0) return {};
  return plausible(peel_ethertype((*header)->type, rest_of(payload, sizeof(GeneveHeader) + ((*header)->version_and_options & 0x3Fu) * 4u)));
}

// What follows the session's id in version 3 depends on what the two ends agreed on before: a cookie of 0, 4 or 8 bytes and perhaps
// four bytes more (RFC 3931 §4.1, §4.6). Only an Ethernet frame that holds IP right away is taken for one.
Peeled peel_pseudowire(Bytes payload) {
  constexpr std::uint64_t kTypeAt = 12, kEthernet = 14;
  for (const std::uint64_t before : {0u, 4u, 8u, 12u}) {
    const auto type = payload.get<U16be>(before + kTypeAt);
    if (!type || (*type != 0x0800 && *type != 0x86DD)) continue;
    const Peeled inner = plausible(rest_of(payload, before + kEthernet));
    if (inner.what == Carried::ip && inner.bytes[0] >> 4 == (*type == 0x0800 ? 4 : 6)) return inner;
  }
  return {};
}

Peeled peel_l2tp(Bytes payload) {
  const auto first = payload.get<U16be>(0);
  if (!first || (*first & 0x8000)) return {};   // of the control plane
  const unsigned flags = *first, version = flags & 0xF;
  if (version == 3) return peel_pseudowire(rest_of(payload, 8));
  if (version != 2) return {};
  std::uint64_t length = 2 + ((flags & 0x4000) ? 2 : 0) + 4 + ((flags & 0x0800) ? 4 : 0);   // a length, the two ids, two sequence numbers
  if (flags & 0x0200) {
    const auto offset = payload.get<U16be>(length);
    if (!offset) return {};
    length += 2u + *offset;
  }
  return plausible(peel_ethertype(kPpp, rest_of(payload, length)));
}

Peeled peel_udp(Bytes payload) {
  const auto header = payload.view<UdpHeader>(0);
  if (!header) return {};
  const std::uint16_t from = (*header)->from, to = (*header)->to;
  const Bytes data = rest_of(payload, sizeof(UdpHeader));
  if (from == kGtpPort || to == kGtpPort) return peel_gtp(data);
  if (to == kVxlanPort) {
    const auto vxlan = data.view<VxlanHeader>(0);
    if (!vxlan || (*vxlan)->flags != 0x08 || ((*vxlan)->network & 0xFF) != 0) return {};
    return plausible(peel_ethertype(0x6558, rest_of(data, sizeof(VxlanHeader))));
  }
  if (from == kTeredoPort || to == kTeredoPort) return peel_teredo(data);
  if (to == kGenevePort) return peel_geneve(data);
  if (from == kL2tpPort || to == kL2tpPort) return peel_l2tp(data);
  return {};
}

}  // namespace

Peeled peel_tunnel(std::uint8_t protocol, Bytes payload) {
  switch (protocol) {
    case 4:
    case 41: return plausible(payload);
    case 17: return peel_udp(payload);
    case 47: return peel_gre(payload);
    case 115: return peel_pseudowire(rest_of(payload, 4));   // L2TP version 3, behind the session's id (RFC 3931 §4.1.1)
    case 137: return plausible(peel_ethertype(0x8847, payload));
    default: return {};
  }
}

}  // namespace klik::net
