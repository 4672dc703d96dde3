// Handshake messages: put together out of the records that carry them, and the lists of certificates in them.
// Source: RFC 5246 §7.4, RFC 8446 §4, RFC 6347 §4.2.2 (fragments).
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include "base/bytes.h"

namespace klik::tls {

namespace handshake_type {
constexpr std::uint8_t hello_request = 0, client_hello = 1, server_hello = 2, new_session_ticket = 4, end_of_early_data = 5, hello_retry_request = 6,
                       encrypted_extensions = 8, certificate = 11, finished = 20, key_update = 24, compressed_certificate = 25;
}

struct HandshakeMessage {
  std::uint8_t type = 0;
  Bytes body;
};

// Messages of one way that are split over records and share them.
class HandshakeAssembler {
 public:
  explicit HandshakeAssembler(std::uint64_t longest) : longest_(longest) {}

  void add(Bytes fragment);
  // The next whole message; its body lives until the next call of anything here. A message longer than the limit is passed over.
  std::optional<HandshakeMessage> next();
  // Nothing waits: the next byte added starts a message.
  bool between_messages() const { return waiting_.size() == taken_ && passing_ == 0; }
  std::uint64_t passed_over() const { return passed_over_; }
  void clear();

 private:
  std::uint64_t longest_;
  std::vector<std::uint8_t> waiting_;
  std::uint64_t taken_ = 0;     // of `waiting_`
  std::uint64_t passing_ = 0;   // bytes of a message too long that are still to come
  std::uint64_t passed_over_ = 0;
};

// Messages of DTLS: fragments come in any order, twice and overlapping. Of the last kOpenMessages messages
// only the bytes that came are held.
class DtlsAssembler {
 public:
  explicit DtlsAssembler(std::uint64_t longest) : longest_(longest) {}

  // One record's fragments. A damaged one ends the record. True when at least one was read.
  bool add(Bytes record);
  // A message that became whole, the lowest number first; its body lives until the next call. Order is that of becoming whole: what
  // was lost must not hold back the rest.
  std::optional<HandshakeMessage> next();

 private:
  static constexpr std::size_t kOpenMessages = 32;
  struct Partial {
    std::uint8_t type = 0;
    std::uint32_t length = 0;
    std::map<std::uint32_t, std::vector<std::uint8_t>> parts;   // by offset, without overlap
    std::uint32_t have = 0;
    bool told = false;   // handed out: what comes again is a repeat
  };
  void insert(Partial& partial, std::uint32_t offset, Bytes bytes);

  std::uint64_t longest_;
  std::map<std::uint16_t, Partial> open_;
  std::vector<std::uint8_t> current_;
};

// The certificates of a Certificate message, the end's own first. Errors: truncated.
enum class CertificateForm : std::uint8_t { tls12, tls13 };
Result<std::vector<Bytes>> parse_certificates(Bytes body, CertificateForm form);

}  // namespace klik::tls
