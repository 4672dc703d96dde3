#include "live/phone_filter.h"

#include <arpa/inet.h>

#include <array>
#include <optional>

#include "base/bytes.h"

namespace klik::live {
namespace {

std::optional<std::uint8_t> hex_digit(char c) {
  if (c >= '0' && c <= '9') return static_cast<std::uint8_t>(c - '0');
  const char small = static_cast<char>(c | 0x20);
  if (small >= 'a' && small <= 'f') return static_cast<std::uint8_t>(small - 'a' + 10);
  return std::nullopt;
}

using Mac = std::array<std::uint8_t, 6>;

std::optional<Mac> mac_of(std::string_view text) {
  Mac mac{};
  if (text.size() != mac.size() * 3 - 1) return std::nullopt;
  for (std::size_t i = 0; i < mac.size(); ++i) {
    const auto high = hex_digit(text[i * 3]), low = hex_digit(text[i * 3 + 1]);
    if (!high || !low || (i + 1 < mac.size() && text[i * 3 + 2] != ':' && text[i * 3 + 2] != '-')) return std::nullopt;
    mac[i] = static_cast<std::uint8_t>(*high << 4 | *low);
  }
  return mac;
}

std::string spelled(const Mac& mac) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string out;
  for (const std::uint8_t byte : mac) {
    if (!out.empty()) out += ':';
    out += kDigits[byte >> 4];
    out += kDigits[byte & 15];
  }
  return out;
}

// Written anew from what was understood: nothing of the user's own spelling reaches libpcap's parser.
Result<std::string> primitive(std::string_view address) {
  if (const auto mac = mac_of(address)) {
    if ((*mac)[0] & 1 || *mac == Mac{}) return fail(Code::bad_value, 0, "a MAC address of many devices or of none");   // IEEE 802, I/G bit
    return "ether host " + spelled(*mac);
  }
  const std::string ended(address);
  std::array<char, INET6_ADDRSTRLEN> text{};
  in_addr four{};
  if (::inet_pton(AF_INET, ended.c_str(), &four) == 1) {
    const std::uint32_t value = ntohl(four.s_addr);
    if (value >> 28 >= 0xE || value == 0) return fail(Code::bad_value, 0, "an IP address of many devices or of none");   // 224/4 and above
    return std::string("host ") + ::inet_ntop(AF_INET, &four, text.data(), text.size());
  }
  in6_addr six{};
  if (::inet_pton(AF_INET6, ended.c_str(), &six) == 1) {
    if (IN6_IS_ADDR_MULTICAST(&six) || IN6_IS_ADDR_UNSPECIFIED(&six)) return fail(Code::bad_value, 0, "an IP address of many devices or of none");
    return std::string("host ") + ::inet_ntop(AF_INET6, &six, text.data(), text.size());
  }
  return fail(Code::bad_value, 0, "neither a MAC address nor an IP address");
}

}  // namespace

Result<std::string> phone_filter(std::string_view addresses) {
  std::string filter;
  for (std::size_t count = 0;; ++count) {
    if (count == kMostAddresses) return fail(Code::over_budget, 0, "more than 16 addresses");
    const std::size_t comma = addresses.find(',');
    KLIK_TRY(const std::string one, primitive(addresses.substr(0, comma)));
    if (!filter.empty()) filter += " or ";
    filter += one;
    if (comma == addresses.npos) return filter;
    addresses.remove_prefix(comma + 1);
  }
}

}  // namespace klik::live
