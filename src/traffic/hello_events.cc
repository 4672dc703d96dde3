#include "traffic/hello_events.h"

#include "formats/net/ja4.h"
#include "formats/net/tls_names.h"

namespace klik::traffic {

Hello client_hello_event(const tls::ClientHello& hello, std::string_view over) {
  const tls::Carrier carrier = over == "quic" ? tls::Carrier::quic : over == "dtls" ? tls::Carrier::dtls : tls::Carrier::tcp;
  Hello event;
  event.client = true;
  event.over = over;
  event.version = tls::version_name(hello.highest_version());
  event.sni = hello.server_name;
  for (const std::string_view name : hello.alpn) {
    if (!event.alpn.empty()) event.alpn += ',';
    event.alpn += name;
  }
  event.ja4 = tls::ja4(hello, carrier);
  event.ja4_program = tls::ja4_of_programs(hello, carrier);
  event.ech = hello.ech;
  return event;
}

Hello server_hello_event(const tls::ServerHello& hello, std::string_view over) {
  Hello event;
  event.client = false;
  event.over = over;
  event.version = tls::version_name(hello.version);
  event.alpn = hello.alpn;
  event.cipher = tls::cipher_suite_text(hello.cipher_suite);
  return event;
}

}  // namespace klik::traffic
