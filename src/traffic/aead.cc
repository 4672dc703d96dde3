#include "traffic/aead.h"

#include <openssl/err.h>

#include <limits>

#include "traffic/openssl_cipher.h"

namespace klik::traffic {
namespace {

struct Shape {
  const char* cipher;
  std::size_t key, tag;
  bool ccm;
  const char* mask;   // of QUIC's header protection; "": QUIC does not have the cipher
};

constexpr Shape kShapes[] = {
    {"AES-128-GCM", 16, 16, false, "AES-128-ECB"}, {"AES-256-GCM", 32, 16, false, "AES-256-ECB"}, {"AES-128-CCM", 16, 16, true, "AES-128-ECB"},
    {"AES-256-CCM", 32, 16, true, "AES-256-ECB"},  {"AES-128-CCM", 16, 8, true, "AES-128-ECB"},   {"AES-256-CCM", 32, 8, true, "AES-256-ECB"},
    {"ChaCha20-Poly1305", 32, 16, false, "ChaCha20"}, {"ARIA-128-GCM", 16, 16, false, ""}, {"ARIA-256-GCM", 32, 16, false, ""}};

const Shape& shape(AeadKind kind) { return kShapes[static_cast<std::size_t>(kind)]; }

constexpr int kNonceSize = 12;

}  // namespace

std::size_t key_size(AeadKind kind) { return shape(kind).key; }
std::size_t tag_size(AeadKind kind) { return shape(kind).tag; }

struct Aead::State {
  CipherContext context;
  std::vector<std::uint8_t> key;   // CCM takes it anew for each message
};

Aead::Aead(AeadKind kind, std::unique_ptr<State> state) : kind_(kind), state_(std::move(state)) {}
Aead::~Aead() = default;
Aead::Aead(Aead&&) noexcept = default;
Aead& Aead::operator=(Aead&&) noexcept = default;

std::optional<Aead> Aead::make(AeadKind kind, Bytes key) {
  const Shape& s = shape(kind);
  const EVP_CIPHER* cipher = fetched_cipher(s.cipher);
  if (!cipher || key.size() != s.key) return {};
  auto state = std::make_unique<State>(CipherContext(EVP_CIPHER_CTX_new()), std::vector<std::uint8_t>(key.begin(), key.end()));
  EVP_CIPHER_CTX* c = state->context.get();
  if (EVP_DecryptInit_ex(c, cipher, nullptr, nullptr, nullptr) != 1 || EVP_CIPHER_CTX_ctrl(c, EVP_CTRL_AEAD_SET_IVLEN, kNonceSize, nullptr) != 1) return {};
  if (!s.ccm && EVP_DecryptInit_ex(c, nullptr, nullptr, key.data(), nullptr) != 1) return {};
  return Aead(kind, std::move(state));
}

bool Aead::open(Bytes nonce, Bytes additional, Bytes sealed, std::vector<std::uint8_t>& plain) {
  const Shape& s = shape(kind_);
  EVP_CIPHER_CTX* c = state_->context.get();
  plain.clear();
  if (nonce.size() != kNonceSize || sealed.size() < s.tag || sealed.size() > std::numeric_limits<int>::max()) return false;
  const std::size_t length = sealed.size() - s.tag;
  std::array<std::uint8_t, 16> tag{};
  copy_bytes(tag, 0, *sealed.slice(length, s.tag));
  plain.resize(length + 1);   // never null: OpenSSL takes a null output for additional data
  int done = 0, ended = 0;
  // CCM wants tag and lengths before the data, and tells of a wrong tag at the data; the others at the end.
  bool good = !s.ccm || EVP_CIPHER_CTX_ctrl(c, EVP_CTRL_AEAD_SET_TAG, static_cast<int>(s.tag), tag.data()) == 1;
  good = good && EVP_DecryptInit_ex(c, nullptr, nullptr, s.ccm ? state_->key.data() : nullptr, nonce.data()) == 1;
  good = good && (!s.ccm || EVP_DecryptUpdate(c, nullptr, &done, nullptr, static_cast<int>(length)) == 1);
  good = good && (additional.empty() || EVP_DecryptUpdate(c, nullptr, &done, additional.data(), static_cast<int>(additional.size())) == 1);
  done = 0;
  // CCM verifies at the data, even when there is none; others take no call for none.
  good = good && ((length == 0 && !s.ccm) || EVP_DecryptUpdate(c, plain.data(), &done, sealed.data(), static_cast<int>(length)) == 1);
  if (!s.ccm) {
    good = good && EVP_CIPHER_CTX_ctrl(c, EVP_CTRL_AEAD_SET_TAG, static_cast<int>(s.tag), tag.data()) == 1;
    good = good && EVP_DecryptFinal_ex(c, plain.data() + done, &ended) == 1;
  }
  if (!good) ERR_clear_error();
  plain.resize(good ? length : 0);
  return good;
}

struct HeaderMask::State {
  CipherContext context;
  bool chacha;
};

HeaderMask::HeaderMask(std::unique_ptr<State> state) : state_(std::move(state)) {}
HeaderMask::~HeaderMask() = default;
HeaderMask::HeaderMask(HeaderMask&&) noexcept = default;
HeaderMask& HeaderMask::operator=(HeaderMask&&) noexcept = default;

std::optional<HeaderMask> HeaderMask::make(AeadKind kind, Bytes key) {
  const Shape& s = shape(kind);
  const EVP_CIPHER* cipher = fetched_cipher(s.mask);
  if (!cipher || key.size() != s.key) return {};
  auto state = std::make_unique<State>(CipherContext(EVP_CIPHER_CTX_new()), kind == AeadKind::chacha20_poly1305);
  if (EVP_EncryptInit_ex(state->context.get(), cipher, nullptr, key.data(), nullptr) != 1) return {};
  EVP_CIPHER_CTX_set_padding(state->context.get(), 0);
  return HeaderMask(std::move(state));
}

std::optional<std::array<std::uint8_t, 5>> HeaderMask::mask(Bytes sample) {
  if (sample.size() != 16) return {};
  EVP_CIPHER_CTX* c = state_->context.get();
  std::array<std::uint8_t, 32> out{};
  constexpr std::array<std::uint8_t, 5> kZeros{};
  int done = 0;
  // ChaCha20: the sample is counter and nonce, laid out as OpenSSL's 16-byte IV has them.
  const bool good = state_->chacha ? EVP_EncryptInit_ex(c, nullptr, nullptr, nullptr, sample.data()) == 1 && EVP_EncryptUpdate(c, out.data(), &done, kZeros.data(), 5) == 1
                                   : EVP_EncryptUpdate(c, out.data(), &done, sample.data(), 16) == 1;
  if (!good) return {};
  return std::array<std::uint8_t, 5>{out[0], out[1], out[2], out[3], out[4]};
}

}  // namespace klik::traffic
