// One end of a QUIC connection: ngtcp2, GnuTLS and nghttp3 put together.
#pragma once

#include <gnutls/gnutls.h>
#include <nghttp3/nghttp3.h>
#include <ngtcp2/ngtcp2.h>
#include <ngtcp2/ngtcp2_crypto.h>

#include <map>
#include <string>

#include "exchange.h"

namespace made {

class QuicEnd {
 public:
  struct Setup {
    bool client;
    const std::string& host;
    const std::vector<Exchange>& exchanges;
    std::mt19937_64& random;
    KeyLog* keys;               // of the client
    std::uint64_t now;
    const ngtcp2_pkt_hd* first = nullptr;   // of the server: the header of the client's first packet
  };
  explicit QuicEnd(const Setup& setup);
  ~QuicEnd();
  QuicEnd(const QuicEnd&) = delete;
  QuicEnd& operator=(const QuicEnd&) = delete;

  void read(std::string_view datagram, std::uint64_t now);
  std::string write(std::uint64_t now);        // "" when there is nothing to send
  void expire(std::uint64_t now);
  std::uint64_t expiry() const { return ngtcp2_conn_get_expiry(quic_); }
  std::string closing(std::uint64_t now);
  // False when it is too early: the other end must have confirmed the handshake first.
  bool update_keys(std::uint64_t now) { return confirmed_ && ngtcp2_conn_initiate_key_update(quic_, now) == 0; }
  bool ready() const { return http_ && ngtcp2_conn_get_handshake_completed(quic_); }

  void ask(std::size_t number);                // of the client
  std::size_t answered() const { return answered_; }
  const std::map<std::int64_t, std::size_t>& numbers() const { return numbers_; }
  const std::string& got(std::int64_t stream) { return got_[stream]; }
  void take_numbers(const QuicEnd& client) { numbers_ = client.numbers_; }

 private:
  struct Calls;
  void open_tls(const Setup& setup);
  void open_http();
  void fill_id(ngtcp2_cid& id);

  bool client_;
  const std::string& host_;
  const std::vector<Exchange>& exchanges_;
  std::mt19937_64& random_;
  KeyLog* keys_;
  gnutls_session_t tls_ = nullptr;
  gnutls_certificate_credentials_t credentials_ = nullptr;
  ngtcp2_crypto_conn_ref reference_{};
  ngtcp2_conn* quic_ = nullptr;
  nghttp3_conn* http_ = nullptr;
  std::map<std::int64_t, std::size_t> numbers_;   // of exchanges, by stream
  std::map<std::int64_t, std::string> got_;       // bodies
  std::map<std::int64_t, bool> body_given_;
  std::size_t answered_ = 0;
  bool confirmed_ = false;
};

void need_quic(bool holds, const char* what);

}  // namespace made
