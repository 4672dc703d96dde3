// IEEE 802.11-2020 §9.2 and §9.3.2 (data frames), §10.4 (fragments), and what capture programs put before them: radiotap.org, tcpdump.org for
// Prism and AVS, the PPI specification of CACE.
#include <algorithm>
#include <optional>

#include "formats/net/link.h"
#include "formats/net/pktap.h"

namespace klik::net {
namespace {

struct WifiHeader {
  std::uint8_t control, flags;
  U16le duration;
  std::uint8_t address1[6], address2[6], address3[6];
  U16le sequence;   // low four bits: number of the fragment
};
static_assert(sizeof(WifiHeader) == 24);

enum WifiFlag : std::uint8_t { kToDistribution = 0x01, kFromDistribution = 0x02, kMoreFragments = 0x04, kRetry = 0x08, kProtected = 0x40, kOrder = 0x80 };
enum DataSubtype : std::uint8_t { kNoData = 0x4, kQos = 0x8 };
constexpr unsigned kAggregate = 0x80, kCategory = 0x0F;   // of the field of quality of service

// Where that field stands.
std::uint64_t qos_at(const WifiHeader& header) {
  const bool four_addresses = (header.flags & kToDistribution) && (header.flags & kFromDistribution);
  return sizeof(WifiHeader) + (four_addresses ? 6 : 0);
}

// The field of quality of service; nothing when the frame has none.
std::optional<std::uint16_t> quality(Bytes frame, const WifiHeader& header) {
  if ((header.control >> 4 & kQos) == 0) return std::nullopt;
  const auto field = frame.get<U16le>(qos_at(header));
  return field ? std::optional(std::uint16_t{*field}) : std::nullopt;
}
bool is_aggregate(Bytes frame, const WifiHeader& header) { return quality(frame, header).value_or(0) & kAggregate; }

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

// A frame of 802.11 without what a capture program puts before it. `padded`: its body begins at a multiple of four bytes.
struct Mpdu {
  Bytes bytes;
  bool padded = false;
};

Result<Mpdu> behind_radiotap(Bytes frame) {
  const auto header = frame.view<RadiotapHeader>(0);
  if (!header || (*header)->version != 0 || (*header)->length < sizeof(RadiotapHeader) || (*header)->length > frame.size()) return fail(Code::bad_value, 0, "802.11 capture header contradicts its frame");
  // Words of presence go on as long as their highest bit is set; the fields of the first word follow the last of them.
  std::uint64_t at = 4;
  for (;;) {
    const auto present = frame.get<U32le>(at);
    if (!present || at + sizeof(U32le) > (*header)->length) return fail(Code::bad_value, 0, "802.11 capture header contradicts its frame");
    at += sizeof(U32le);
    if ((*present & 0x80000000u) == 0) break;
  }
  std::uint8_t flags = 0;
  const std::uint32_t present = (*header)->present;
  if (present & 0x1) at = (at + 7) / 8 * 8 + 8;   // TSFT
  if (present & 0x2) {
    const auto field = frame.get<std::uint8_t>(at);
    if (!field || at >= (*header)->length) return fail(Code::bad_value, 0, "802.11 capture header contradicts its frame");
    flags = *field;
  }
  Bytes body = rest_of(frame, (*header)->length);
  if (flags & kBadFrameCheck) return fail(Code::bad_value, 0, "802.11 capture header contradicts its frame");
  if ((flags & kFrameCheckAtEnd) && body.size() >= kFrameCheck) body = Bytes(body.span().first(body.size() - kFrameCheck));
  return Mpdu{body, (flags & kPadded) != 0};
}

Result<Mpdu> behind_prism(Bytes frame) {
  const auto magic = frame.get<U32be>(0);
  const auto length_be = frame.get<U32be>(4);
  const auto length_le = frame.get<U32le>(4);
  if (!magic || !length_be || !length_le) return fail(Code::bad_value, 0, "802.11 capture header contradicts its frame");
  // AVS says its version in big-endian order; Prism is in that of the machine, and its headers are shorter than 64 KiB.
  const std::uint64_t length = *magic >> 12 == 0x80211 || *length_le > 0xFFFF ? std::uint32_t{*length_be} : std::uint32_t{*length_le};
  if (length < 8 || length > frame.size()) return fail(Code::bad_value, 4, "802.11 capture header contradicts its frame");
  return Mpdu{rest_of(frame, length), false};
}

struct PpiContent {
  std::uint32_t link_type;
  Bytes bytes;
};
Result<PpiContent> behind_ppi(Bytes frame) {
  KLIK_TRY(const PpiHeader* header, frame.view<PpiHeader>(0));
  if (header->length < sizeof(PpiHeader)) return fail(Code::bad_value, 2, "802.11 capture header contradicts its frame");
  KLIK_TRY(const Bytes rest, frame.from(header->length));
  return PpiContent{header->link_type, rest};
}

// Where the header ends, with that of quality of service and what follows it.
Result<std::uint64_t> body_at(Bytes frame, bool padded) {
  KLIK_TRY(const WifiHeader* header, frame.view<WifiHeader>(0));
  std::uint64_t at = qos_at(*header);
  if (header->control >> 4 & kQos) {
    at += sizeof(U16le);
    if (header->flags & kOrder) at += 4;   // HT control
  }
  if (padded) at = (at + 3) / 4 * 4;
  if (at > frame.size()) return fail(Code::truncated, at, "802.11 header past the end");
  return at;
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
  const auto at = body_at(frame, padded);
  if (!at) return damaged();
  const Bytes body = rest_of(frame, *at);
  // Some capturing systems decrypt and leave the flag standing.
  if ((header.flags & kProtected) && !body.starts_with(kSnap)) return {.what = Carried::protected_frame, .bytes = body};
  if ((header.flags & kMoreFragments) || (header.sequence & 0xF) != 0) return {.what = Carried::fragment, .bytes = body};
  return peel_msdu(body, is_aggregate(frame, header));
}

Peeled peel_msdu(Bytes body, bool aggregate) { return aggregate ? Peeled{.what = Carried::aggregate, .bytes = body} : peel_snap(body); }

Result<WifiFragment> read_wifi_fragment(std::uint32_t link_type, Bytes frame) {
  Mpdu mpdu{frame};
  if (link_type == kPktap || link_type == kPktapAsUser2) {
    KLIK_TRY(const Pktap tap, read_pktap(frame));
    link_type = tap.link_type;
    mpdu.bytes = tap.rest;
  }
  if (link_type == 192) {
    KLIK_TRY(const PpiContent inner, behind_ppi(mpdu.bytes));
    link_type = inner.link_type;
    mpdu.bytes = inner.bytes;
  } else if (link_type != 105) {
    KLIK_TRY(mpdu, link_type == 127 ? behind_radiotap(mpdu.bytes) : behind_prism(mpdu.bytes));
    link_type = 105;
  }
  if (link_type != 105) return fail(Code::unsupported, 0, "no frame of 802.11");
  KLIK_TRY(const WifiHeader* h, mpdu.bytes.view<WifiHeader>(0));
  KLIK_TRY(const std::uint64_t at, body_at(mpdu.bytes, mpdu.padded));
  WifiFragment out;
  std::ranges::copy(h->address1, out.to.begin());
  std::ranges::copy(h->address2, out.from.begin());
  out.sequence = static_cast<std::uint16_t>(h->sequence >> 4);
  out.number = h->sequence & 0xF;
  out.more = h->flags & kMoreFragments;
  out.retry = h->flags & kRetry;
  out.aggregate = is_aggregate(mpdu.bytes, *h);
  if (const auto qos = quality(mpdu.bytes, *h)) out.category = *qos & kCategory;
  out.body = rest_of(mpdu.bytes, at);
  return out;
}

Peeled peel_wifi_capture(std::uint32_t link_type, Bytes frame) {
  if (link_type == 192) {
    const auto ppi = behind_ppi(frame);
    if (!ppi) return damaged();
    // The link type inside may be any, so only the ones that are no wrapping themselves.
    return ppi->link_type == 105 ? peel_wifi(ppi->bytes, false) : ppi->link_type == 1 || ppi->link_type == 101 ? peel_link(ppi->link_type, ppi->bytes) : Peeled{};
  }
  const auto mpdu = link_type == 127 ? behind_radiotap(frame) : behind_prism(frame);
  return mpdu ? peel_wifi(mpdu->bytes, mpdu->padded) : damaged();
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
