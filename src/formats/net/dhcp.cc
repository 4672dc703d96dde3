#include "formats/net/dhcp.h"

#include <array>

#include "formats/net/dns.h"
#include "formats/net/dns_name.h"

namespace klik::net::dhcp {
namespace {

struct HeaderV4 {
  std::uint8_t operation, hardware, hardware_length, hops;
  U32be transaction;
  U16be seconds, flags;
  std::array<std::uint8_t, 4> client, yours, next_server, relay;
  std::array<std::uint8_t, 16> hardware_address;
  std::array<std::uint8_t, 64> server_name;
  std::array<std::uint8_t, 128> file;
  U32be cookie;
};
static_assert(sizeof(HeaderV4) == 240);

enum OptionV4 : std::uint8_t { kPad = 0, kNameServers = 6, kHostName = 12, kDomain = 15, kOverload = 52, kType = 53, kAsked = 55, kVendor = 60, kFullName = 81, kEnd = 255 };
enum OptionV6 : std::uint16_t { kAskedV6 = 6, kRelayed = 9, kVendorV6 = 16, kNameServersV6 = 23, kDomainsV6 = 24, kFullNameV6 = 39 };
constexpr std::uint32_t kCookie = 0x63825363;
constexpr std::uint64_t kRelayHeader = 34, kHeaderV6 = 4;
constexpr unsigned kMostRelays = 8;

std::string as_text(Bytes bytes) {
  std::string_view text = bytes.text();
  while (text.ends_with('\0')) text.remove_suffix(1);
  return std::string(text);
}

std::string as_name(Bytes bytes) {
  std::string out = as_text(bytes);
  while (out.ends_with('.')) out.pop_back();
  for (char& c : out)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
  return out;
}

// A name on the wire that may lack its last zero: a name without a domain (RFC 4704 §4.2).
std::string wire_name(Bytes bytes) {
  if (const auto name = dns::name_at(bytes, 0)) return *name == "." ? std::string() : *name;
  std::string out;
  for (std::uint64_t at = 0; at < bytes.size();) {   // each label takes a byte at least
    const auto length = bytes.get<std::uint8_t>(at);
    const auto label = bytes.slice(at + 1, *length);
    if (!label || *length == 0) break;
    if (!out.empty()) out += '.';
    dns::append_label(out, *label);
    at += std::uint64_t{1} + *length;
  }
  return out;
}

std::string full_name_v4(Bytes data) {
  constexpr std::uint8_t kOnTheWire = 4;   // flag E
  const auto flags = data.get<std::uint8_t>(0);
  const auto name = data.from(3);
  if (!flags || !name) return {};
  return *flags & kOnTheWire ? wire_name(*name) : as_name(*name);
}

std::vector<std::string> addresses(Bytes data, std::uint64_t each) {
  std::vector<std::string> out;
  for (std::uint64_t at = 0; at + each <= data.size(); at += each) out.push_back(dns::address_text(Bytes(data.span().subspan(at, each))));
  return out;
}

std::string_view type_v4(std::uint8_t type) {
  constexpr std::string_view kNames[] = {"BOOTP", "DISCOVER", "OFFER", "REQUEST", "DECLINE", "ACK", "NAK", "RELEASE", "INFORM"};
  return type < std::size(kNames) ? kNames[type] : "OTHER";
}

std::string_view type_v6(std::uint8_t type) {
  constexpr std::string_view kNames[] = {"", "SOLICIT", "ADVERTISE", "REQUEST", "CONFIRM", "RENEW", "REBIND", "REPLY", "RELEASE", "DECLINE", "RECONFIGURE", "INFORMATION-REQUEST", "RELAY-FORW", "RELAY-REPL"};
  return type < std::size(kNames) ? kNames[type] : "";
}

// Returns the value of the option that says where more options are (RFC 2132 §9.3); 0 for nowhere.
std::uint8_t read_options_v4(Bytes options, Message& out) {
  std::uint8_t overload = 0;
  for (std::uint64_t at = 0; at < options.size();) {   // an option takes a byte at least
    const auto code = options.get<std::uint8_t>(at);
    if (*code == kEnd) break;
    if (*code == kPad) {
      ++at;
      continue;
    }
    const auto length = options.get<std::uint8_t>(at + 1);
    if (!length) break;
    const auto data = options.slice(at + 2, *length);
    if (!data) break;
    at += std::uint64_t{2} + *length;
    switch (*code) {
      case kType: out.type = type_v4(data->empty() ? 0 : (*data)[0]); break;
      case kHostName: out.host_name = as_name(*data); break;
      case kFullName: out.full_name = full_name_v4(*data); break;
      case kVendor: out.vendor_class = as_text(*data); break;
      case kDomain: out.domain = as_name(*data); break;
      case kNameServers: out.name_servers = addresses(*data, 4); break;
      case kAsked: out.asked_options = *length; break;
      case kOverload: overload = data->empty() ? 0 : (*data)[0]; break;
      default: break;
    }
  }
  return overload;
}

}  // namespace

Result<Message> read_v4(Bytes bytes) {
  KLIK_TRY(const HeaderV4* header, bytes.view<HeaderV4>(0));
  if (header->cookie != kCookie || header->operation < 1 || header->operation > 2) return fail(Code::bad_magic, 236, "not DHCP");
  Message out;
  out.type = "BOOTP";
  out.from_server = header->operation == 2;
  KLIK_TRY(const Bytes options, bytes.from(sizeof(HeaderV4)));
  const std::uint8_t overload = read_options_v4(options, out);
  if (overload & 1) read_options_v4(Bytes(header->file), out);
  if (overload & 2) read_options_v4(Bytes(header->server_name), out);
  return out;
}

Result<Message> read_v6(Bytes bytes) {
  Message out;
  for (unsigned relays = 0; relays <= kMostRelays; ++relays) {
    KLIK_TRY(const std::uint8_t type, bytes.get<std::uint8_t>(0));
    out.type = type_v6(type);
    if (out.type.empty()) return fail(Code::bad_value, 0, "no DHCPv6 message");
    const bool relay = out.type.starts_with("RELAY");
    out.from_server = out.type == "ADVERTISE" || out.type == "REPLY" || out.type == "RECONFIGURE" || out.type == "RELAY-REPL";
    KLIK_TRY(const Bytes options, bytes.from(relay ? kRelayHeader : kHeaderV6));
    Bytes relayed;
    for (std::uint64_t at = 0; at < options.size();) {   // an option takes four bytes at least
      const auto code = options.get<U16be>(at);
      const auto length = options.get<U16be>(at + 2);
      if (!code || !length) break;
      const auto data = options.slice(at + 4, *length);
      if (!data) break;
      at += std::uint64_t{4} + *length;
      if (relay && *code == kRelayed) relayed = *data;
      if (relay) continue;
      switch (*code) {
        case kAskedV6: out.asked_options = *length / 2; break;
        case kFullNameV6: out.full_name = data->empty() ? std::string() : wire_name(Bytes(data->span().subspan(1))); break;
        case kVendorV6: out.vendor_class = data->size() > 6 ? as_text(Bytes(data->span().subspan(6))) : std::string(); break;   // enterprise number, length
        case kNameServersV6: out.name_servers = addresses(*data, 16); break;
        case kDomainsV6: out.domain = wire_name(*data); break;
        default: break;
      }
    }
    if (relayed.empty()) return out;
    bytes = relayed;
  }
  return fail(Code::over_budget, 0, "relays of DHCPv6 in relays are too deep to follow");
}

}  // namespace klik::net::dhcp
