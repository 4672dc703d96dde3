#include "quic_end.h"

#include <gnutls/crypto.h>
#include <netinet/in.h>
#include <ngtcp2/ngtcp2_crypto_gnutls.h>

#include <array>
#include <stdexcept>

namespace made {

void need_quic(bool holds, const char* what) {
  if (!holds) throw std::runtime_error(std::string("quic: ") + what);
}

namespace {

constexpr std::size_t kDatagram = 1'350;
constexpr std::size_t kIdSize = 12;
const char* const kPriority =
    "NORMAL:-VERS-ALL:+VERS-TLS1.3:-CIPHER-ALL:+AES-128-GCM:+AES-256-GCM:+CHACHA20-POLY1305:-GROUP-ALL:+GROUP-SECP256R1:+GROUP-X25519:%DISABLE_TLS13_COMPAT_MODE";

// Addresses mean nothing to the two ends: datagrams are carried by hand.
struct Nowhere {
  sockaddr_in in{};
  ngtcp2_path path{};
  Nowhere() {
    in.sin_family = AF_INET;
    ngtcp2_addr address{reinterpret_cast<ngtcp2_sockaddr*>(&in), sizeof in};
    path.local = path.remote = address;
  }
};
ngtcp2_path* nowhere() {
  static Nowhere place;
  return &place.path;
}

const std::uint8_t* octets(std::string_view text) { return reinterpret_cast<const std::uint8_t*>(text.data()); }
// The library takes pointers to what it does not change.
std::uint8_t* lent(const std::string& text) { return reinterpret_cast<std::uint8_t*>(const_cast<char*>(text.data())); }
nghttp3_nv pair(const std::string& name, const std::string& value) { return {lent(name), lent(value), name.size(), value.size(), NGHTTP3_NV_FLAG_NONE}; }

std::string hex(const unsigned char* bytes, std::size_t size) {
  std::string out;
  for (std::size_t i = 0; i < size; ++i) out += "0123456789abcdef"[bytes[i] >> 4], out += "0123456789abcdef"[bytes[i] & 15];
  return out;
}

}  // namespace

struct QuicEnd::Calls {
  static QuicEnd& end(void* user) { return *static_cast<QuicEnd*>(user); }

  static int stream_data(ngtcp2_conn* quic, std::uint32_t flags, std::int64_t stream, std::uint64_t, const std::uint8_t* data, std::size_t size, void* user, void*) {
    const auto used = nghttp3_conn_read_stream(end(user).http_, stream, data, size, (flags & NGTCP2_STREAM_DATA_FLAG_FIN) != 0);
    if (used < 0) return NGTCP2_ERR_CALLBACK_FAILURE;
    ngtcp2_conn_extend_max_stream_offset(quic, stream, size);
    ngtcp2_conn_extend_max_offset(quic, size);
    return 0;
  }
  static int acknowledged(ngtcp2_conn*, std::int64_t stream, std::uint64_t, std::uint64_t size, void* user, void*) {
    return nghttp3_conn_add_ack_offset(end(user).http_, stream, size) == 0 ? 0 : NGTCP2_ERR_CALLBACK_FAILURE;
  }
  static int stream_closed(ngtcp2_conn* quic, std::uint32_t, std::int64_t stream, std::uint64_t, void* user, void*) {
    QuicEnd& self = end(user);
    if (!self.http_) return 0;
    if ((stream & 3) == 0) self.client_ ? void(++self.answered_) : ngtcp2_conn_extend_max_streams_bidi(quic, 1);
    const int result = nghttp3_conn_close_stream(self.http_, stream, NGHTTP3_H3_NO_ERROR);
    return result == 0 || result == NGHTTP3_ERR_STREAM_NOT_FOUND ? 0 : NGTCP2_ERR_CALLBACK_FAILURE;
  }
  static int key_ready(ngtcp2_conn*, ngtcp2_crypto_level level, void* user) {
    if (level == NGTCP2_CRYPTO_LEVEL_APPLICATION && !end(user).http_) end(user).open_http();
    return 0;
  }
  static int confirmed(ngtcp2_conn*, void* user) {
    end(user).confirmed_ = true;
    return 0;
  }
  static void random_bytes(std::uint8_t* to, std::size_t size, const ngtcp2_rand_ctx*) { gnutls_rnd(GNUTLS_RND_NONCE, to, size); }
  static int new_id(ngtcp2_conn*, ngtcp2_cid* id, std::uint8_t* token, std::size_t size, void* user) {
    id->datalen = size;
    for (std::size_t i = 0; i < size; ++i) id->data[i] = static_cast<std::uint8_t>(end(user).random_());
    gnutls_rnd(GNUTLS_RND_NONCE, token, NGTCP2_STATELESS_RESET_TOKENLEN);
    return 0;
  }

  static int body_part(nghttp3_conn*, std::int64_t stream, const std::uint8_t* data, std::size_t size, void* user, void*) {
    end(user).got_[stream].append(reinterpret_cast<const char*>(data), size);
    return 0;
  }
  static int later(nghttp3_conn*, std::int64_t, std::size_t, void*, void*) { return 0; }
  static int request_ends(nghttp3_conn* http, std::int64_t stream, void* user, void*) {
    QuicEnd& self = end(user);
    if (self.client_) return 0;
    // Requests come on streams 0, 4, 8, … in the order they were asked.
    const std::size_t number = static_cast<std::size_t>(stream / 4);
    if (number >= self.exchanges_.size()) return NGHTTP3_ERR_CALLBACK_FAILURE;
    self.numbers_[stream] = number;
    const Exchange& e = self.exchanges_[number];
    const std::string names[] = {":status", "server", "content-type", "content-encoding"}, values[] = {"200", "made", e.answer_type, e.answer_coding};
    std::vector<nghttp3_nv> head;
    for (std::size_t i = 0; i < std::size(names); ++i)
      if (!values[i].empty()) head.push_back(pair(names[i], values[i]));
    const nghttp3_data_reader body{give};
    return nghttp3_conn_submit_response(http, stream, head.data(), head.size(), &body);
  }
  static nghttp3_ssize give(nghttp3_conn*, std::int64_t stream, nghttp3_vec* parts, std::size_t, std::uint32_t* flags, void* user, void*) {
    QuicEnd& self = end(user);
    *flags |= NGHTTP3_DATA_FLAG_EOF;
    const Exchange& e = self.exchanges_[self.numbers_.at(stream)];
    const std::string& body = self.client_ ? e.body : e.answer;
    if (body.empty()) return 0;
    parts[0] = {lent(body), body.size()};
    return 1;
  }
};

void QuicEnd::fill_id(ngtcp2_cid& id) {
  id.datalen = kIdSize;
  for (std::size_t i = 0; i < kIdSize; ++i) id.data[i] = static_cast<std::uint8_t>(random_());
}

QuicEnd::QuicEnd(const Setup& setup) : client_(setup.client), host_(setup.host), exchanges_(setup.exchanges), random_(setup.random), keys_(setup.keys) {
  ngtcp2_callbacks calls{};
  calls.client_initial = ngtcp2_crypto_client_initial_cb;
  calls.recv_client_initial = ngtcp2_crypto_recv_client_initial_cb;
  calls.recv_crypto_data = ngtcp2_crypto_recv_crypto_data_cb;
  calls.encrypt = ngtcp2_crypto_encrypt_cb;
  calls.decrypt = ngtcp2_crypto_decrypt_cb;
  calls.hp_mask = ngtcp2_crypto_hp_mask_cb;
  calls.recv_retry = ngtcp2_crypto_recv_retry_cb;
  calls.update_key = ngtcp2_crypto_update_key_cb;
  calls.delete_crypto_aead_ctx = ngtcp2_crypto_delete_crypto_aead_ctx_cb;
  calls.delete_crypto_cipher_ctx = ngtcp2_crypto_delete_crypto_cipher_ctx_cb;
  calls.get_path_challenge_data = ngtcp2_crypto_get_path_challenge_data_cb;
  calls.version_negotiation = ngtcp2_crypto_version_negotiation_cb;
  calls.recv_stream_data = Calls::stream_data;
  calls.acked_stream_data_offset = Calls::acknowledged;
  calls.stream_close = Calls::stream_closed;
  calls.handshake_confirmed = Calls::confirmed;
  calls.rand = Calls::random_bytes;
  calls.get_new_connection_id = Calls::new_id;
  calls.recv_rx_key = client_ ? Calls::key_ready : nullptr;
  calls.recv_tx_key = client_ ? nullptr : Calls::key_ready;

  ngtcp2_settings settings;
  ngtcp2_settings_default(&settings);
  settings.initial_ts = setup.now;
  settings.max_tx_udp_payload_size = kDatagram;
  ngtcp2_transport_params params;
  ngtcp2_transport_params_default(&params);
  params.initial_max_stream_data_bidi_local = params.initial_max_stream_data_bidi_remote = params.initial_max_stream_data_uni = 256 * 1024;
  params.initial_max_data = 1024 * 1024;
  params.initial_max_streams_bidi = 100, params.initial_max_streams_uni = 3;
  params.max_idle_timeout = 30 * NGTCP2_SECONDS;

  ngtcp2_cid own, theirs;
  fill_id(own), fill_id(theirs);
  if (client_) {
    need_quic(ngtcp2_conn_client_new(&quic_, &theirs, &own, nowhere(), NGTCP2_PROTO_VER_V1, &calls, &settings, &params, nullptr, this) == 0, "client");
  } else {
    params.original_dcid = setup.first->dcid;
    need_quic(ngtcp2_conn_server_new(&quic_, &setup.first->scid, &own, nowhere(), setup.first->version, &calls, &settings, &params, nullptr, this) == 0, "server");
  }
  open_tls(setup);
}

void QuicEnd::open_tls(const Setup& setup) {
  reference_ = {[](ngtcp2_crypto_conn_ref* r) { return static_cast<QuicEnd*>(r->user_data)->quic_; }, this};
  gnutls_certificate_allocate_credentials(&credentials_);
  need_quic(gnutls_init(&tls_, client_ ? GNUTLS_CLIENT : GNUTLS_SERVER | GNUTLS_NO_AUTO_SEND_TICKET) == 0, "session");
  need_quic(gnutls_priority_set_direct(tls_, kPriority, nullptr) == 0, "priority");
  if (client_) {
    need_quic(ngtcp2_crypto_gnutls_configure_client_session(tls_) == 0, "configure");
    gnutls_server_name_set(tls_, GNUTLS_NAME_DNS, setup.host.data(), setup.host.size());
    gnutls_session_set_keylog_function(tls_, [](gnutls_session_t session, const char* label, const gnutls_datum_t* secret) {
      const auto* reference = static_cast<ngtcp2_crypto_conn_ref*>(gnutls_session_get_ptr(session));
      gnutls_datum_t client{}, server{};
      gnutls_session_get_random(session, &client, &server);
      static_cast<QuicEnd*>(reference->user_data)->keys_->append(label).append(" ").append(hex(client.data, client.size)).append(" ").append(hex(secret->data, secret->size)).append("\n");
      return 0;
    });
  } else {
    need_quic(ngtcp2_crypto_gnutls_configure_server_session(tls_) == 0, "configure");
    const auto datum = [](const std::string& text) { return gnutls_datum_t{reinterpret_cast<unsigned char*>(const_cast<char*>(text.data())), static_cast<unsigned>(text.size())}; };
    const gnutls_datum_t certificate = datum(identity().certificate), key = datum(identity().key);
    need_quic(gnutls_certificate_set_x509_key_mem(credentials_, &certificate, &key, GNUTLS_X509_FMT_PEM) == 0, "certificate");
  }
  gnutls_credentials_set(tls_, GNUTLS_CRD_CERTIFICATE, credentials_);
  gnutls_session_set_ptr(tls_, &reference_);
  unsigned char name[] = "h3";
  const gnutls_datum_t alpn{name, 2};
  gnutls_alpn_set_protocols(tls_, &alpn, 1, GNUTLS_ALPN_MANDATORY);
  ngtcp2_conn_set_tls_native_handle(quic_, tls_);
}

QuicEnd::~QuicEnd() {
  if (http_) nghttp3_conn_del(http_);
  if (quic_) ngtcp2_conn_del(quic_);
  if (tls_) gnutls_deinit(tls_);
  if (credentials_) gnutls_certificate_free_credentials(credentials_);
}

void QuicEnd::open_http() {
  nghttp3_callbacks calls{};
  calls.recv_data = Calls::body_part;
  calls.deferred_consume = Calls::later;
  calls.end_stream = Calls::request_ends;
  nghttp3_settings settings;
  nghttp3_settings_default(&settings);
  settings.qpack_max_dtable_capacity = 4'096;
  settings.qpack_blocked_streams = 100;
  need_quic((client_ ? nghttp3_conn_client_new(&http_, &calls, &settings, nullptr, this) : nghttp3_conn_server_new(&http_, &calls, &settings, nullptr, this)) == 0, "http");
  if (!client_) nghttp3_conn_set_max_client_streams_bidi(http_, 100);
  std::int64_t control = 0, encoder = 0, decoder = 0;
  for (std::int64_t* stream : {&control, &encoder, &decoder}) need_quic(ngtcp2_conn_open_uni_stream(quic_, stream, nullptr) == 0, "streams");
  need_quic(nghttp3_conn_bind_control_stream(http_, control) == 0 && nghttp3_conn_bind_qpack_streams(http_, encoder, decoder) == 0, "bind");
}

void QuicEnd::ask(std::size_t number) {
  const Exchange& e = exchanges_[number];
  std::int64_t stream = 0;
  need_quic(ngtcp2_conn_open_bidi_stream(quic_, &stream, nullptr) == 0 && stream == static_cast<std::int64_t>(4 * number), "stream");
  numbers_[stream] = number;
  std::vector<std::pair<std::string, std::string>> fields = {{":method", e.body.empty() ? "GET" : "POST"}, {":scheme", "https"}, {":authority", host_}, {":path", e.path}, {"user-agent", "made/1"}};
  for (const auto& [name, value] : {std::pair{std::string("content-type"), e.type}, {std::string("content-encoding"), e.coding}})
    if (!value.empty()) fields.emplace_back(name, value);
  fields.insert(fields.end(), e.headers.begin(), e.headers.end());
  std::vector<nghttp3_nv> head;
  for (const auto& [name, value] : fields) head.push_back(pair(name, value));
  const nghttp3_data_reader body{Calls::give};
  need_quic(nghttp3_conn_submit_request(http_, stream, head.data(), head.size(), e.body.empty() ? nullptr : &body, nullptr) == 0, "request");
}

void QuicEnd::read(std::string_view datagram, std::uint64_t now) {
  const ngtcp2_pkt_info info{};
  const int result = ngtcp2_conn_read_pkt(quic_, nowhere(), &info, octets(datagram), datagram.size(), now);
  need_quic(result == 0, ngtcp2_strerror(result));
}

std::string QuicEnd::write(std::uint64_t now) {
  std::array<std::uint8_t, kDatagram> out;
  for (;;) {
    nghttp3_vec parts[8];
    std::int64_t stream = -1;
    int fin = 0;
    const auto count = http_ ? nghttp3_conn_writev_stream(http_, &stream, &fin, parts, std::size(parts)) : 0;
    need_quic(count >= 0, "stream data");
    ngtcp2_vec vectors[8];
    for (nghttp3_ssize i = 0; i < count; ++i) vectors[i] = {parts[i].base, parts[i].len};
    ngtcp2_ssize accepted = -1;
    const auto n = ngtcp2_conn_writev_stream(quic_, nullptr, nullptr, out.data(), out.size(), &accepted, NGTCP2_WRITE_STREAM_FLAG_MORE | (fin ? NGTCP2_WRITE_STREAM_FLAG_FIN : 0u), stream, vectors, static_cast<std::size_t>(count), now);
    if (n == NGTCP2_ERR_STREAM_DATA_BLOCKED) {
      nghttp3_conn_block_stream(http_, stream);
      continue;
    }
    if (accepted >= 0) nghttp3_conn_add_write_offset(http_, stream, static_cast<std::size_t>(accepted));
    if (n == NGTCP2_ERR_WRITE_MORE) continue;
    need_quic(n >= 0, ngtcp2_strerror(static_cast<int>(n)));
    ngtcp2_conn_update_pkt_tx_time(quic_, now);
    return {reinterpret_cast<const char*>(out.data()), static_cast<std::size_t>(n)};
  }
}

void QuicEnd::expire(std::uint64_t now) {
  if (expiry() <= now) need_quic(ngtcp2_conn_handle_expiry(quic_, now) == 0, "expired");
}

std::string QuicEnd::closing(std::uint64_t now) {
  std::array<std::uint8_t, kDatagram> out;
  ngtcp2_connection_close_error error;
  ngtcp2_connection_close_error_set_application_error(&error, NGHTTP3_H3_NO_ERROR, nullptr, 0);
  const auto n = ngtcp2_conn_write_connection_close(quic_, nullptr, nullptr, out.data(), out.size(), &error, now);
  return n > 0 ? std::string(reinterpret_cast<const char*>(out.data()), static_cast<std::size_t>(n)) : std::string();
}

}  // namespace made
