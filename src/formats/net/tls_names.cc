#include "formats/net/tls_names.h"

#include <algorithm>

namespace klik::tls {
namespace {

struct Named {
  std::uint16_t value;
  std::string_view name;
};

constexpr Named kSuites[] = {
#define KLIK_SUITE(value, name) {value, "TLS_" #name},
#include "formats/net/tls_suites.def"
#undef KLIK_SUITE
};
static_assert(std::ranges::is_sorted(kSuites, {}, &Named::value));

std::string in_hex(std::uint16_t value) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string out = "0x";
  for (int shift = 12; shift >= 0; shift -= 4) out += kDigits[(value >> shift) & 15];
  return out;
}

}  // namespace

std::string version_name(std::uint16_t version) {
  switch (version) {
    case 0x0002: return "SSL 2.0";
    case 0x0300: return "SSL 3.0";
    case 0x0301: return "TLS 1.0";
    case 0x0302: return "TLS 1.1";
    case 0x0303: return "TLS 1.2";
    case 0x0304: return "TLS 1.3";
    case 0xfeff: return "DTLS 1.0";
    case 0xfefd: return "DTLS 1.2";
    case 0xfefc: return "DTLS 1.3";
    default: return in_hex(version);
  }
}

std::string_view cipher_suite_name(std::uint16_t suite) {
  const auto found = std::ranges::lower_bound(kSuites, suite, {}, &Named::value);
  return found != std::end(kSuites) && found->value == suite ? found->name : std::string_view();
}

std::string cipher_suite_text(std::uint16_t suite) {
  const std::string_view name = cipher_suite_name(suite);
  return name.empty() ? in_hex(suite) : std::string(name);
}

}  // namespace klik::tls
