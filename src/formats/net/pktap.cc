#include "formats/net/pktap.h"

#include <cstddef>

namespace klik::net {
namespace {

constexpr std::uint64_t kNameSpace = 17;   // MAXCOMLEN and a zero

struct Header {
  U32le length, type, link_type;
  char interface[24];
  U32le flags, family, link_header, link_trailer;
  U32le process;
  char name[kNameSpace], padding[3];
  U32le service;
  U16le interface_type, interface_unit;
  U32le effective_process;
  char effective_name[kNameSpace], effective_padding[3];
};
static_assert(sizeof(Header) == 108);   // later ones are longer

// Offsets are from the start of the header, 0 for what is left out.
struct ShortHeader {
  std::uint8_t length, image, effective_image, interface, name, effective_name;
  U16le link_type, link_header, link_trailer, interface_type, protocol;
  U32le family, service, flow, process, effective_process, flags;
};
static_assert(sizeof(ShortHeader) == 40);

constexpr std::uint64_t kFlagsAt = 36;   // in both
enum Flag : std::uint32_t { kIn = 0x1, kOut = 0x2, kShort = 0x80000 };
constexpr std::uint32_t kPacketFollows = 1;

std::string_view name_at(Bytes header, std::uint64_t at) {
  const auto from = header.from(at);
  if (!from) return {};
  const std::string_view text = from->text().substr(0, kNameSpace);
  return text.substr(0, text.find('\0'));
}

Result<bool> is_short(Bytes header) {
  KLIK_TRY(const U32le flags, header.get<U32le>(kFlagsAt));
  return (flags & kShort) != 0;
}

}  // namespace

Result<Pktap> read_pktap(Bytes frame) {
  KLIK_TRY(const bool shorter, is_short(frame));
  Pktap out;
  std::uint64_t length = 0;
  std::uint32_t flags = 0;
  if (shorter) {
    KLIK_TRY(const ShortHeader* h, frame.view<ShortHeader>(0));
    length = h->length;
    if (length < sizeof(ShortHeader)) return fail(Code::bad_value, 0, "PKTAP header shorter than its fields");
    for (const std::uint8_t offset : {h->image, h->effective_image, h->interface, h->name, h->effective_name})
      if (offset > length) return fail(Code::bad_value, 1, "PKTAP field behind its header");
    flags = h->flags;
    out.link_type = std::uint16_t{h->link_type};
    out.packet = true;
  } else {
    KLIK_TRY(const Header* h, frame.view<Header>(0));
    length = h->length;
    if (length < sizeof(Header)) return fail(Code::bad_value, 0, "PKTAP header shorter than its fields");
    flags = h->flags;
    out.link_type = h->link_type;
    out.packet = h->type == kPacketFollows;
  }
  KLIK_TRY(out.header, frame.slice(0, length));
  KLIK_TRY(out.rest, frame.from(length));
  // The names of the flags hold; the remarks beside them in xnu are the other way round.
  out.side = (flags & (kIn | kOut)) == kIn ? FrameSide::received : (flags & (kIn | kOut)) == kOut ? FrameSide::sent : FrameSide::unknown;
  return out;
}

std::string_view pktap_process(Bytes header) {
  const auto shorter = is_short(header);
  if (!shorter) return {};
  std::uint64_t name = offsetof(Header, name), effective = offsetof(Header, effective_name);
  if (*shorter) {
    const auto h = header.view<ShortHeader>(0);
    if (!h) return {};
    name = (*h)->name, effective = (*h)->effective_name;
  }
  for (const std::uint64_t at : {effective, name})
    if (at != 0)
      if (const std::string_view text = name_at(header, at); !text.empty()) return text;
  return {};
}

}  // namespace klik::net
