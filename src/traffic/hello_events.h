// The events of a ClientHello and a ServerHello, the same for TLS, DTLS and QUIC. Callers set origin, time_ns, retried and
// quic_version.
#pragma once

#include <string_view>

#include "formats/net/tls_hello.h"
#include "traffic/events.h"

namespace klik::traffic {

// `over`: "tls", "dtls" or "quic".
Hello client_hello_event(const tls::ClientHello& hello, std::string_view over);
// TLS 1.3 tells ALPN in EncryptedExtensions: such a server's alpn is "" here.
Hello server_hello_event(const tls::ServerHello& hello, std::string_view over);

}  // namespace klik::traffic
