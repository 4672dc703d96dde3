#include "traffic/key_derivation.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>

namespace klik::traffic {
namespace {

const EVP_MD* method(HashAlgorithm hash) {
  switch (hash) {
    case HashAlgorithm::md5: return EVP_md5();
    case HashAlgorithm::sha1: return EVP_sha1();
    case HashAlgorithm::sha224: return EVP_sha224();
    case HashAlgorithm::sha256: return EVP_sha256();
    case HashAlgorithm::sha384: return EVP_sha384();
    case HashAlgorithm::sha512: return EVP_sha512();
  }
  return EVP_sha256();
}

void append(std::vector<std::uint8_t>& to, Bytes more) { to.insert(to.end(), more.begin(), more.end()); }

// P_hash(secret, seed) of RFC 5246 §5.
std::vector<std::uint8_t> p_hash(HashAlgorithm hash, Bytes secret, Bytes seed, std::size_t length) {
  std::vector<std::uint8_t> out, a(seed.begin(), seed.end());
  while (out.size() < length) {
    a = hmac(hash, secret, Bytes(a));
    if (a.empty()) return {};
    std::vector<std::uint8_t> input = a;
    append(input, seed);
    append(out, Bytes(hmac(hash, secret, Bytes(input))));
  }
  out.resize(length);
  return out;
}

std::vector<std::uint8_t> labelled(std::string_view label, Bytes seed) {
  std::vector<std::uint8_t> out(label.begin(), label.end());
  append(out, seed);
  return out;
}

}  // namespace

std::size_t digest_size(HashAlgorithm hash) { return static_cast<std::size_t>(EVP_MD_get_size(method(hash))); }

std::vector<std::uint8_t> hmac(HashAlgorithm hash, Bytes key, Bytes data) {
  std::vector<std::uint8_t> out(EVP_MAX_MD_SIZE);
  static constexpr std::uint8_t kNone = 0;   // OpenSSL takes a null key for "the key before"
  unsigned length = 0;
  if (!HMAC(method(hash), key.empty() ? &kNone : key.data(), static_cast<int>(key.size()), data.data(), data.size(), out.data(), &length)) return {};
  out.resize(length);
  return out;
}

std::vector<std::uint8_t> hkdf_extract(HashAlgorithm hash, Bytes salt, Bytes key_material) { return hmac(hash, salt, key_material); }

std::vector<std::uint8_t> hkdf_expand_label(Bytes secret, std::string_view label, std::size_t length, HashAlgorithm hash, std::string_view prefix) {
  std::vector<std::uint8_t> info = {static_cast<std::uint8_t>(length >> 8), static_cast<std::uint8_t>(length), static_cast<std::uint8_t>(prefix.size() + label.size())};
  append(info, Bytes::of(prefix));
  append(info, Bytes::of(label));
  info.push_back(0);   // no context
  std::vector<std::uint8_t> out, block;
  for (std::uint8_t n = 1; out.size() < length; ++n) {
    append(block, Bytes(info));
    block.push_back(n);
    block = hmac(hash, secret, Bytes(block));
    if (block.empty() || n == 255) return {};
    append(out, Bytes(block));
  }
  out.resize(length);
  return out;
}

std::vector<std::uint8_t> tls12_prf(HashAlgorithm hash, Bytes secret, std::string_view label, Bytes seed, std::size_t length) {
  return p_hash(hash, secret, Bytes(labelled(label, seed)), length);
}

std::vector<std::uint8_t> tls10_prf(Bytes secret, std::string_view label, Bytes seed, std::size_t length) {
  const std::uint64_t half = (secret.size() + 1) / 2;   // of an odd length both halves hold the middle byte
  const auto first = secret.slice(0, half), second = secret.slice(secret.size() - half, half);
  if (!first || !second) return {};
  const auto text = labelled(label, seed);
  std::vector<std::uint8_t> out = p_hash(HashAlgorithm::md5, *first, Bytes(text), length);
  const std::vector<std::uint8_t> more = p_hash(HashAlgorithm::sha1, *second, Bytes(text), length);
  if (out.size() != more.size()) return {};
  for (std::size_t i = 0; i < out.size(); ++i) out[i] ^= more[i];
  return out;
}

}  // namespace klik::traffic
