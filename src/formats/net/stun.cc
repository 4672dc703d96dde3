#include "formats/net/stun.h"

#include <array>

namespace klik::net::stun {
namespace {

struct Header {
  U16be type, length;
  U32be cookie;
  std::array<std::uint8_t, 12> transaction;
};
static_assert(sizeof(Header) == 20);

struct Attribute {
  U16be type, length;
};
static_assert(sizeof(Attribute) == 4);

constexpr std::uint32_t kCookie = 0x2112a442;
enum AttributeType : std::uint16_t { kUserName = 0x0006, kRealm = 0x0014, kSoftware = 0x8022 };

std::string_view method_name(unsigned method) {
  switch (method) {
    case 1: return "Binding";
    case 3: return "Allocate";
    case 4: return "Refresh";
    case 6: return "Send";
    case 7: return "Data";
    case 8: return "CreatePermission";
    case 9: return "ChannelBind";
    default: return "";
  }
}

}  // namespace

Result<Message> read(Bytes bytes) {
  KLIK_TRY(const Header* header, bytes.view<Header>(0));
  const unsigned type = header->type, length = header->length;
  if ((type & 0xc000u) != 0 || length % 4 != 0) return fail(Code::bad_value, 0, "not STUN");
  KLIK_TRY(const Bytes attributes, bytes.slice(sizeof(Header), length));
  constexpr std::string_view kForms[] = {"request", "indication", "success", "error"};
  Message out;
  out.form = kForms[(type >> 4 & 1) | (type >> 7 & 2)];
  out.method = method_name((type & 0xfu) | (type >> 1 & 0x70u) | (type >> 2 & 0xf80u));
  out.cookie = header->cookie == kCookie;
  for (std::uint64_t at = 0; at < attributes.size();) {   // an attribute takes four bytes at least
    KLIK_TRY(const Attribute* attribute, attributes.view<Attribute>(at));
    KLIK_TRY(const Bytes value, attributes.slice(at + sizeof(Attribute), attribute->length));
    if (attribute->type == kSoftware) out.software = value.text();
    if (attribute->type == kRealm) out.realm = value.text();
    if (attribute->type == kUserName) out.user_name = value;
    at += sizeof(Attribute) + (std::uint64_t{attribute->length} + 3) / 4 * 4;
  }
  return out;
}

}  // namespace klik::net::stun
