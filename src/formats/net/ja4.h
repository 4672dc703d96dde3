// JA4: a short text for how a client says hello, equal for clients with the same TLS library and settings.
// Source: FoxIO, "JA4: TLS Client Fingerprinting", technical details (the specification, BSD 3-Clause). Of the JA4 family only the
// fingerprint of TLS clients is free to implement.
#pragma once

#include <string>

#include "formats/net/tls_hello.h"

namespace klik::tls {

enum class Carrier : std::uint8_t { tcp, quic, dtls };

// "t13d1516h2_8daaf6152771_e5627efa2ab1", by the specification's text.
std::string ja4(const ClientHello& hello, Carrier carrier);

// What the specification's own programs print where that differs, else "". They write 9 for a byte of the ALPN value above 127 and
// other bytes as they are; the text asks for hexadecimal digits (FoxIO-LLC/ja4 issues 148, 178, 326).
std::string ja4_of_programs(const ClientHello& hello, Carrier carrier);

}  // namespace klik::tls
