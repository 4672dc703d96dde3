// AEAD records of TLS 1.2 and 1.3, and which cipher a set of keys makes.
#include "traffic/tls_keys.h"

#include "traffic/tls_old_ciphers.h"

namespace klik::traffic {
namespace {

using Octets = std::vector<std::uint8_t>;

constexpr std::size_t kNonce = 12;

Octets with_sequence(const Octets& iv, std::uint64_t sequence) {
  Octets out = iv;
  for (std::size_t i = 0; i < 8; ++i) out[out.size() - 1 - i] ^= static_cast<std::uint8_t>(sequence >> (8 * i));
  return out;
}

void append(Octets& to, Bytes more) { to.insert(to.end(), more.begin(), more.end()); }

class Tls12Aead final : public RecordCipher {
 public:
  // `iv`: 4 bytes, and the record brings 8 more; ChaCha20-Poly1305: 12 bytes, and the sequence number does it.
  Tls12Aead(Aead aead, Octets iv) : aead_(std::move(aead)), iv_(std::move(iv)) {}

  bool open(std::uint64_t sequence, const tls::RecordHeader& header, Bytes fragment, Octets& plain, std::uint8_t&) override {
    Octets nonce;
    Bytes sealed = fragment;
    if (iv_.size() == kNonce) {
      nonce = with_sequence(iv_, sequence);
    } else {
      const auto given = fragment.slice(0, kNonce - iv_.size());
      const auto rest = fragment.from(kNonce - iv_.size());
      if (!given || !rest) return plain.clear(), false;
      nonce = iv_;
      append(nonce, *given);
      sealed = *rest;
    }
    if (sealed.size() < tag_size(aead_.kind())) return plain.clear(), false;
    const auto pseudo = pseudo_header(sequence, header, sealed.size() - tag_size(aead_.kind()));
    return aead_.open(Bytes(nonce), Bytes(pseudo), sealed, plain);
  }

 private:
  Aead aead_;
  Octets iv_;
};

class Tls13Aead final : public RecordCipher {
 public:
  Tls13Aead(const CipherSuite& suite, std::uint16_t version, Bytes secret, Aead aead, Octets iv)
      : suite_(suite), version_(version), secret_(secret.begin(), secret.end()), aead_(std::move(aead)), iv_(std::move(iv)) {}

  bool open(std::uint64_t sequence, const tls::RecordHeader& header, Bytes fragment, Octets& plain, std::uint8_t& type) override {
    const Octets nonce = with_sequence(iv_, sequence);
    const Octets record_header = {header.type, static_cast<std::uint8_t>(header.version >> 8), static_cast<std::uint8_t>(header.version), static_cast<std::uint8_t>(header.length >> 8), static_cast<std::uint8_t>(header.length)};
    // Drafts before 25 authenticate no header.
    const bool bare = tls::is_draft13(version_) && (version_ & 0xff) < 25;
    if (!aead_.open(Bytes(nonce), bare ? Bytes() : Bytes(record_header), fragment, plain)) return false;
    while (!plain.empty() && plain.back() == 0) plain.pop_back();
    if (plain.empty()) return false;
    type = plain.back();
    plain.pop_back();
    return true;
  }

  std::unique_ptr<RecordCipher> updated() const override {
    const bool old_label = tls::is_draft13(version_) && (version_ & 0xff) < 20;
    const Octets next = hkdf_expand_label(Bytes(secret_), old_label ? "application traffic secret" : "traffic upd", secret_.size(), suite_.hash, label_prefix(version_));
    return tls13_cipher(suite_, version_, Bytes(next));
  }

  // Drafts before 20 write the label otherwise.
  static std::string_view label_prefix(std::uint16_t version) { return tls::is_draft13(version) && (version & 0xff) < 20 ? "TLS 1.3, " : kLabelPrefix; }

 private:
  CipherSuite suite_;
  std::uint16_t version_;
  Octets secret_;
  Aead aead_;
  Octets iv_;
};

bool is_tls12(std::uint16_t version) { return version == tls::kTls12 || version == tls::kDtls12; }

}  // namespace

Octets pseudo_header(std::uint64_t sequence, const tls::RecordHeader& header, std::uint64_t length) {
  Octets out;
  for (int shift = 56; shift >= 0; shift -= 8) out.push_back(static_cast<std::uint8_t>(sequence >> shift));
  for (const std::uint64_t byte : {std::uint64_t{header.type}, std::uint64_t{header.version} >> 8, std::uint64_t{header.version} & 0xff, length >> 8, length & 0xff}) out.push_back(static_cast<std::uint8_t>(byte));
  return out;
}

std::unique_ptr<RecordCipher> tls12_cipher(const CipherSuite& suite, const Tls12Secrets& s, Way way) {
  if (suite.tls13 || (suite.shape == CipherShape::aead && !is_tls12(s.version))) return nullptr;
  const std::size_t mac = suite.shape == CipherShape::aead ? 0 : digest_size(suite.mac);
  const std::size_t iv = suite.shape != CipherShape::aead ? suite.block : suite.aead == AeadKind::chacha20_poly1305 ? kNonce : 4;
  Octets seed(s.server_random.begin(), s.server_random.end());
  append(seed, s.client_random);
  const std::size_t length = 2 * (mac + suite.key + iv);
  const Octets block = is_tls12(s.version) ? tls12_prf(suite.hash, s.master, "key expansion", Bytes(seed), length) : tls10_prf(s.master, "key expansion", Bytes(seed), length);

  // client MAC, server MAC, client key, server key, client IV, server IV: RFC 5246 §6.3
  const std::size_t second = way == Way::up ? 0 : 1;
  const auto mac_key = Bytes(block).slice(second * mac, mac);
  const auto key = Bytes(block).slice(2 * mac + second * suite.key, suite.key);
  const auto first_iv = Bytes(block).slice(2 * (mac + suite.key) + second * iv, iv);
  if (!mac_key || !key || !first_iv) return nullptr;
  const Octets iv_bytes(first_iv->begin(), first_iv->end());
  if (suite.shape == CipherShape::aead) {
    auto aead = Aead::make(suite.aead, *key);
    return aead ? std::make_unique<Tls12Aead>(*std::move(aead), iv_bytes) : nullptr;
  }
  return old_cipher(suite, s.version, *mac_key, *key, iv_bytes, s.encrypt_then_mac);
}

std::unique_ptr<RecordCipher> tls13_cipher(const CipherSuite& suite, std::uint16_t version, Bytes secret) {
  if (!suite.tls13 || secret.size() != digest_size(suite.hash)) return nullptr;
  const std::string_view prefix = Tls13Aead::label_prefix(version);
  const Octets key = hkdf_expand_label(secret, "key", suite.key, suite.hash, prefix);
  Octets iv = hkdf_expand_label(secret, "iv", kNonce, suite.hash, prefix);
  auto aead = Aead::make(suite.aead, Bytes(key));
  return aead ? std::make_unique<Tls13Aead>(suite, version, secret, *std::move(aead), std::move(iv)) : nullptr;
}

}  // namespace klik::traffic
