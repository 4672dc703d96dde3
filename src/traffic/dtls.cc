// DTLS over datagrams: hellos, certificates and alerts of the handshake; what comes under keys is opened with secrets, of versions 1.0
// and 1.2, and dark without.
// Source: RFC 6347 §4, RFC 9147 §4 (records of 1.3 have another header), RFC 9146 (connection ids), RFC 5764 (media beside the handshake).
#include <algorithm>
#include <array>
#include <utility>

#include "formats/net/tls_alerts.h"
#include "formats/net/tls_handshake.h"
#include "formats/net/tls_record.h"
#include "traffic/dtls_keys.h"
#include "traffic/hello_events.h"
#include "traffic/inner_datagrams.h"
#include "traffic/protocol.h"
#include "traffic/seen_numbers.h"

namespace klik::traffic {
namespace {

constexpr std::uint32_t kAlerts = 16;          // told of one connection
constexpr std::uint32_t kCertificateLists = 16;
constexpr std::uint32_t kHellos = 64;
constexpr std::uint32_t kProblems = 8;
constexpr std::uint16_t kDns = 53, kDnsOverDtls = 853;

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
  explicit DtlsReader(Context& context) : context_(context), state_(context) {}

  void read(const Piece& datagram) override {
    Bytes rest = datagram.bytes;
    while (!rest.empty()) {
      std::uint64_t header_size = tls::kDtlsRecordHeaderSize;
      const auto& id_size = state_.id_sizes[std::to_underlying(datagram.way)];
      const bool with_id = rest[0] == tls::record_type::tls12_cid && id_size;
      const auto header = with_id ? tls::parse_dtls_cid_record_header(rest, *id_size, header_size) : tls::parse_dtls_record_header(rest);
      // Records of DTLS 1.3, of media under the keys of this handshake, or nothing known: all that is left is dark.
      if (!header || (!with_id && !tls::is_plausible(*header))) return hide(datagram.way, rest.size());
      const Bytes after = *rest.from(header_size);
      const std::uint64_t length = std::min<std::uint64_t>(header->record.length, after.size());   // a capture may have cut it
      if (with_id) hide(datagram.way, header_size + length);                                        // their keys cover another header
      else record(*header, *after.slice(0, length), datagram);
      rest = *after.from(length);
    }
  }

  void end() override {
    if (inside_) inside_->end();
    inside_.reset();
  }

 private:
  // All that begins anew when another connection starts between the same ports.
  struct State {
    explicit State(const Context& context) : keys(context.secrets) {
      for (auto& way : messages)
        for (Messages& m : way) m.all = tls::DtlsAssembler(context.limits.handshake_bytes);
    }
    struct Messages {
      std::uint16_t epoch = 0;
      tls::DtlsAssembler all{0};
    };
    DtlsKeys keys;
    std::array<std::array<Messages, 2>, 2> messages;           // by Way: in the clear, and under the newest keys
    std::array<SeenNumbers, 2> seen;                           // by Way: of records that were opened
    std::array<bool, 2> opened{};
    std::array<std::optional<std::uint64_t>, 2> id_sizes;      // by Way
    std::optional<ClientRandom> offered, answered;             // by the client; that the server took
    bool retry_seen = false;
  };

  void hide(Way way, std::uint64_t bytes) { context_.connection.hides(state_.opened[std::to_underlying(way)] ? Dark::damaged : Dark::dtls, way, bytes); }

  void record(const tls::DtlsRecordHeader& header, Bytes body, const Piece& datagram) {
    if (header.epoch > 0) {
      if (!state_.keys.open(datagram.way, header, body, plain_)) return hide(datagram.way, tls::kDtlsRecordHeaderSize + body.size());
      state_.opened[std::to_underlying(datagram.way)] = true;
      if (state_.seen[std::to_underlying(datagram.way)].before(dtls_sequence(header))) return;
      body = Bytes(plain_);
    }
    switch (header.record.type) {
      case tls::record_type::handshake: {
        if (header.epoch == 0 && begins_anew(body)) state_ = State(context_);
        State::Messages& under = state_.messages[std::to_underlying(datagram.way)][header.epoch == 0 ? 0 : 1];
        // Each handshake counts its messages anew; the one that comes under keys is another one.
        if (header.epoch > under.epoch) under = {header.epoch, tls::DtlsAssembler(context_.limits.handshake_bytes)};
        if (header.epoch < under.epoch) return;
        tls::DtlsAssembler& messages = under.all;
        messages.add(body);
        while (const auto next = messages.next()) message(*next, header.epoch, datagram);
        return;
      }
      case tls::record_type::alert: return alert(body, header.epoch, datagram);
      case tls::record_type::application_data:
        if (header.epoch == 0) return hide(datagram.way, tls::kDtlsRecordHeaderSize + body.size());
        return inside({datagram.way, body, datagram.origin, datagram.time_ns});
      default: return;
    }
  }

  // A ClientHello with another random than the one that the server answered: another connection between the same ports (RFC 6347 §4.2.8).
  bool begins_anew(Bytes body) const {
    constexpr std::uint64_t kFragmentHeader = 12, kVersion = 2;
    if (!state_.answered || body.empty() || body[0] != tls::handshake_type::client_hello) return false;
    const auto offset = body.slice(6, 3), random = body.slice(kFragmentHeader + kVersion, state_.answered->size());
    return offset && random && std::ranges::all_of(*offset, [](std::uint8_t b) { return b == 0; }) && !std::ranges::equal(*random, *state_.answered);
  }

  void inside(const Piece& plain) {
    const std::uint16_t port = context_.connection.called.port;
    // RFC 8094 §3.1: DNS has another port here.
    if (!inside_) inside_ = std::make_unique<InnerDatagrams>(context_, told_, InnerDatagrams::Setup{.carrier = "dtls", .port = port == kDnsOverDtls ? kDns : port});
    inside_->read(plain);
  }

  void message(const tls::HandshakeMessage& m, std::uint16_t epoch, const Piece& datagram) {
    switch (m.type) {
      case tls::handshake_type::client_hello: return client_hello(m.body, datagram);
      case tls::handshake_type::server_hello: return server_hello(m.body, epoch, datagram);
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
    event.retried = !hello->cookie.empty() || state_.retry_seen;   // the answer to a HelloVerifyRequest, or to a HelloRetryRequest
    state_.keys.client_hello(*hello);
    state_.offered = hello->random;
    wants_id(other(datagram.way), hello->extensions);
    tell(std::move(event), datagram);
  }

  void server_hello(Bytes body, std::uint16_t epoch, const Piece& datagram) {
    if (++hellos_ > kHellos) return;
    const auto hello = tls::parse_server_hello(body);
    if (!hello) return damaged(hello.error(), "a ServerHello that cannot be read", datagram);
    Hello event = server_hello_event(*hello, "dtls");
    event.retried = hello->retry_request;
    state_.retry_seen |= hello->retry_request;
    if (!hello->retry_request) {
      state_.keys.server_hello(*hello, epoch);
      if (epoch == 0) state_.answered = state_.offered;
    }
    wants_id(other(datagram.way), hello->extensions);
    tell(std::move(event), datagram);
  }

  // An end tells with its hello which id records to it shall have.
  void wants_id(Way to_it, const std::vector<tls::Extension>& extensions) {
    if (const auto id = tls::dtls_connection_id(extensions)) state_.id_sizes[std::to_underlying(to_it)] = id->size();
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

  void alert(Bytes body, std::uint16_t epoch, const Piece& datagram) {
    if (body.size() != 2 || body[1] == tls::kCloseNotify || tls::alert_name(body[1]).empty() || ++alerts_ > kAlerts) return;
    Message event;
    event.protocol = "dtls";
    event.what = "alert";
    event.way = datagram.way;
    event.state = epoch > 0 ? Opened::decrypted : Opened::clear;
    event.detail = std::string(body[0] == 2 ? "fatal " : "warning ") + std::string(tls::alert_name(body[1]));
    event.origin = datagram.origin;
    event.time_ns = datagram.time_ns;
    context_.events.message(context_.connection, std::move(event));
  }

  Context& context_;
  State state_;
  std::vector<std::uint8_t> plain_;            // of the record at hand
  ToldProtocols told_;
  std::unique_ptr<InnerDatagrams> inside_;     // once there are application data
  std::uint32_t alerts_ = 0, certificate_lists_ = 0, hellos_ = 0, problems_ = 0;
};

std::unique_ptr<DatagramReader> open(Context& context) { return std::make_unique<DtlsReader>(context); }

}  // namespace

extern const DatagramProtocol datagram_dtls;
const DatagramProtocol datagram_dtls{.name = "dtls", .title = "Datagram Transport Layer Security 1.0 to 1.3", .spec = "RFC 6347, RFC 9147, RFC 4347", .recognise = recognise, .open = open};

}  // namespace klik::traffic
