#include "formats/net/ja4.h"

#include <algorithm>
#include <string_view>

#include "base/hash.h"

namespace klik::tls {
namespace {

constexpr std::string_view kDigits = "0123456789abcdef";
constexpr std::string_view kNothing = "000000000000";

std::string_view version_letters(std::uint16_t version) {
  switch (version) {
    case 0x0304: return "13";
    case 0x0303: return "12";
    case 0x0302: return "11";
    case 0x0301: return "10";
    case 0x0300: return "s3";
    case 0x0002: return "s2";
    case 0xfeff: return "d1";
    case 0xfefd: return "d2";
    case 0xfefc: return "d3";
    default: return "00";
  }
}

std::string two_digits(std::size_t count) {
  count = std::min<std::size_t>(count, 99);
  return {static_cast<char>('0' + count / 10), static_cast<char>('0' + count % 10)};
}

bool is_alphanumeric(std::uint8_t c) { return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z'); }

std::string alpn_letters(const ClientHello& hello) {
  if (hello.alpn.empty() || hello.alpn.front().empty()) return "00";
  const auto first = static_cast<std::uint8_t>(hello.alpn.front().front());
  const auto last = static_cast<std::uint8_t>(hello.alpn.front().back());
  if (is_alphanumeric(first) && is_alphanumeric(last)) return {static_cast<char>(first), static_cast<char>(last)};
  return {kDigits[first >> 4], kDigits[last & 15]};
}

std::string alpn_letters_of_programs(const ClientHello& hello) {
  if (hello.alpn.empty() || hello.alpn.front().empty()) return "00";
  const auto letter = [](char c) { return static_cast<std::uint8_t>(c) > 127 ? '9' : c; };
  return {letter(hello.alpn.front().front()), letter(hello.alpn.front().back())};
}

void append_hex(std::string& out, std::uint16_t value) {
  if (!out.empty() && out.back() != '_') out += ',';
  for (int shift = 12; shift >= 0; shift -= 4) out += kDigits[(value >> shift) & 15];
}

std::string digest(const std::string& list) {
  return list.empty() ? std::string(kNothing) : hex(as_bytes(sha256(Bytes::of(list)))).substr(0, kNothing.size());
}

std::string assemble(const ClientHello& hello, Carrier carrier, const std::string& alpn) {
  std::vector<std::uint16_t> ciphers, extensions;
  std::size_t extension_count = 0;
  for (const std::uint16_t c : hello.cipher_suites)
    if (!is_grease(c)) ciphers.push_back(c);
  for (const Extension& e : hello.extensions) {
    if (is_grease(e.type)) continue;
    ++extension_count;
    if (e.type != extension::server_name && e.type != extension::alpn) extensions.push_back(e.type);
  }
  std::ranges::sort(ciphers);
  std::ranges::sort(extensions);

  std::string out{carrier == Carrier::quic ? 'q' : carrier == Carrier::dtls ? 'd' : 't'};
  out += version_letters(hello.highest_version());
  out += hello.has_server_name ? 'd' : 'i';
  out += two_digits(ciphers.size()) + two_digits(extension_count) + alpn;

  std::string list;
  for (const std::uint16_t c : ciphers) append_hex(list, c);
  out += '_' + digest(list);

  list.clear();
  for (const std::uint16_t e : extensions) append_hex(list, e);
  if (!list.empty() && !hello.signature_algorithms.empty()) {
    list += '_';
    for (const std::uint16_t a : hello.signature_algorithms)
      if (!is_grease(a)) append_hex(list, a);
  }
  out += '_' + digest(list);
  return out;
}

}  // namespace

std::string ja4(const ClientHello& hello, Carrier carrier) { return assemble(hello, carrier, alpn_letters(hello)); }

std::string ja4_of_programs(const ClientHello& hello, Carrier carrier) {
  const std::string alpn = alpn_letters_of_programs(hello);
  return alpn == alpn_letters(hello) ? std::string() : assemble(hello, carrier, alpn);
}

}  // namespace klik::tls
