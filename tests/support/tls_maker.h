// Whole TLS and DTLS connections between two ends of OpenSSL in memory, with the bytes of both ways in the order sent, the key log, and
// what was said inside. Programs that use it link OpenSSL::SSL.
#pragma once

#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <memory>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "traffic/stream.h"

namespace klik::test {

struct TlsPlan {
  int version = TLS1_3_VERSION;      // or DTLS1_VERSION, DTLS1_2_VERSION
  std::string suite;                 // OpenSSL's name; "" for its choice
  std::string client_groups, server_groups;   // differing first ones make a HelloRetryRequest
  std::string alpn;                  // the wire form; "" for none
  bool encrypt_then_mac = true;
  bool early_data = false;           // TLS 1.3: a connection before it brings the ticket
  bool reject_early_data = false;
  bool resume = false;
  bool update_keys = false;          // TLS 1.3: both ends, in the middle
  bool renegotiate = false;          // TLS 1.2: in the middle
  bool client_certificate = false;
  std::vector<std::pair<traffic::Way, std::string>> said;
  std::string early;                 // said as early data
};

struct TlsMade {
  std::vector<std::pair<traffic::Way, std::string>> flights;   // bytes on the wire; of DTLS each is a datagram
  std::string key_log;
  std::string said[2];
};

inline void need(bool holds, const char* what) {
  if (!holds) throw std::runtime_error(what);
}

struct TlsIdentity {
  EVP_PKEY* key;
  X509* certificate;
  explicit TlsIdentity(EVP_PKEY* made) : key(made), certificate(X509_new()) {
    X509_set_version(certificate, 2);
    ASN1_INTEGER_set(X509_get_serialNumber(certificate), 1);
    X509_gmtime_adj(X509_getm_notBefore(certificate), 0);
    X509_gmtime_adj(X509_getm_notAfter(certificate), 86400);
    X509_set_pubkey(certificate, key);
    X509_NAME_add_entry_by_txt(X509_get_subject_name(certificate), "CN", MBSTRING_ASC, reinterpret_cast<const unsigned char*>("made.example"), -1, -1, 0);
    X509_set_issuer_name(certificate, X509_get_subject_name(certificate));
    need(X509_sign(certificate, key, EVP_sha256()) > 0, "sign");
  }
};

class TlsMaker {
 public:
  static TlsMade make(const TlsPlan& plan) { return TlsMaker(plan).run(); }

 private:
  template <auto drop>
  struct Drop {
    template <class T>
    void operator()(T* p) const { drop(p); }
  };
  using Contexts = std::unique_ptr<SSL_CTX, Drop<SSL_CTX_free>>;
  using End = std::unique_ptr<SSL, Drop<SSL_free>>;
  using Session = std::unique_ptr<SSL_SESSION, Drop<SSL_SESSION_free>>;

  explicit TlsMaker(const TlsPlan& plan) : plan_(plan), datagrams_(plan.version == DTLS1_VERSION || plan.version == DTLS1_2_VERSION), client_(SSL_CTX_new(datagrams_ ? DTLS_client_method() : TLS_client_method())), server_(SSL_CTX_new(datagrams_ ? DTLS_server_method() : TLS_server_method())) {
    static TlsIdentity rsa(EVP_RSA_gen(2048)), ec(EVP_EC_gen("P-256"));
    for (SSL_CTX* c : {client_.get(), server_.get()}) {
      SSL_CTX_set_min_proto_version(c, plan.version);
      SSL_CTX_set_max_proto_version(c, plan.version);
      SSL_CTX_set_security_level(c, 0);
      if (!plan.encrypt_then_mac) SSL_CTX_set_options(c, SSL_OP_NO_ENCRYPT_THEN_MAC);
      SSL_CTX_set_dh_auto(c, 1);
      if (plan.version == TLS1_3_VERSION) {
        if (!plan.suite.empty()) need(SSL_CTX_set_ciphersuites(c, plan.suite.c_str()) == 1, "suite");
      } else {
        need(SSL_CTX_set_cipher_list(c, plan.suite.empty() ? "ALL:@SECLEVEL=0" : (plan.suite + ":@SECLEVEL=0").c_str()) == 1, "suite");
      }
      SSL_CTX_set_app_data(c, &made_.key_log);
    }
    SSL_CTX_set_options(server_.get(), SSL_OP_ALLOW_CLIENT_RENEGOTIATION | SSL_OP_NO_ANTI_REPLAY);
    for (const TlsIdentity* id : {&rsa, &ec}) need(SSL_CTX_use_certificate(server_.get(), id->certificate) == 1 && SSL_CTX_use_PrivateKey(server_.get(), id->key) == 1, "key");
    if (plan.client_certificate) {
      SSL_CTX_use_certificate(client_.get(), ec.certificate);
      SSL_CTX_use_PrivateKey(client_.get(), ec.key);
      SSL_CTX_set_verify(server_.get(), SSL_VERIFY_PEER, [](int, X509_STORE_CTX*) { return 1; });
      SSL_CTX_set_session_id_context(server_.get(), reinterpret_cast<const unsigned char*>("made"), 4);
    }
    if (!plan.client_groups.empty()) SSL_CTX_set1_groups_list(client_.get(), plan.client_groups.c_str());
    if (!plan.server_groups.empty()) SSL_CTX_set1_groups_list(server_.get(), plan.server_groups.c_str());
    if (!plan.alpn.empty()) {
      SSL_CTX_set_alpn_protos(client_.get(), reinterpret_cast<const unsigned char*>(plan.alpn.data()), static_cast<unsigned>(plan.alpn.size()));
      SSL_CTX_set_alpn_select_cb(server_.get(), [](SSL*, const unsigned char** out, unsigned char* n, const unsigned char* in, unsigned, void*) { return *out = in + 1, *n = *in, SSL_TLSEXT_ERR_OK; }, nullptr);
    }
    SSL_CTX_set_keylog_callback(client_.get(), [](const SSL* s, const char* line) { *static_cast<std::string*>(SSL_CTX_get_app_data(SSL_get_SSL_CTX(s))) += std::string(line) + "\n"; });
    SSL_CTX_set_max_early_data(server_.get(), 1 << 14);
    SSL_CTX_set_session_cache_mode(client_.get(), SSL_SESS_CACHE_CLIENT);
  }

  End end(SSL_CTX* context, bool client) {
    End out(SSL_new(context));
    SSL_set_bio(out.get(), BIO_new(BIO_s_mem()), BIO_new(BIO_s_mem()));
    if (datagrams_) SSL_set_options(out.get(), SSL_OP_NO_QUERY_MTU), SSL_set_mtu(out.get(), 1200);
    client ? SSL_set_connect_state(out.get()) : SSL_set_accept_state(out.get());
    if (client) SSL_set_tlsext_host_name(out.get(), "made.example");
    return out;
  }

  void carry(SSL* from, SSL* to, traffic::Way way) {
    char buffer[4096];
    std::string flight;
    for (int n; (n = BIO_read(SSL_get_wbio(from), buffer, sizeof buffer)) > 0;) flight.append(buffer, static_cast<std::size_t>(n));
    if (flight.empty()) return;
    // A memory BIO forgets the bounds of datagrams: each record becomes one.
    for (std::size_t at = 0; datagrams_ && at < flight.size();) {
      const std::size_t size = 13 + (static_cast<std::size_t>(static_cast<unsigned char>(flight.at(at + 11))) << 8 | static_cast<unsigned char>(flight.at(at + 12)));
      made_.flights.emplace_back(way, flight.substr(at, size));
      at += size;
    }
    BIO_write(SSL_get_rbio(to), flight.data(), static_cast<int>(flight.size()));
    if (!datagrams_) made_.flights.emplace_back(way, flight);
  }
  void drain(SSL* end, traffic::Way way) {
    char buffer[20000];
    for (int n; (n = SSL_read(end, buffer, sizeof buffer)) > 0;) made_.said[std::to_underlying(way)].append(buffer, static_cast<std::size_t>(n));
  }
  void both() {
    for (int round = 0; round < 8; ++round) {
      carry(c_.get(), s_.get(), traffic::Way::up);
      drain(s_.get(), traffic::Way::up);
      carry(s_.get(), c_.get(), traffic::Way::down);
      drain(c_.get(), traffic::Way::down);
    }
  }
  void shake() {
    for (int round = 0; round < 8; ++round) {
      SSL_do_handshake(c_.get());
      carry(c_.get(), s_.get(), traffic::Way::up);
      SSL_do_handshake(s_.get());
      carry(s_.get(), c_.get(), traffic::Way::down);
    }
    need(SSL_is_init_finished(c_.get()) && SSL_is_init_finished(s_.get()), "handshake");
  }
  void say(traffic::Way way, const std::string& text) {
    need(SSL_write(way == traffic::Way::up ? c_.get() : s_.get(), text.data(), static_cast<int>(text.size())) == static_cast<int>(text.size()), "write");
    both();
  }

  TlsMade run() {
    Session session;
    if (plan_.early_data || plan_.resume) {
      c_ = end(client_.get(), true), s_ = end(server_.get(), false);
      shake();
      both();
      session.reset(SSL_get1_session(c_.get()));
      SSL_shutdown(c_.get());
      SSL_shutdown(s_.get());
      made_.flights.clear(), made_.key_log.clear();
    }
    c_ = end(client_.get(), true), s_ = end(server_.get(), false);
    if (session) SSL_set_session(c_.get(), session.get());
    if (plan_.early_data) {
      if (plan_.reject_early_data) SSL_set_max_early_data(s_.get(), 0), SSL_set_recv_max_early_data(s_.get(), 1 << 14);
      std::size_t n = 0;
      need(SSL_write_early_data(c_.get(), plan_.early.data(), plan_.early.size(), &n) == 1, "early data");
      carry(c_.get(), s_.get(), traffic::Way::up);
      char buffer[20000];
      if (!plan_.reject_early_data)
        while (SSL_read_early_data(s_.get(), buffer, sizeof buffer, &n) == SSL_READ_EARLY_DATA_SUCCESS) made_.said[0].append(buffer, n);
    }
    shake();
    both();
    for (std::size_t i = 0; i < plan_.said.size(); ++i) {
      if (i == plan_.said.size() / 2 && plan_.update_keys) {
        SSL_key_update(c_.get(), SSL_KEY_UPDATE_REQUESTED);
        SSL_key_update(s_.get(), SSL_KEY_UPDATE_NOT_REQUESTED);
      }
      if (i == plan_.said.size() / 2 && plan_.renegotiate) {
        need(SSL_renegotiate(c_.get()) == 1, "renegotiate");
        for (int round = 0; round < 4; ++round) SSL_do_handshake(c_.get()), both();
      }
      say(plan_.said[i].first, plan_.said[i].second);
    }
    SSL_shutdown(c_.get());
    SSL_shutdown(s_.get());
    both();
    return made_;
  }

  TlsPlan plan_;
  bool datagrams_;
  Contexts client_, server_;
  End c_, s_;
  TlsMade made_;
};

}  // namespace klik::test
