// DTLS over datagrams: hellos, certificates and alerts of the handshake; what comes under keys is dark.
// Source: RFC 6347 §4, RFC 9147 §4 (records of 1.3 have another header), RFC 5764 (media beside the handshake).
#include <algorithm>
#include <array>
#include <utility>

#include "formats/net/tls_alerts.h"
#include "formats/net/tls_handshake.h"
#include "formats/net/tls_record.h"
#include "traffic/hello_events.h"
#include "traffic/protocol.h"

namespace klik::traffic {
namespace {

constexpr std::uint32_t kAlerts = 16;          // told of one connection
constexpr std::uint32_t kCertificateLists = 16;
constexpr std::uint32_t kHellos = 64;
constexpr std::uint32_t kProblems = 8;

bool recognise(Bytes first, std::uint16_t) {
  const auto header = tls::parse_dtls_record_header(first);
  if (!header || !tls::is_plausible(*header)) return false;
  const auto body = first.from(tls::kDtlsRecordHeaderSize);
  if (!body || body->empty()) return false;
  if (header->record.type == tls::record_type::handshake && header->epoch == 0) return (*body)[0] <= tls::handshake_type::finished;
  return header->record.length <= body->size();
}

class DtlsReader final : public DatagramReader {
 public:
  explicit DtlsReader(Context& context) : context_(context), messages_{tls::DtlsAssembler(context.limits.handshake_bytes), tls::DtlsAssembler(context.limits.handshake_bytes)} {}

  void read(const Piece& datagram) override {
    Bytes rest = datagram.bytes;
    while (!rest.empty()) {
      const auto header = tls::parse_dtls_record_header(rest);
      // Records of DTLS 1.3, of media under the keys of this handshake, or nothing known: all that is left is dark.
      if (!header || !tls::is_plausible(*header)) return hide(datagram.way, rest.size());
      const Bytes after = *rest.from(tls::kDtlsRecordHeaderSize);
      const std::uint64_t length = std::min<std::uint64_t>(header->record.length, after.size());   // a capture may have cut it
      record(*header, *after.slice(0, length), datagram);
      rest = *after.from(length);
    }
  }

  void end() override {}

 private:
  void hide(Way way, std::uint64_t bytes) { context_.connection.hides(Dark::dtls, way, bytes); }

  void record(const tls::DtlsRecordHeader& header, Bytes body, const Piece& datagram) {
    if (header.epoch > 0) return hide(datagram.way, tls::kDtlsRecordHeaderSize + body.size());
    switch (header.record.type) {
      case tls::record_type::handshake: {
        tls::DtlsAssembler& messages = messages_[std::to_underlying(datagram.way)];
        messages.add(body);
        while (const auto next = messages.next()) message(*next, datagram);
        return;
      }
      case tls::record_type::alert: return alert(body, datagram);
      case tls::record_type::application_data: return hide(datagram.way, tls::kDtlsRecordHeaderSize + body.size());
      default: return;
    }
  }

  void message(const tls::HandshakeMessage& m, const Piece& datagram) {
    switch (m.type) {
      case tls::handshake_type::client_hello: return client_hello(m.body, datagram);
      case tls::handshake_type::server_hello: return server_hello(m.body, datagram);
      case tls::handshake_type::certificate: return certificates(m.body, datagram);
      default: return;
    }
  }

  void damaged(const Error& error, const char* what, const Piece& datagram) {
    if (++problems_ > kProblems) return;
    context_.events.problem({error.code, datagram.origin.at, what, error.file, error.line}, EventSink::Severity::info, connection_text(context_.connection));
  }

  void client_hello(Bytes body, const Piece& datagram) {
    if (++hellos_ > kHellos) return;
    const auto hello = tls::parse_client_hello(body, tls::HelloForm::dtls);
    if (!hello) return damaged(hello.error(), "a ClientHello that cannot be read", datagram);
    if (hello->has_server_name && !hello->server_name.empty()) context_.connection.named(hello->server_name, hello->ech ? "outer_sni" : "sni");
    Hello event = client_hello_event(*hello, "dtls");
    event.retried = !hello->cookie.empty();   // the answer to a HelloVerifyRequest
    tell(std::move(event), datagram);
  }

  void server_hello(Bytes body, const Piece& datagram) {
    if (++hellos_ > kHellos) return;
    const auto hello = tls::parse_server_hello(body);
    if (!hello) return damaged(hello.error(), "a ServerHello that cannot be read", datagram);
    Hello event = server_hello_event(*hello, "dtls");
    event.retried = hello->retry_request;
    tell(std::move(event), datagram);
  }

  void tell(Hello event, const Piece& datagram) {
    event.origin = datagram.origin;
    event.time_ns = datagram.time_ns;
    context_.events.hello(context_.connection, std::move(event));
  }

  void certificates(Bytes body, const Piece& datagram) {
    if (++certificate_lists_ > kCertificateLists) return;
    const auto chain = tls::parse_certificates(body, tls::CertificateForm::tls12);   // 1.3 has them under keys only
    if (!chain) return damaged(chain.error(), "a Certificate message that cannot be read", datagram);
    std::uint32_t position = 0;
    for (const Bytes der : *chain) context_.events.certificate(context_.connection, {datagram.way, position++, {der.begin(), der.end()}, datagram.origin, datagram.time_ns});
  }

  void alert(Bytes body, const Piece& datagram) {
    if (body.size() != 2 || body[1] == tls::kCloseNotify || tls::alert_name(body[1]).empty() || ++alerts_ > kAlerts) return;
    Message event;
    event.protocol = "dtls";
    event.what = "alert";
    event.way = datagram.way;
    event.detail = std::string(body[0] == 2 ? "fatal " : "warning ") + std::string(tls::alert_name(body[1]));
    event.origin = datagram.origin;
    event.time_ns = datagram.time_ns;
    context_.events.message(context_.connection, std::move(event));
  }

  Context& context_;
  std::array<tls::DtlsAssembler, 2> messages_;
  std::uint32_t alerts_ = 0, certificate_lists_ = 0, hellos_ = 0, problems_ = 0;
};

std::unique_ptr<DatagramReader> open(Context& context) { return std::make_unique<DtlsReader>(context); }

}  // namespace

extern const DatagramProtocol datagram_dtls;
const DatagramProtocol datagram_dtls{.name = "dtls", .title = "Datagram Transport Layer Security 1.0 to 1.3", .spec = "RFC 6347, RFC 9147, RFC 4347", .recognise = recognise, .open = open};

}  // namespace klik::traffic
