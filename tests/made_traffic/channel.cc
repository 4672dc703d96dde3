#include "channel.h"

#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <stdexcept>

namespace made {
namespace {

void need(bool holds, const char* what) {
  if (!holds) throw std::runtime_error(std::string("tls: ") + what);
}

class Clear : public Channel {
 public:
  Clear(Wire& wire, Flow flow) : sockets_(Loopback::Kind::tcp, flow.v6), tcp_(wire, flow) {}
  std::string say(Way way, std::string_view text) override {
    std::string arrived = sockets_.carry(way, text);
    tcp_.sent(way, arrived);
    return arrived;
  }
  void close() override { tcp_.close(); }

 private:
  Loopback sockets_;
  TcpWire tcp_;
};

std::string taken(BIO* bio) {
  char* text = nullptr;
  const long size = BIO_get_mem_data(bio, &text);
  std::string out(text, static_cast<std::size_t>(size));
  BIO_free(bio);
  return out;
}

template <auto drop>
struct Drop {
  template <class T>
  void operator()(T* p) const { drop(p); }
};
using Settings = std::unique_ptr<SSL_CTX, Drop<SSL_CTX_free>>;
using End = std::unique_ptr<SSL, Drop<SSL_free>>;

class Tls : public Channel {
 public:
  Tls(Wire& wire, Flow flow, const TlsPlan& plan, KeyLog& keys) : plan_(plan), below_(wire, flow) {
    settings_[0].reset(SSL_CTX_new(TLS_client_method()));
    settings_[1].reset(SSL_CTX_new(TLS_server_method()));
    for (const Settings& s : settings_) {
      const int version = plan.v13 ? TLS1_3_VERSION : TLS1_2_VERSION;
      SSL_CTX_set_min_proto_version(s.get(), version);
      SSL_CTX_set_max_proto_version(s.get(), version);
      if (!plan.suite.empty()) need((plan.v13 ? SSL_CTX_set_ciphersuites(s.get(), plan.suite.c_str()) : SSL_CTX_set_cipher_list(s.get(), plan.suite.c_str())) == 1, "suite");
    }
    SSL_CTX* server = settings_[1].get();
    use_identity(server);
    if (plan.retry) SSL_CTX_set1_groups_list(settings_[0].get(), "X25519:P-256"), SSL_CTX_set1_groups_list(server, "P-256");
    alpn_ = static_cast<char>(plan.alpn.size()) + plan.alpn;
    SSL_CTX_set_alpn_protos(settings_[0].get(), reinterpret_cast<const unsigned char*>(alpn_.data()), static_cast<unsigned>(alpn_.size()));
    SSL_CTX_set_alpn_select_cb(server, [](SSL*, const unsigned char** out, unsigned char* n, const unsigned char* in, unsigned, void*) { return *out = in + 1, *n = *in, SSL_TLSEXT_ERR_OK; }, nullptr);
    SSL_CTX_set_app_data(settings_[0].get(), &keys);
    SSL_CTX_set_keylog_callback(settings_[0].get(), [](const SSL* s, const char* line) { static_cast<KeyLog*>(SSL_CTX_get_app_data(SSL_get_SSL_CTX(s)))->append(line).append("\n"); });
    for (const Way way : {Way::up, Way::down}) {
      End& end = ends_[index(way)];
      end.reset(SSL_new(settings_[index(way)].get()));
      SSL_set_bio(end.get(), BIO_new(BIO_s_mem()), BIO_new(BIO_s_mem()));
    }
    SSL_set_connect_state(ends_[0].get());
    SSL_set_accept_state(ends_[1].get());
    SSL_set_tlsext_host_name(ends_[0].get(), plan.host.c_str());
    for (int round = 0; round < 6; ++round)
      for (const Way way : {Way::up, Way::down}) SSL_do_handshake(ends_[index(way)].get()), carry(way);
    need(SSL_is_init_finished(ends_[0].get()) && SSL_is_init_finished(ends_[1].get()), "handshake");
    for (const Way way : {Way::up, Way::down}) read(way);   // tickets
  }

  std::string say(Way way, std::string_view text) override {
    if (plan_.update_keys && ++said_ % 7 == 5) SSL_key_update(ends_[said_ % 2].get(), said_ % 3 ? SSL_KEY_UPDATE_REQUESTED : SSL_KEY_UPDATE_NOT_REQUESTED);
    SSL* end = ends_[index(way)].get();
    std::string heard;
    for (std::size_t at = 0; at < text.size();) {
      const int n = SSL_write(end, text.data() + at, static_cast<int>(text.size() - at));
      need(n > 0, "write");
      at += static_cast<std::size_t>(n);
      carry(way);
      heard += read(other(way));
      carry(other(way));   // an answer to an update of keys
    }
    return heard;
  }
  void close() override {
    for (const Way way : {Way::up, Way::down}) SSL_shutdown(ends_[index(way)].get()), carry(way);
    below_.close();
  }

 private:
  static void use_identity(SSL_CTX* server) {
    BIO* key = BIO_new_mem_buf(identity().key.data(), static_cast<int>(identity().key.size()));
    BIO* certificate = BIO_new_mem_buf(identity().certificate.data(), static_cast<int>(identity().certificate.size()));
    EVP_PKEY* k = PEM_read_bio_PrivateKey(key, nullptr, nullptr, nullptr);
    X509* c = PEM_read_bio_X509(certificate, nullptr, nullptr, nullptr);
    need(SSL_CTX_use_certificate(server, c) == 1 && SSL_CTX_use_PrivateKey(server, k) == 1, "certificate");
    X509_free(c), EVP_PKEY_free(k), BIO_free(key), BIO_free(certificate);
  }
  void carry(Way way) {
    char buffer[16'384];
    std::string flight;
    for (int n; (n = BIO_read(SSL_get_wbio(ends_[index(way)].get()), buffer, sizeof buffer)) > 0;) flight.append(buffer, static_cast<std::size_t>(n));
    if (flight.empty()) return;
    flight = below_.say(way, flight);
    BIO_write(SSL_get_rbio(ends_[index(other(way))].get()), flight.data(), static_cast<int>(flight.size()));
  }
  std::string read(Way reader) {
    char buffer[16'384];
    std::string out;
    for (int n; (n = SSL_read(ends_[index(reader)].get(), buffer, sizeof buffer)) > 0;) out.append(buffer, static_cast<std::size_t>(n));
    return out;
  }

  TlsPlan plan_;
  std::string alpn_;
  Clear below_;
  Settings settings_[2];
  End ends_[2];
  unsigned said_ = 0;
};

}  // namespace

const Identity& identity() {
  static const Identity made = [] {
    EVP_PKEY* key = EVP_EC_gen("P-256");
    X509* c = X509_new();
    X509_set_version(c, 2);
    ASN1_INTEGER_set(X509_get_serialNumber(c), 1);
    X509_gmtime_adj(X509_getm_notBefore(c), -86'400);
    X509_gmtime_adj(X509_getm_notAfter(c), 86'400);
    X509_set_pubkey(c, key);
    X509_NAME_add_entry_by_txt(X509_get_subject_name(c), "CN", MBSTRING_ASC, reinterpret_cast<const unsigned char*>("made.example"), -1, -1, 0);
    X509_set_issuer_name(c, X509_get_subject_name(c));
    need(X509_sign(c, key, EVP_sha256()) > 0, "sign");
    BIO* key_text = BIO_new(BIO_s_mem());
    BIO* certificate_text = BIO_new(BIO_s_mem());
    PEM_write_bio_PrivateKey(key_text, key, nullptr, nullptr, 0, nullptr, nullptr);
    PEM_write_bio_X509(certificate_text, c);
    X509_free(c), EVP_PKEY_free(key);
    return Identity{taken(key_text), taken(certificate_text)};
  }();
  return made;
}

std::unique_ptr<Channel> clear_channel(Wire& wire, Flow flow) { return std::make_unique<Clear>(wire, flow); }
std::unique_ptr<Channel> tls_channel(Wire& wire, Flow flow, const TlsPlan& plan, KeyLog& keys) { return std::make_unique<Tls>(wire, flow, plan, keys); }

}  // namespace made
