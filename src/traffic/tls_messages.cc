// What the handshake messages and alerts of a TLS connection say.
#include <algorithm>
#include <string>
#include <utility>

#include "formats/net/tls_alerts.h"
#include "traffic/certificate_events.h"
#include "traffic/hello_events.h"
#include "traffic/tls_session.h"

namespace klik::traffic {
namespace {

// Told of one connection: renegotiation may repeat them, a stream made to flood may not.
constexpr std::uint32_t kAlerts = 16, kProblems = 8, kHellos = 64, kCertificateLists = 16;

}  // namespace

void TlsSession::handshake(Way way, Bytes fragment, const TlsRecord& r) {
  Side& s = side(way);
  s.messages.add(fragment);
  const Stage stage = s.stage;
  // A change of keys clears what waits: the messages of one stage never go on in the next.
  while (const auto next = s.messages.next()) {
    message(way, *next, r);
    if (s.stage != stage || s.dark) return;
  }
}

void TlsSession::message(Way way, const tls::HandshakeMessage& m, const TlsRecord& r) {
  Side& s = side(way);
  const bool tls13 = tls::is_tls13(version_);
  switch (m.type) {
    case tls::handshake_type::client_hello: return way == Way::up && ++hellos_ <= kHellos ? client_hello(m.body, r) : void();
    case tls::handshake_type::server_hello: return way == Way::down && ++hellos_ <= kHellos ? server_hello(m.body, r) : void();
    case tls::handshake_type::hello_retry_request:   // of its own in drafts before 22
      retry_seen_ = true;
      return;
    case tls::handshake_type::certificate:
    case tls::handshake_type::compressed_certificate:
      if (++certificate_lists_ > kCertificateLists) return;
      if (!tls13 && m.type == tls::handshake_type::certificate) return certificates(way, m.body, r);
      return tls13 ? tell_tls13_certificates(context_, m, way, r.origin, r.time_ns) : void();
    case tls::handshake_type::encrypted_extensions:
      if (!tls13 || way != Way::down) return;
      if (const auto agreed_alpn = tls::parse_encrypted_extensions_alpn(m.body); agreed_alpn && !agreed_alpn->empty()) {
        alpn_ = *agreed_alpn;
        if (server_event_) server_event_->alpn = alpn_;
      }
      return tell_server_hello();
    case tls::handshake_type::end_of_early_data: return tls13 && way == Way::up && s.stage == Stage::early ? enter(way, Stage::handshake) : void();
    case tls::handshake_type::finished: return tls13 && s.stage == Stage::handshake ? enter(way, Stage::traffic) : void();
    case tls::handshake_type::key_update:
      if (!tls13 || s.stage != Stage::traffic || !s.cipher) return;
      if (auto next = s.cipher->updated()) s.cipher = std::move(next), s.sequence = 0;
      return;
    default: return;
  }
}

void TlsSession::tell_problem(const Error& error, const char* what, const TlsRecord& r) {
  if (++problems_ > kProblems) return;
  context_.events.problem({error.code, r.origin.at, what, error.file, error.line}, EventSink::Severity::info, connection_text(context_.connection));
}

void TlsSession::client_hello(Bytes body, const TlsRecord& r) {
  const auto hello = tls::parse_client_hello(body, tls::HelloForm::tls);
  if (!hello) return tell_problem(hello.error(), "a ClientHello that cannot be read", r);
  Hello event = client_hello_event(*hello, "tls");
  event.retried = retry_seen_ && client_seen_;
  event.origin = r.origin;
  event.time_ns = r.time_ns;
  // Under ECH the name outside is the provider's, or the true one when the client only pretends.
  if (hello->has_server_name && !hello->server_name.empty()) context_.connection.named(hello->server_name, hello->ech ? "outer_sni" : "sni");
  client_seen_ = true;
  ech_ |= hello->ech;
  early_offered_ |= hello->early_data;
  client_random_ = hello->random;
  if (hello->alpn.size() == 1) alpn_ = hello->alpn.front();
  // A renegotiation: keys stay those of before until ChangeCipherSpec.
  context_.events.hello(context_.connection, std::move(event));
}

void TlsSession::server_hello(Bytes body, const TlsRecord& r) {
  const auto hello = tls::parse_server_hello(body);
  if (!hello) return tell_problem(hello.error(), "a ServerHello that cannot be read", r);
  Hello event = server_hello_event(*hello, "tls");
  event.retried = hello->retry_request;
  event.origin = r.origin;
  event.time_ns = r.time_ns;
  if (hello->retry_request) {
    retry_seen_ = true;
    return context_.events.hello(context_.connection, std::move(event));
  }
  server_seen_ = true;
  version_ = hello->version;
  server_random_ = hello->random;
  suite_number_ = hello->cipher_suite;
  suite_ = cipher_suite(suite_number_);
  encrypt_then_mac_ = hello->encrypt_then_mac;
  if (!hello->alpn.empty()) alpn_ = hello->alpn;
  server_event_ = std::move(event);
  // TLS 1.3 tells the protocol in the next message, which can be read only with this secret.
  const bool waits = tls::is_tls13(version_) && client_seen_ && stage_cipher(Way::down, Stage::handshake);
  if (!waits) tell_server_hello();
}

void TlsSession::tell_server_hello() {
  if (auto event = std::exchange(server_event_, {})) context_.events.hello(context_.connection, *std::move(event));
}

void TlsSession::certificates(Way way, Bytes body, const TlsRecord& r) {
  const auto chain = tls::parse_certificates(body, tls::CertificateForm::tls12);
  if (!chain) return tell_problem(chain.error(), "a Certificate message that cannot be read", r);
  std::uint32_t position = 0;
  for (const Bytes der : *chain) context_.events.certificate(context_.connection, {way, position++, {der.begin(), der.end()}, r.origin, r.time_ns});
}

void TlsSession::alert(Way way, Bytes body, const TlsRecord& r) {
  if (body.size() != 2) return;
  if (body[1] == tls::kCloseNotify) context_.connection.closed[std::to_underlying(way)] = true;
  const std::string_view name = tls::alert_name(body[1]);
  if (name.empty() || body[1] == tls::kCloseNotify || ++alerts_ > kAlerts) return;
  Message event;
  event.protocol = "tls";
  event.what = "alert";
  event.way = way;
  event.state = side(way).cipher ? Opened::decrypted : Opened::clear;
  event.detail = std::string(body[0] == 2 ? "fatal " : "warning ") + std::string(name);
  event.origin = r.origin;
  event.time_ns = r.time_ns;
  context_.events.message(context_.connection, std::move(event));
}

}  // namespace klik::traffic
