#include "traffic/certificate_events.h"

#include <optional>
#include <string_view>
#include <vector>

#include "formats/net/cursor.h"
#include "traffic/content_coding.h"

namespace klik::traffic {
namespace {

// The message that a CompressedCertificate stands for.
Result<std::vector<std::uint8_t>> decompressed(Bytes body, std::uint64_t longest) {
  net::Cursor in(body);
  KLIK_TRY(const std::uint16_t algorithm, in.u16());
  KLIK_TRY(const std::uint32_t size, in.u24());
  KLIK_TRY(const Bytes packed, in.vector24());
  constexpr std::string_view kCodings[] = {"", "deflate", "br", "zstd"};   // RFC 8879 §7.3
  if (algorithm == 0 || algorithm >= std::size(kCodings)) return fail(Code::unsupported, 0, "certificates compressed by an unknown algorithm");
  if (size > longest) return fail(Code::over_budget, 2, "compressed certificates larger than one handshake message may be");
  Uncoded out = undo_codings(packed, kCodings[algorithm], size);
  if (out.end != CodingEnd::whole || out.bytes.size() != size) return fail(Code::bad_value, 8, "compressed certificates that do not unpack to their size");
  return std::move(out.bytes);
}

Result<void> tell(Context& context, const tls::HandshakeMessage& message, Way way, Origin origin, std::int64_t time_ns) {
  std::vector<std::uint8_t> unpacked;
  Bytes body = message.body;
  if (message.type == tls::handshake_type::compressed_certificate) {
    KLIK_TRY(unpacked, decompressed(body, context.limits.handshake_bytes));
    body = Bytes(unpacked);
  }
  KLIK_TRY(const auto chain, tls::parse_certificates(body, tls::CertificateForm::tls13));
  std::uint32_t position = 0;
  for (const Bytes der : chain) context.events.certificate(context.connection, {way, position++, {der.begin(), der.end()}, origin, time_ns});
  return {};
}

}  // namespace

void tell_tls13_certificates(Context& context, const tls::HandshakeMessage& message, Way way, Origin origin, std::int64_t time_ns) {
  if (message.type != tls::handshake_type::certificate && message.type != tls::handshake_type::compressed_certificate) return;
  const auto done = tell(context, message, way, origin, time_ns);
  if (!done) context.events.problem({done.error().code, origin.at, done.error().what, done.error().file, done.error().line}, EventSink::Severity::info, connection_text(context.connection));
}

}  // namespace klik::traffic
