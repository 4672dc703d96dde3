#include "base/hash.h"

#include <libdeflate.h>
#include <openssl/evp.h>

#include <algorithm>

namespace klik {
namespace {

// Fetched once: what EVP_sha256() gives is looked up again, under locks, at every start of a digest, and a scan makes
// hundreds of thousands of small ones.
const EVP_MD* method(HashAlgorithm algorithm) {
  static const std::array<const EVP_MD*, 6> fetched = [] {
    std::array<const EVP_MD*, 6> out{};
    constexpr const char* kNames[] = {"MD5", "SHA1", "SHA224", "SHA256", "SHA384", "SHA512"};
    for (std::size_t i = 0; i < out.size(); ++i) out[i] = EVP_MD_fetch(nullptr, kNames[i], nullptr);
    return out;
  }();
  switch (algorithm) {
    case HashAlgorithm::md5: return fetched[0];
    case HashAlgorithm::sha1: return fetched[1];
    case HashAlgorithm::sha224: return fetched[2];
    case HashAlgorithm::sha256: return fetched[3];
    case HashAlgorithm::sha384: return fetched[4];
    case HashAlgorithm::sha512: return fetched[5];
  }
  return fetched[3];
}

constexpr std::array<std::uint32_t, 256> make_crc32c_table() {
  std::array<std::uint32_t, 256> table{};
  for (std::uint32_t i = 0; i < 256; ++i) {
    std::uint32_t c = i;
    for (int k = 0; k < 8; ++k) c = (c & 1) ? (c >> 1) ^ 0x82F63B78u : c >> 1;
    table[i] = c;
  }
  return table;
}
constexpr auto kCrc32c = make_crc32c_table();

}  // namespace

struct Hasher::State {
  EVP_MD_CTX* ctx;
  const EVP_MD* md;
  bool finished = false;   // starts again with the next update, if there is one

  void start() {
    if (finished) EVP_DigestInit_ex(ctx, md, nullptr);
    finished = false;
  }
  void finish(std::uint8_t* out) {
    start();
    unsigned n = 0;
    EVP_DigestFinal_ex(ctx, out, &n);
    finished = true;
  }
};

Hasher::Hasher(HashAlgorithm algorithm) : state_(new State{EVP_MD_CTX_new(), method(algorithm)}) {
  EVP_DigestInit_ex(state_->ctx, state_->md, nullptr);
}
Hasher::~Hasher() {
  if (state_) EVP_MD_CTX_free(state_->ctx);
}
Hasher::Hasher(Hasher&&) noexcept = default;
Hasher& Hasher::operator=(Hasher&& other) noexcept {
  std::swap(state_, other.state_);
  return *this;
}

void Hasher::update(Bytes bytes) {
  state_->start();
  EVP_DigestUpdate(state_->ctx, bytes.data(), bytes.size());
}

std::vector<std::uint8_t> Hasher::finish() {
  std::vector<std::uint8_t> out(static_cast<std::size_t>(EVP_MD_get_size(state_->md)));
  state_->finish(out.data());
  return out;
}

Sha256Digest Hasher::finish_sha256() {
  std::array<std::uint8_t, EVP_MAX_MD_SIZE> whole{};
  state_->finish(whole.data());
  Sha256Digest d{};
  std::copy_n(whole.begin(), d.size(), d.begin());
  return d;
}

Sha256Digest sha256(Bytes bytes) {
  thread_local Hasher h;
  h.update(bytes);
  return h.finish_sha256();
}

std::vector<std::uint8_t> hash(HashAlgorithm algorithm, Bytes bytes) {
  Hasher h(algorithm);
  h.update(bytes);
  return h.finish();
}

std::uint32_t crc32(Bytes bytes, std::uint32_t seed) { return libdeflate_crc32(seed, bytes.data(), bytes.size()); }

std::uint32_t adler32(Bytes bytes) { return libdeflate_adler32(1, bytes.data(), bytes.size()); }

std::uint32_t crc32c(Bytes bytes, std::uint32_t seed) {
  for (const std::uint8_t b : bytes.span()) seed = kCrc32c[(seed ^ b) & 0xff] ^ (seed >> 8);
  return seed;
}

std::string hex(Bytes bytes) {
  constexpr char kDigits[] = "0123456789abcdef";
  std::string out;
  out.reserve(bytes.size() * 2);
  for (const std::uint8_t b : bytes.span()) {
    out += kDigits[b >> 4];
    out += kDigits[b & 15];
  }
  return out;
}

std::optional<std::vector<std::uint8_t>> unhex(std::string_view text) {
  if (text.size() % 2) return std::nullopt;
  std::vector<std::uint8_t> out;
  out.reserve(text.size() / 2);
  auto digit = [](char c) -> int {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
  };
  for (std::size_t i = 0; i < text.size(); i += 2) {
    const int hi = digit(text[i]), lo = digit(text[i + 1]);
    if (hi < 0 || lo < 0) return std::nullopt;
    out.push_back(static_cast<std::uint8_t>(hi * 16 + lo));
  }
  return out;
}

}  // namespace klik
