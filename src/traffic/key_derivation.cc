#include "traffic/key_derivation.h"

#include <openssl/evp.h>

#include <array>
#include <memory>

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

struct FreeDigestContext {
  void operator()(EVP_MD_CTX* c) const { EVP_MD_CTX_free(c); }
};
using DigestContext = std::unique_ptr<EVP_MD_CTX, FreeDigestContext>;

// Looked up once; never freed, as OpenSSL frees its own tables before statics go.
const EVP_MD* fetched(HashAlgorithm hash) {
  static const auto all = [] {
    std::array<const EVP_MD*, 6> made{};
    for (std::size_t i = 0; i < made.size(); ++i) made[i] = EVP_MD_fetch(nullptr, EVP_MD_get0_name(method(static_cast<HashAlgorithm>(i))), nullptr);
    return made;
  }();
  return all[static_cast<std::size_t>(hash)];
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

// RFC 2104. OpenSSL's own looks its algorithm up for each call, which costs ten times the digest: each connection of QUIC needs
// a dozen of these.
std::vector<std::uint8_t> hmac(HashAlgorithm hash, Bytes key, Bytes data) {
  thread_local const DigestContext context(EVP_MD_CTX_new());
  const EVP_MD* digest = fetched(hash);
  if (!context || !digest) return {};
  std::array<std::uint8_t, 128> inner{}, outer{};
  const auto block = static_cast<std::size_t>(EVP_MD_get_block_size(digest));
  if (block > inner.size()) return {};
  std::array<std::uint8_t, EVP_MAX_MD_SIZE> middle{};
  unsigned length = 0;
  EVP_MD_CTX* c = context.get();
  if (key.size() > block) {
    if (EVP_DigestInit_ex2(c, digest, nullptr) != 1 || EVP_DigestUpdate(c, key.data(), key.size()) != 1 || EVP_DigestFinal_ex(c, middle.data(), &length) != 1) return {};
    key = Bytes(middle.data(), length);
  }
  copy_bytes(inner, 0, key);
  outer = inner;
  for (std::size_t i = 0; i < block; ++i) inner[i] ^= 0x36, outer[i] ^= 0x5c;
  std::vector<std::uint8_t> out(EVP_MAX_MD_SIZE);
  const bool good = EVP_DigestInit_ex2(c, digest, nullptr) == 1 && EVP_DigestUpdate(c, inner.data(), block) == 1 && (data.empty() || EVP_DigestUpdate(c, data.data(), data.size()) == 1) &&
                    EVP_DigestFinal_ex(c, middle.data(), &length) == 1 && EVP_DigestInit_ex2(c, digest, nullptr) == 1 && EVP_DigestUpdate(c, outer.data(), block) == 1 &&
                    EVP_DigestUpdate(c, middle.data(), length) == 1 && EVP_DigestFinal_ex(c, out.data(), &length) == 1;
  out.resize(good ? length : 0);
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
