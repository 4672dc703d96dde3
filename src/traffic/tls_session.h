// What a TLS connection has agreed on so far, and what its records say: hellos, certificates, alerts, and application data for the
// reader of the protocol inside when the secrets are known.
// Source: RFC 5246 §7, RFC 8446 §2, §4 and §5.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "formats/net/tls_handshake.h"
#include "formats/net/tls_hello.h"
#include "formats/net/tls_record.h"
#include "traffic/context.h"
#include "traffic/tls.h"
#include "traffic/tls_keys.h"

namespace klik::traffic {

struct TlsRecord {
  tls::RecordHeader header;
  Bytes fragment;
  Origin origin;               // of its first byte
  std::int64_t time_ns = 0;
};

class TlsSession {
 public:
  TlsSession(Context& context, OpenInside inside);
  ~TlsSession();

  // Nothing of this way will be read any more: its bytes are dark, whatever they are.
  bool dark(Way way) const { return side(way).dark; }
  // Would a record of this type be looked into? When not, the caller counts it by hide() and need not keep it.
  bool wants(Way way, std::uint8_t type);
  void record(Way way, const TlsRecord& record);
  void hide(Way way, std::uint64_t bytes);

  // The next record was there but not whole; the one after it stands at a known place.
  void missed(Way way);
  // Bytes are missing and it is not known where records start. False: there is no way to find out, and the way is dark now.
  bool lost(Way way);
  // Could a protected record have this type on its outside?
  bool may_follow(std::uint8_t type) const { return !tls::is_tls13(version_) || type == tls::record_type::application_data; }
  // After lost(): is this a record? Only if it opens under one of the next sequence numbers; then it has been read.
  bool resumed(Way way, const TlsRecord& record);
  // What follows makes no sense as records.
  void give_up(Way way);

  void end();

 private:
  enum class Stage : std::uint8_t { clear, early, handshake, traffic };   // TLS 1.2 knows clear and traffic
  struct Side {
    tls::HandshakeAssembler messages;
    std::unique_ptr<RecordCipher> cipher;
    Stage stage = Stage::clear;
    std::uint64_t sequence = 0;
    std::uint32_t failures = 0;          // records in a row that did not open
    bool changed_cipher = false;         // ChangeCipherSpec was seen
    bool dark = false;
    bool opened = false;                 // something was decrypted
    bool fits = false;                   // the same, under the keys of this stage
    bool no_secret = false;              // there is no secret for this stage
    bool unfit = false;                  // the secret of a stage opened nothing, although all records were there
    std::uint32_t refused = 0;           // records that the keys of this stage did not open
    std::uint64_t refused_at = 0;        // the first of them, in the capture
    bool borrowed = false;               // other records than those of the keys at hand may come first
    bool gapped = false;                 // records were lost, so keys and numbers may have changed unseen
    bool gap_told = false;               // to the reader inside, for good
    bool uncertain = false;              // a record was missed: the number of the next is a guess
    bool waiting = false;                // records of this way are held
  };
  struct Held {
    Way way;
    tls::RecordHeader header;
    std::vector<std::uint8_t> fragment;
    Origin origin;
    std::int64_t time_ns;
  };
  struct Trial {
    bool good = false;
    std::uint8_t type = 0;
  };

  Side& side(Way way) { return sides_[static_cast<std::size_t>(way)]; }
  const Side& side(Way way) const { return sides_[static_cast<std::size_t>(way)]; }

  bool agreed() const { return client_seen_ && server_seen_; }
  bool hopeful() const;
  bool is_protected(Way way, const TlsRecord& record) const;
  bool hold(Way way, const TlsRecord& record);
  void release();
  void take(Way way, const TlsRecord& record);
  void take_clear(Way way, const TlsRecord& record);
  void take_protected(Way way, const TlsRecord& record);
  void change_cipher(Way way);

  Trial try_open(Way way, const TlsRecord& record, std::uint32_t numbers);
  bool try_numbers(RecordCipher& cipher, std::uint64_t first, std::uint32_t numbers, const TlsRecord& record, std::uint8_t& type, std::uint64_t& found);
  std::unique_ptr<RecordCipher> stage_cipher(Way way, Stage stage) const;
  void enter(Way way, Stage stage);
  void judge(Side& s);

  void opened_content(Way way, std::uint8_t type, const TlsRecord& record);   // plain_
  void content(Way way, std::uint8_t type, Bytes plain, const TlsRecord& record);
  void handshake(Way way, Bytes fragment, const TlsRecord& record);
  void message(Way way, const tls::HandshakeMessage& message, const TlsRecord& record);
  void client_hello(Bytes body, const TlsRecord& record);
  void server_hello(Bytes body, const TlsRecord& record);
  void certificates(Way way, Bytes body, const TlsRecord& record);
  void alert(Way way, Bytes body, const TlsRecord& record);
  void tell_server_hello();
  void tell_problem(const Error& error, const char* what, const TlsRecord& record);
  void application_data(Way way, Bytes plain, const TlsRecord& record);

  Context& context_;
  std::array<Side, 2> sides_;
  std::vector<Held> held_;
  std::uint64_t held_bytes_ = 0;
  std::uint64_t tries_left_;              // openings that may fail, of the whole connection
  std::uint32_t alerts_ = 0, problems_ = 0, hellos_ = 0, certificate_lists_ = 0;   // told so far, within bounds

  bool client_seen_ = false, server_seen_ = false, retry_seen_ = false, early_offered_ = false, ech_ = false;
  ClientRandom client_random_{}, server_random_{};
  std::uint16_t version_ = 0, suite_number_ = 0;
  std::optional<CipherSuite> suite_;
  bool encrypt_then_mac_ = false;
  std::string alpn_;                      // the agreed one; the only one offered as long as there is none
  std::optional<Hello> server_event_;     // waits for EncryptedExtensions

  std::vector<std::uint8_t> plain_;       // of the record at hand
  OpenInside open_inside_;
  std::string inner_alpn_;
  std::unique_ptr<StreamReader> inner_;
};

}  // namespace klik::traffic
