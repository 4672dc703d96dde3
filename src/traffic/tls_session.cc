#include "traffic/tls_session.h"

#include <algorithm>
#include <utility>

#include "base/release.h"
#include "formats/net/tls_names.h"

namespace klik::traffic {
namespace {

constexpr std::uint32_t kNumbersAfterGap = 64;    // sequence numbers that are tried for one record
constexpr std::uint64_t kTries = 4096;
constexpr std::size_t kKeptRoom = 4096;           // for the plaintext of a record
constexpr std::uint32_t kFailuresInARow = 32;     // then the way is dark
constexpr std::uint32_t kRecordsBefore = 16;      // of a handshake without its secret, before those that the keys at hand are for
constexpr std::uint32_t kFailuresAtFirst = 512;   // early data that the server rejects, or without a secret, fails so too

}  // namespace

TlsSession::TlsSession(Context& context, OpenInside inside)
    : context_(context), sides_{Side{tls::HandshakeAssembler(context.limits.handshake_bytes)}, Side{tls::HandshakeAssembler(context.limits.handshake_bytes)}}, tries_left_(kTries), open_inside_(std::move(inside)) {}

TlsSession::~TlsSession() = default;

// Could secrets of this connection still turn out to be there?
bool TlsSession::hopeful() const { return !context_.secrets.empty() && (!client_seen_ || context_.secrets.knows(client_random_)); }

bool TlsSession::wants(Way way, std::uint8_t type) {
  const Side& s = side(way);
  if (s.dark) return false;
  if (s.cipher || type != tls::record_type::application_data || hopeful()) return true;
  // Between the hellos a second ClientHello can follow early data; afterwards nothing follows that can be read.
  if (agreed()) give_up(way);
  return false;
}

// Damaged is what could be read but for what the capture lacks: not what lacks a secret, or has a wrong one.
// ECH counts as a reason of its own although a client's GREASE looks the same: where it stands, not even the name is certain.
void TlsSession::hide(Way way, std::uint64_t bytes) {
  const Side& s = side(way);
  context_.connection.hides(s.opened && !s.no_secret && (s.fits || s.gapped) ? Dark::damaged : ech_ && !s.opened ? Dark::ech : Dark::tls, way, bytes);
}

void TlsSession::give_up(Way way) {
  Side& s = side(way);
  s.dark = true;
  s.cipher.reset();
  s.messages.clear();
  if (inner_ && s.opened && !std::exchange(s.gap_told, true)) inner_->gap(way, 0);
}

bool TlsSession::is_protected(Way way, const TlsRecord& r) const {
  const Side& s = side(way);
  if (s.cipher) return true;
  if (r.header.type == tls::record_type::application_data) return true;
  if (!s.changed_cipher || r.header.type == tls::record_type::change_cipher_spec) return false;
  if (agreed() && !tls::is_tls13(version_)) return true;
  // Behind ChangeCipherSpec a second ClientHello is in the clear (RFC 8446 §D.4), a Finished is not and starts at random.
  const auto length = r.fragment.slice(0, 4);
  const bool hello = length && ((*length)[0] == tls::handshake_type::client_hello || (*length)[0] == tls::handshake_type::server_hello) && (*length)[1] == 0;
  return r.header.type == tls::record_type::handshake && !hello;
}

void TlsSession::record(Way way, const TlsRecord& r) {
  if (side(way).dark) return hide(way, tls::kRecordHeaderSize + r.fragment.size());
  if (hold(way, r)) return;
  take(way, r);
  release();
}

// Before both hellos are known, what is protected waits, and so does what follows it.
bool TlsSession::hold(Way way, const TlsRecord& r) {
  if (agreed() || !hopeful()) return false;
  const bool queue = side(way).waiting;
  const bool change = r.header.type == tls::record_type::change_cipher_spec && !retry_seen_;
  if (!queue && !change && !is_protected(way, r)) return false;
  // A second ClientHello does not wait behind early data: the answer to it is what the rest waits for.
  if (queue && !change && !is_protected(way, r) && retry_seen_) return false;
  const std::uint64_t cost = sizeof(Held) + r.fragment.size();
  if (held_bytes_ + cost > context_.limits.handshake_bytes) {
    for (const Held& h : held_)
      if (h.way == way) hide(way, tls::kRecordHeaderSize + h.fragment.size());
    std::erase_if(held_, [way](const Held& h) { return h.way == way; });
    give_up(way);
    hide(way, tls::kRecordHeaderSize + r.fragment.size());
    return true;
  }
  held_bytes_ += cost;
  side(way).waiting = true;
  held_.push_back({way, r.header, {r.fragment.begin(), r.fragment.end()}, r.origin, r.time_ns});
  return true;
}

void TlsSession::release() {
  if (!agreed() || held_.empty()) return;
  for (Side& s : sides_) s.waiting = false;
  for (const Held& h : std::exchange(held_, {})) {
    const TlsRecord r{h.header, Bytes(h.fragment), h.origin, h.time_ns};
    if (side(h.way).dark) hide(h.way, tls::kRecordHeaderSize + h.fragment.size());
    else take(h.way, r);
  }
  held_bytes_ = 0;
}

void TlsSession::take(Way way, const TlsRecord& r) {
  const bool is_change = r.header.type == tls::record_type::change_cipher_spec;
  if (is_change && (tls::is_tls13(version_) || retry_seen_)) return;   // means nothing there
  if (is_protected(way, r)) take_protected(way, r);
  else take_clear(way, r);
}

void TlsSession::take_clear(Way way, const TlsRecord& r) {
  if (r.header.type == tls::record_type::change_cipher_spec) return change_cipher(way);
  content(way, r.header.type, r.fragment, r);
}

void TlsSession::take_protected(Way way, const TlsRecord& r) {
  Side& s = side(way);
  const std::uint64_t size = tls::kRecordHeaderSize + r.fragment.size();
  if (!s.cipher && s.stage == Stage::clear && agreed() && tls::is_tls13(version_)) enter(way, way == Way::up && early_offered_ && !retry_seen_ ? Stage::early : Stage::handshake);
  if (!s.cipher) {
    if (agreed()) give_up(way);
    return hide(way, size);
  }
  const Trial trial = try_open(way, r, s.uncertain ? kNumbersAfterGap : 1);
  if (!trial.good) {
    if (s.refused++ == 0) s.refused_at = r.origin.at;
    hide(way, size);
    if (++s.failures >= (s.opened ? kFailuresInARow : kFailuresAtFirst) || tries_left_ == 0 || !s.cipher->stands_alone()) give_up(way);
    return;
  }
  opened_content(way, trial.type, r);
}

void TlsSession::change_cipher(Way way) {
  Side& s = side(way);
  s.changed_cipher = true;
  s.messages.clear();
  if (!agreed()) return;
  s.cipher = stage_cipher(way, Stage::traffic);
  judge(s);
  s.stage = Stage::traffic;
  s.sequence = 0;
  s.fits = s.borrowed = false;
  s.refused = 0;
  s.no_secret = !s.cipher;
  if (!s.cipher) give_up(way);
}

std::unique_ptr<RecordCipher> TlsSession::stage_cipher(Way way, Stage stage) const {
  if (!suite_) return nullptr;
  const bool up = way == Way::up;
  if (tls::is_tls13(version_)) {
    const SecretLabel label = stage == Stage::early       ? SecretLabel::client_early_traffic
                              : stage == Stage::handshake ? (up ? SecretLabel::client_handshake_traffic : SecretLabel::server_handshake_traffic)
                                                          : (up ? SecretLabel::client_traffic : SecretLabel::server_traffic);
    return tls13_cipher(*suite_, version_, context_.secrets.find(client_random_, label));
  }
  const Bytes master = context_.secrets.find(client_random_, SecretLabel::client_random);
  if (master.empty() || version_ < tls::kTls10 || version_ > tls::kTls12) return nullptr;
  return tls12_cipher(*suite_, {version_, master, Bytes(client_random_), Bytes(server_random_), encrypt_then_mac_}, way);
}

// The first stage from here on that has a secret.
void TlsSession::enter(Way way, Stage stage) {
  Side& s = side(way);
  judge(s);
  s.sequence = 0;
  s.messages.clear();
  s.fits = s.no_secret = false;
  s.borrowed = stage == Stage::early || (way == Way::up && early_offered_);   // early data may have been rejected, or have no secret
  s.refused = 0;
  for (int n = std::to_underlying(stage); n <= std::to_underlying(Stage::traffic); ++n) {
    s.stage = static_cast<Stage>(n);
    s.cipher = stage_cipher(way, s.stage);
    if (s.cipher) return;
    s.borrowed = true;
  }
  s.no_secret = true;
}

// When the keys of a stage are done with: were they the right ones?
void TlsSession::judge(Side& s) {
  s.unfit |= !s.fits && !s.gapped && s.refused > (s.borrowed ? kRecordsBefore : 0);
}

bool TlsSession::try_numbers(RecordCipher& cipher, std::uint64_t first, std::uint32_t numbers, const TlsRecord& r, std::uint8_t& type, std::uint64_t& found) {
  for (std::uint32_t n = 0; n < numbers && tries_left_ > 0; ++n) {
    type = r.header.type;
    if (cipher.open(first + n, r.header, r.fragment, plain_, type)) return found = first + n, true;
    --tries_left_;
  }
  return false;
}

// Under the keys at hand, else under those that follow: the message that announces a change can have been lost, early data can have
// been rejected, and a key log can lack a stage.
TlsSession::Trial TlsSession::try_open(Way way, const TlsRecord& r, std::uint32_t numbers) {
  Side& s = side(way);
  std::uint8_t type = r.header.type;
  std::uint64_t number = 0;
  const auto succeed = [&] {
    s.sequence = number + 1;
    s.failures = 0;
    s.opened = s.fits = true;
    s.uncertain = false;
    return Trial{true, type};
  };
  if (try_numbers(*s.cipher, s.sequence, numbers, r, type, number)) return succeed();
  if (!tls::is_tls13(version_)) return {};
  for (int n = std::to_underlying(s.stage) + 1; n <= std::to_underlying(Stage::traffic); ++n) {
    auto cipher = stage_cipher(way, static_cast<Stage>(n));
    if (!cipher || !try_numbers(*cipher, 0, numbers, r, type, number)) continue;
    judge(s);
    s.cipher = std::move(cipher);
    s.stage = static_cast<Stage>(n);
    s.messages.clear();
    return succeed();
  }
  if (s.stage != Stage::traffic || numbers == 1) return {};
  auto next = s.cipher->updated();
  if (!next || !try_numbers(*next, 0, numbers, r, type, number)) return {};
  s.cipher = std::move(next);
  return succeed();
}

void TlsSession::missed(Way way) {
  Side& s = side(way);
  s.gapped = true;
  s.messages.clear();
  if (s.cipher && !s.cipher->stands_alone()) return give_up(way);
  if (s.cipher) ++s.sequence;
  s.uncertain = true;
  if (inner_ && s.opened) inner_->gap(way, 0);
}

bool TlsSession::lost(Way way) {
  Side& s = side(way);
  s.gapped = true;
  s.messages.clear();
  if (!s.cipher && s.stage == Stage::clear && agreed() && !s.dark) enter(way, tls::is_tls13(version_) ? Stage::handshake : Stage::traffic);
  if (s.dark || !s.cipher || !s.cipher->stands_alone()) {
    give_up(way);
    return false;
  }
  if (inner_ && s.opened) inner_->gap(way, 0);
  return true;
}

bool TlsSession::resumed(Way way, const TlsRecord& r) {
  if (side(way).dark) return false;
  const Trial trial = try_open(way, r, kNumbersAfterGap);
  if (trial.good) opened_content(way, trial.type, r);
  else if (tries_left_ == 0) give_up(way);
  return trial.good;
}

void TlsSession::content(Way way, std::uint8_t type, Bytes plain, const TlsRecord& r) {
  switch (type) {
    case tls::record_type::change_cipher_spec: return tls::is_tls13(version_) ? void() : change_cipher(way);
    case tls::record_type::alert: return alert(way, plain, r);
    case tls::record_type::handshake: return handshake(way, plain, r);
    case tls::record_type::application_data: return application_data(way, plain, r);
    default: return;
  }
}

void TlsSession::opened_content(Way way, std::uint8_t type, const TlsRecord& r) {
  content(way, type, Bytes(plain_), r);
  // Thousands of connections may be open, and most of them idle.
  if (plain_.capacity() > kKeptRoom) klik::release(plain_);
}

void TlsSession::application_data(Way way, Bytes plain, const TlsRecord& r) {
  if (plain.empty()) return;   // TLS 1.0 sends such ones before others
  if (!inner_) {
    inner_alpn_ = alpn_;   // a copy: a server may still choose after early data
    inner_ = open_inside_(context_, inner_alpn_);
  }
  inner_->read({way, plain, r.origin, r.time_ns});
}

void TlsSession::end() {
  for (const Held& h : std::exchange(held_, {})) hide(h.way, tls::kRecordHeaderSize + h.fragment.size());
  tell_server_hello();
  if (inner_) inner_->end();
  for (Side& s : sides_) judge(s);
  if (const auto wrong = std::ranges::find(sides_, true, &Side::unfit); wrong != sides_.end())
    context_.events.problem(fail(Code::encrypted, wrong->refused_at, kUnfitSecrets).error(), EventSink::Severity::data_loss, connection_text(context_.connection));
  else if (server_seen_ && !suite_ && context_.secrets.knows(client_random_))
    context_.events.problem(fail(Code::unsupported, context_.connection.first.at, "a TLS cipher suite that is not opened here, though secrets of the connection were given").error(), EventSink::Severity::data_loss, tls::cipher_suite_text(suite_number_) + ", " + connection_text(context_.connection));
}

}  // namespace klik::traffic
