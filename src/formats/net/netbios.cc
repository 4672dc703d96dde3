#include "formats/net/netbios.h"

#include <algorithm>
#include <array>

#include "formats/net/dns.h"
#include "formats/net/dns_name.h"

namespace klik::net::netbios {
namespace {

constexpr std::size_t kNameBytes = 16, kWithoutUse = 15;   // the last byte says what the name is used for

std::string readable(Bytes name) {
  std::string_view text = name.text();
  while (text.ends_with(' ') || text.ends_with('\0')) text.remove_suffix(1);
  std::string out;
  for (;;) {   // each step takes a dot or ends
    const std::string_view part = text.substr(0, text.find('.'));
    dns::append_label(out, Bytes::of(part));
    if (part.size() == text.size()) return out;
    out += '.';
    text.remove_prefix(part.size() + 1);
  }
}

}  // namespace

std::optional<std::string> decoded_name(std::string_view dns_name) {
  const std::string_view letters = dns_name.substr(0, dns_name.find('.'));
  if (letters.size() != 2 * kNameBytes || !std::ranges::all_of(letters, [](char c) { return c >= 'a' && c <= 'p'; })) return std::nullopt;
  std::array<std::uint8_t, kNameBytes> name{};
  for (std::size_t i = 0; i < kNameBytes; ++i) name[i] = static_cast<std::uint8_t>((letters[2 * i] - 'a') << 4 | (letters[2 * i + 1] - 'a'));
  return readable(Bytes(name.data(), kWithoutUse));
}

std::vector<std::string> addresses(Bytes data) {
  struct Entry {
    U16be flags;
    std::array<std::uint8_t, 4> address;
  };
  static_assert(sizeof(Entry) == 6);
  std::vector<std::string> out;
  if (const auto entries = data.array<Entry>(0, data.size() / sizeof(Entry)))
    for (const Entry& e : *entries) out.push_back(dns::address_text(Bytes(e.address)));
  return out;
}

Result<void> status_names(Bytes data, std::vector<std::string>& names) {
  constexpr std::uint64_t kEntryBytes = kNameBytes + 2;
  KLIK_TRY(const std::uint8_t count, data.get<std::uint8_t>(0));
  for (std::uint64_t i = 0; i < count; ++i) {
    KLIK_TRY(const Bytes entry, data.slice(1 + i * kEntryBytes, kEntryBytes));
    std::string name = readable(Bytes(entry.span().first(kWithoutUse)));
    if (std::ranges::find(names, name) == names.end()) names.push_back(std::move(name));
  }
  return {};
}

Result<Datagram> read_datagram(Bytes bytes) {
  struct Header {
    std::uint8_t type, flags;
    U16be id;
    std::array<std::uint8_t, 4> address;
    U16be port, length, offset;
  };
  static_assert(sizeof(Header) == 14);
  constexpr std::uint8_t kFirstWithNames = 0x10, kLastWithNames = 0x12;
  KLIK_TRY(const Header* header, bytes.view<Header>(0));
  if (header->type < kFirstWithNames || header->type > kLastWithNames) return fail(Code::bad_value, 0, "no NetBIOS datagram with names");
  KLIK_TRY(const Bytes names, bytes.from(sizeof(Header)));
  KLIK_TRY(const std::string from, dns::name_at(names, 0));
  KLIK_TRY(const std::uint64_t from_end, dns::name_end(names, 0));
  KLIK_TRY(const std::string to, dns::name_at(names, from_end));
  const auto from_name = decoded_name(from), to_name = decoded_name(to);
  if (!from_name || !to_name) return fail(Code::bad_value, sizeof(Header), "the names in a NetBIOS datagram are none");
  return Datagram{*from_name, *to_name, dns::address_text(Bytes(header->address))};
}

}  // namespace klik::net::netbios
