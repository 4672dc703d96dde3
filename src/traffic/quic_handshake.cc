// What the handshake messages of a QUIC connection say (RFC 9001 §4).
#include <algorithm>
#include <utility>

#include "formats/net/quic_parameters.h"
#include "traffic/certificate_events.h"
#include "traffic/gquic_hello.h"
#include "traffic/hello_events.h"
#include "traffic/quic_connection.h"

namespace klik::traffic {
namespace {

std::optional<AeadKind> aead_of(std::uint16_t suite) {
  switch (suite) {
    case 0x1301: return AeadKind::aes_128_gcm;
    case 0x1302: return AeadKind::aes_256_gcm;
    case 0x1303: return AeadKind::chacha20_poly1305;
    default: return {};
  }
}

}  // namespace

void QuicConnection::handshake(const Packet& p, const quic::Frame& frame) {
  // Session tickets and the like come later than that.
  if (p.level != Level::initial && p.level != Level::handshake) return;
  const QuicSide from = side(p.way);
  const std::size_t level = p.level == Level::initial ? 0 : 1;
  QuicCrypto& crypto = state_.crypto[std::to_underlying(from)][level];
  switch (crypto.take(frame.offset, frame.data, p.origin, p.time_ns)) {
    case QuicReorder::Took::all: break;
    case QuicReorder::Took::conflict: problem(Code::conflict, "a CRYPTO frame has other bytes than an earlier one for the same place, which is the one that was read", p.origin, EventSink::Severity::error); break;
    case QuicReorder::Took::full: problem(Code::over_budget, "a QUIC handshake is larger or more scattered than is put together", p.origin, EventSink::Severity::data_loss); break;
  }
  if (state_.version->google_crypto) return google_hello(p, crypto);
  while (const auto next = crypto.next()) {
    const tls::HandshakeMessage& m = next->message;
    if (level == 0) {
      if (m.type == tls::handshake_type::client_hello && from == QuicSide::client) client_hello(m.body, *next);
      if (m.type == tls::handshake_type::server_hello && from == QuicSide::server) server_hello(m.body, *next);
    } else if (m.type == tls::handshake_type::encrypted_extensions && from == QuicSide::server) {
      const auto alpn = tls::parse_encrypted_extensions_alpn(m.body);
      agreed(alpn ? *alpn : std::string_view());
      // The id for an address that the server prefers to be reached at.
      const auto parameters = tls::parse_encrypted_extensions_quic(m.body);
      const auto id = parameters ? quic::preferred_address_id(*parameters) : parameters;
      if (id && !id->empty()) learn_id(other(p.way), *id);
    } else {
      tell_tls13_certificates(context_, m, way_of(from), next->origin, next->time_ns);
    }
  }
}

// Q050 keeps gQUIC's handshake under the keys of Initial packets.
void QuicConnection::google_hello(const Packet& p, const QuicCrypto& crypto) {
  if (state_.client_seen || side(p.way) != QuicSide::client) return;
  const auto hello = gquic::parse_message(crypto.start());
  if (!hello || hello->tag != "CHLO") return;
  // Values that are still to come are empty; padding stands before the name, so the last one decides.
  if (hello->entries.back().value.empty()) return;
  state_.client_seen = state_.server_seen = true;   // the server's answer is not read
  tell_gquic_hello(context_, *hello, state_.version->name, Opened::decrypted, Way::up, crypto.start_origin(), p.time_ns);
}

void QuicConnection::client_hello(Bytes body, const QuicCrypto::Message& at) {
  const auto hello = tls::parse_client_hello(body, tls::HelloForm::tls);
  if (!hello) return problem(hello.error().code, "a ClientHello that cannot be read", at.origin, EventSink::Severity::info);
  if (state_.client_seen && hello->random == state_.random && !state_.retry_asked) return;   // repeated after a Retry
  Hello event = client_hello_event(*hello, "quic");
  event.retried = std::exchange(state_.retry_asked, false) && state_.client_seen;
  event.quic_version = state_.version->number;
  event.origin = at.origin;
  event.time_ns = at.time_ns;
  // Under ECH the name outside is the provider's, or the true one when the client only pretends.
  if (hello->has_server_name && !hello->server_name.empty()) context_.connection.named(hello->server_name, hello->ech ? "outer_sni" : "quic");
  state_.client_seen = true;
  state_.random = hello->random;
  state_.readable = context_.secrets.knows(hello->random);
  // 0-RTT speaks what was agreed on before, which is the first choice as a rule.
  if (!hello->alpn.empty()) state_.alpn = hello->alpn.front();
  if (state_.streams) state_.streams->set_protocol(state_.alpn);
  keys_came_ = true;
  context_.events.hello(context_.connection, std::move(event));
}

void QuicConnection::server_hello(Bytes body, const QuicCrypto::Message& at) {
  if (state_.server_seen) return;
  const auto hello = tls::parse_server_hello(body);
  if (!hello) return problem(hello.error().code, "a ServerHello that cannot be read", at.origin, EventSink::Severity::info);
  Hello event = server_hello_event(*hello, "quic");
  event.retried = hello->retry_request;
  event.quic_version = state_.version->number;
  event.origin = at.origin;
  event.time_ns = at.time_ns;
  if (hello->retry_request) {
    state_.retry_asked = true;
    return context_.events.hello(context_.connection, std::move(event));
  }
  state_.server_seen = keys_came_ = true;
  if (const auto kind = aead_of(hello->cipher_suite)) state_.kinds = {*kind};
  else state_.readable = false;
  state_.server_event = std::move(event);
  // The protocol is told in the next message, which can be read only with this secret.
  if (!state_.readable || context_.secrets.find(state_.random, SecretLabel::server_handshake_traffic).empty()) tell_server_hello();
}

void QuicConnection::tell_server_hello() {
  if (auto event = std::exchange(state_.server_event, {})) context_.events.hello(context_.connection, *std::move(event));
}

void QuicConnection::agreed(std::string_view alpn) {
  if (!alpn.empty()) state_.alpn = alpn;
  if (state_.server_event) state_.server_event->alpn = alpn;
  tell_server_hello();
  if (state_.streams) state_.streams->set_protocol(state_.alpn);
  // The readers of single streams say for themselves what they are.
  if (state_.alpn.starts_with("h3")) context_.connection.speaks("h3");
}

}  // namespace klik::traffic
