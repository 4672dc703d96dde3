// IEEE 802.11-2020 §9.2 and §9.3.2 (data frames), and what capture programs put before them: radiotap.org, tcpdump.org for
// Prism and AVS, the PPI specification of CACE.
#include <algorithm>

#include "formats/net/link.h"

namespace klik::net {
namespace {

struct WifiHeader {
  std::uint8_t control, flags;
  U16le duration;
  std::uint8_t address1[6], address2[6], address3[6];
  U16le sequence;   // low four bits: number of the fragment
};
static_assert(sizeof(WifiHeader) == 24);

enum WifiFlag : std::uint8_t { kToDistribution = 0x01, kFromDistribution = 0x02, kMoreFragments = 0x04, kProtected = 0x40, kOrder = 0x80 };
enum DataSubtype : std::uint8_t { kNoData = 0x4, kQos = 0x8 };

struct RadiotapHeader {
  std::uint8_t version, padding;
  U16le length;
  U32le present;
};
static_assert(sizeof(RadiotapHeader) == 8);

enum RadiotapFlag : std::uint8_t { kFrameCheckAtEnd = 0x10, kPadded = 0x20, kBadFrameCheck = 0x40 };

struct PpiHeader {
  std::uint8_t version, flags;
  U16le length;
  U32le link_type;
};
static_assert(sizeof(PpiHeader) == 8);

struct SubFrameHeader {
  std::uint8_t to[6], from[6];
  U16be length;
};
static_assert(sizeof(SubFrameHeader) == 14);

constexpr std::string_view kSnap("\xAA\xAA\x03\x00\x00\x00", 6);
constexpr std::uint64_t kFrameCheck = 4;

Peeled damaged() { return {.what = Carried::damaged}; }
Bytes rest_of(Bytes bytes, std::uint64_t from) { return Bytes(bytes.span().subspan(std::min(from, bytes.size()))); }

// RFC 1042 encapsulation, the only one that carries IP over 802.11.
Peeled peel_snap(Bytes body) {
  if (!body.starts_with(kSnap)) return {};
  const auto type = body.get<U16be>(kSnap.size());
  return type ? peel_ethertype(*type, rest_of(body, kSnap.size() + sizeof(U16be))) : damaged();
}

Peeled peel_radiotap(Bytes frame) {
  const auto header = frame.view<RadiotapHeader>(0);
  if (!header || (*header)->version != 0 || (*header)->length < sizeof(RadiotapHeader) || (*header)->length > frame.size()) return damaged();
  // Words of presence go on as long as their highest bit is set; the fields of the first word follow the last of them.
  std::uint64_t at = 4;
  for (;;) {
    const auto present = frame.get<U32le>(at);
    if (!present || at + sizeof(U32le) > (*header)->length) return damaged();
    at += sizeof(U32le);
    if ((*present & 0x80000000u) == 0) break;
  }
  std::uint8_t flags = 0;
  const std::uint32_t present = (*header)->present;
  if (present & 0x1) at = (at + 7) / 8 * 8 + 8;   // TSFT
  if (present & 0x2) {
    const auto field = frame.get<std::uint8_t>(at);
    if (!field || at >= (*header)->length) return damaged();
    flags = *field;
  }
  Bytes body = rest_of(frame, (*header)->length);
  if (flags & kBadFrameCheck) return damaged();
  if ((flags & kFrameCheckAtEnd) && body.size() >= kFrameCheck) body = Bytes(body.span().first(body.size() - kFrameCheck));
  return peel_wifi(body, flags & kPadded);
}

Peeled peel_prism(Bytes frame) {
  const auto magic = frame.get<U32be>(0);
  const auto length_be = frame.get<U32be>(4);
  const auto length_le = frame.get<U32le>(4);
  if (!magic || !length_be || !length_le) return damaged();
  // AVS says its version in big-endian order; Prism is in that of the machine, and its headers are shorter than 64 KiB.
  const std::uint64_t length = *magic >> 12 == 0x80211 || *length_le > 0xFFFF ? std::uint32_t{*length_be} : std::uint32_t{*length_le};
  return length < 8 || length > frame.size() ? damaged() : peel_wifi(rest_of(frame, length), false);
}

}  // namespace

Peeled peel_wifi(Bytes frame, bool padded) {
  const auto control = frame.get<std::uint8_t>(0);
  if (!control) return damaged();
  if ((*control & 0x03) != 0) return damaged();
  if ((*control >> 2 & 3) != 2) return {};   // management, control
  const auto fixed = frame.view<WifiHeader>(0);
  if (!fixed) return damaged();
  const WifiHeader& header = **fixed;
  const unsigned subtype = header.control >> 4;
  if (subtype & kNoData) return {};
  std::uint64_t length = sizeof(WifiHeader);
  if ((header.flags & kToDistribution) && (header.flags & kFromDistribution)) length += 6;   // a fourth address
  bool aggregate = false;
  if (subtype & kQos) {
    const auto qos = frame.get<U16le>(length);
    if (!qos) return damaged();
    aggregate = *qos & 0x80;
    length += sizeof(U16le);
    if (header.flags & kOrder) length += 4;   // HT control
  }
  if (padded) length = (length + 3) / 4 * 4;
  if (length > frame.size()) return damaged();
  const Bytes body = rest_of(frame, length);
  // Some capturing systems decrypt and leave the flag standing.
  if ((header.flags & kProtected) && !body.starts_with(kSnap)) return {.what = Carried::protected_frame, .bytes = body};
  if ((header.flags & kMoreFragments) || (header.sequence & 0xF) != 0) return {.what = Carried::fragment, .bytes = body};
  if (aggregate) return {.what = Carried::aggregate, .bytes = body};
  return peel_snap(body);
}

Peeled peel_wifi_capture(std::uint32_t link_type, Bytes frame) {
  if (link_type == 127) return peel_radiotap(frame);
  if (link_type != 192) return peel_prism(frame);
  const auto header = frame.view<PpiHeader>(0);
  if (!header || (*header)->length < sizeof(PpiHeader) || (*header)->length > frame.size()) return damaged();
  // The link type inside may be any, so only the ones that are no wrapping themselves.
  const std::uint32_t inner = (*header)->link_type;
  const Bytes rest = rest_of(frame, (*header)->length);
  return inner == 105 ? peel_wifi(rest, false) : inner == 1 || inner == 101 ? peel_link(inner, rest) : Peeled{};
}

Peeled SubFrames::next() {
  const auto header = rest_.view<SubFrameHeader>(0);
  if (!header) return rest_ = Bytes(), damaged();
  const std::uint64_t length = (*header)->length;
  const auto body = rest_.slice(sizeof(SubFrameHeader), length);
  if (!body) return rest_ = Bytes(), damaged();
  rest_ = rest_of(rest_, (sizeof(SubFrameHeader) + length + 3) / 4 * 4);   // all but the last are padded
  return peel_snap(*body);
}

}  // namespace klik::net
