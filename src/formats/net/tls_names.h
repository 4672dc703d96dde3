// The names of protocol versions and cipher suites.
// Source: IANA, "Transport Layer Security (TLS) Parameters"; RFC 9147 and RFC 6347 for DTLS.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace klik::tls {

// "TLS 1.3", "SSL 3.0", "DTLS 1.2"; "0x7f14" for what has no name.
std::string version_name(std::uint16_t version);

// "TLS_AES_128_GCM_SHA256"; "" for what IANA has not named.
std::string_view cipher_suite_name(std::uint16_t suite);
// The same; "0x1301" for what IANA has not named.
std::string cipher_suite_text(std::uint16_t suite);

}  // namespace klik::tls
