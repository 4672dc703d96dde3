// Digests over bytes that arrive in pieces. OpenSSL does the work.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"

namespace klik {

using Sha256Digest = std::array<std::uint8_t, 32>;

enum class HashAlgorithm : std::uint8_t { md5, sha1, sha224, sha256, sha384, sha512 };

class Hasher {
 public:
  explicit Hasher(HashAlgorithm algorithm = HashAlgorithm::sha256);
  ~Hasher();
  Hasher(Hasher&&) noexcept;
  Hasher& operator=(Hasher&&) noexcept;

  void update(Bytes bytes);
  // Ends the computation; the hasher starts anew afterwards.
  std::vector<std::uint8_t> finish();
  // REQUIRES: algorithm is sha256.
  Sha256Digest finish_sha256();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

Sha256Digest sha256(Bytes bytes);
std::vector<std::uint8_t> hash(HashAlgorithm algorithm, Bytes bytes);
std::uint32_t crc32(Bytes bytes, std::uint32_t seed = 0);   // IEEE, as in zip and gzip
std::uint32_t adler32(Bytes bytes);                         // as in zlib streams and DEX headers
std::uint32_t crc32c(Bytes bytes, std::uint32_t seed);      // Castagnoli; no final inversion, seed given (EROFS: ~0)

std::string hex(Bytes bytes);                               // lower case
std::optional<std::vector<std::uint8_t>> unhex(std::string_view text);
inline Bytes as_bytes(const Sha256Digest& d) { return {d.data(), d.size()}; }

}  // namespace klik
