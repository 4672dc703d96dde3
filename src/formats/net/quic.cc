#include "formats/net/quic.h"

#include <algorithm>

#include "formats/net/cursor.h"

namespace klik::quic {
namespace {

using Salt = std::array<std::uint8_t, 20>;
constexpr Salt kSaltV1 = {0x38, 0x76, 0x2c, 0xf7, 0xf5, 0x59, 0x34, 0xb3, 0x4d, 0x17, 0x9a, 0xe6, 0xa4, 0xc8, 0x0c, 0xad, 0xcc, 0xbb, 0x7f, 0x0a};
constexpr Salt kSaltV2 = {0x0d, 0xed, 0xe3, 0xde, 0xf7, 0x00, 0xa6, 0xdb, 0x81, 0x93, 0x81, 0xbe, 0x6e, 0x26, 0x9d, 0xcb, 0xf9, 0xbd, 0x2e, 0xd9};
constexpr Salt kSalt29 = {0xaf, 0xbf, 0xec, 0x28, 0x99, 0x93, 0xd2, 0x4c, 0x9e, 0x97, 0x86, 0xf1, 0x9c, 0x61, 0x11, 0xe0, 0x43, 0x90, 0xa8, 0x99};
constexpr Salt kSalt23 = {0xc3, 0xee, 0xf7, 0x12, 0xc7, 0x2e, 0xbb, 0x5a, 0x11, 0xa7, 0xd2, 0x43, 0x2b, 0xb4, 0x63, 0x65, 0xbe, 0xf9, 0xf5, 0x02};
constexpr Salt kSalt22 = {0x7f, 0xbc, 0xdb, 0x0e, 0x7c, 0x66, 0xbb, 0xe9, 0x19, 0x3a, 0x96, 0xcd, 0x21, 0x51, 0x9e, 0xbd, 0x7a, 0x02, 0x64, 0x4a};
constexpr Salt kSaltQ050 = {0x50, 0x45, 0x74, 0xef, 0xd0, 0x66, 0xfe, 0x2f, 0x9d, 0x94, 0x5c, 0xfc, 0xdb, 0xd3, 0xa7, 0xf0, 0xd3, 0xb5, 0x6b, 0x45};
constexpr Salt kSaltT050 = {0x7f, 0xf5, 0x79, 0xe5, 0xac, 0xd0, 0x72, 0x91, 0x55, 0x80, 0x30, 0x4c, 0x43, 0xa2, 0x36, 0x7c, 0x60, 0x48, 0x83, 0x10};
constexpr Salt kSaltT051 = {0x7a, 0x4e, 0xde, 0xf4, 0xe7, 0xcc, 0xee, 0x5f, 0xa4, 0x50, 0x6c, 0x19, 0x12, 0x4f, 0xc8, 0xcc, 0xda, 0x6e, 0x03, 0x3d};

constexpr Version kVersions[] = {
    {kV1, "v1", kSaltV1},
    {kV2, "v2", kSaltV2, true},
    {0xff000016, "draft-22", kSalt22},
    {0xff000017, "draft-23", kSalt23},
    {0xff000018, "draft-24", kSalt23},
    {0xff000019, "draft-25", kSalt23},
    {0xff00001a, "draft-26", kSalt23},
    {0xff00001b, "draft-27", kSalt23},
    {0xff00001c, "draft-28", kSalt23},
    {0xff00001d, "draft-29", kSalt29},
    {0xff00001e, "draft-30", kSalt29},
    {0xff00001f, "draft-31", kSalt29},
    {0xff000020, "draft-32", kSalt29},
    {0xff000021, "draft-33", kSaltV1},
    {0xff000022, "draft-34", kSaltV1},
    {0xfaceb001, "mvfst-1", kSalt22},
    {0xfaceb002, "mvfst", kSalt23},
    {kQ050, "Q050", kSaltQ050, false, true, true},
    {0x54303530, "T050", kSaltT050, false, true},
    {0x54303531, "T051", kSaltT051, false, true},
};

constexpr std::uint64_t kRetryTag = 16;
// A packet number may take four bytes, and the mask over it comes from the 16 bytes behind them.
constexpr std::uint64_t kShortestProtected = 4 + 16;

PacketType type_of(std::uint8_t first, bool v2) {
  const unsigned bits = (first >> 4) & 3u;
  constexpr PacketType kTypes[] = {PacketType::initial, PacketType::zero_rtt, PacketType::handshake, PacketType::retry};
  return kTypes[v2 ? (bits + 3) & 3u : bits];
}

}  // namespace

const Version* find_version(std::uint32_t number) {
  const auto found = std::ranges::find(kVersions, number, &Version::number);
  return found == std::end(kVersions) ? nullptr : found;
}

Result<LongHeader> parse_long_header(Bytes datagram) {
  LongHeader h;
  net::Cursor in(datagram);
  KLIK_TRY(h.first, in.u8());
  if (!is_long_header(h.first)) return fail(Code::bad_magic, 0, "a QUIC packet without a long header");
  KLIK_TRY(h.version, in.u32());
  KLIK_TRY(h.destination, in.vector8());
  KLIK_TRY(h.source, in.vector8());
  h.size = datagram.size();
  if (h.version == 0) {
    h.type = PacketType::version_negotiation;
    return h;
  }
  const Version* version = find_version(h.version);
  if (version == nullptr) return h;
  if (h.destination.size() > kLongestId || h.source.size() > kLongestId) return fail(Code::bad_value, 5, "a QUIC connection id longer than 20 bytes");
  h.type = type_of(h.first, version->v2);
  if (h.type == PacketType::retry) {
    if (in.left() < kRetryTag) return fail(Code::truncated, in.at(), "a QUIC Retry without its integrity tag");
    KLIK_TRY(h.token, in.take(in.left() - kRetryTag));
    return h;
  }
  if (h.type == PacketType::initial) {
    KLIK_TRY(h.token, in.sized());
  }
  KLIK_TRY(const std::uint64_t length, in.varint());
  h.number_at = in.at();
  if (length < kShortestProtected) return fail(Code::bad_value, h.number_at, "a QUIC packet too short for its number and tag");
  if (length > in.left()) return fail(Code::truncated, h.number_at, "a QUIC packet longer than its datagram");
  h.size = h.number_at + length;
  return h;
}

Result<std::vector<std::uint32_t>> offered_versions(Bytes datagram, const LongHeader& header) {
  KLIK_TRY(const Bytes list, datagram.from(7 + header.destination.size() + header.source.size()));
  if (list.empty() || list.size() % 4 != 0) return fail(Code::bad_value, 0, "a list of QUIC versions that is no multiple of four bytes");
  std::vector<std::uint32_t> out;
  out.reserve(list.size() / 4);
  for (net::Cursor in(list); !in.done();) {
    KLIK_TRY(const std::uint32_t version, in.u32());
    out.push_back(version);
  }
  return out;
}

bool looks_whole(Bytes datagram) {
  Bytes rest = datagram, destination;
  bool any = false;
  while (!rest.empty()) {
    // Some pad a datagram with zeros behind its packets.
    if (any && std::ranges::all_of(rest.span(), [](std::uint8_t b) { return b == 0; })) return true;
    if (!has_fixed_bit(rest[0])) return false;
    if (!is_long_header(rest[0])) return any && rest.size() >= 1 + destination.size() + kShortestProtected && std::ranges::equal(rest.span().subspan(1, destination.size()), destination.span());
    const auto header = parse_long_header(rest);
    if (!header || header->type == PacketType::other || header->type == PacketType::version_negotiation) return false;
    if (any && !std::ranges::equal(header->destination.span(), destination.span())) return false;
    destination = header->destination;
    any = true;
    const auto next = rest.from(header->size);
    if (!next) return false;
    rest = *next;
  }
  return any;
}

std::uint64_t full_packet_number(bool any, std::uint64_t largest, std::uint64_t truncated, unsigned length) {
  const std::uint64_t expected = any ? largest + 1 : 0, window = std::uint64_t{1} << (8 * length), half = window / 2;
  const std::uint64_t candidate = (expected & ~(window - 1)) | truncated;
  if (candidate + half <= expected && candidate < (std::uint64_t{1} << 62) - window) return candidate + window;
  if (candidate > expected + half && candidate >= window) return candidate - window;
  return candidate;
}

}  // namespace klik::quic
