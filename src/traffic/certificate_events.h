// The certificates of a Certificate message of TLS 1.3, told one by one; compressed ones too.
// Source: RFC 8446 §4.4.2, RFC 8879.
#pragma once

#include "formats/net/tls_handshake.h"
#include "traffic/context.h"

namespace klik::traffic {

// Other messages than Certificate and CompressedCertificate are passed over. One that cannot be read is a problem.
void tell_tls13_certificates(Context& context, const tls::HandshakeMessage& message, Way way, Origin origin, std::int64_t time_ns);

}  // namespace klik::traffic
