// How TLS and QUIC make keys out of secrets: HKDF for TLS 1.3 and QUIC, the PRF for TLS 1.2 and below.
// Source: RFC 5869, RFC 8446 §7.1, RFC 5246 §5, RFC 2246 §5.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/hash.h"

namespace klik::traffic {

std::size_t digest_size(HashAlgorithm hash);

// HMAC of RFC 2104. Empty when OpenSSL refuses the algorithm.
std::vector<std::uint8_t> hmac(HashAlgorithm hash, Bytes key, Bytes data);

// HKDF-Extract(salt, input keying material).
std::vector<std::uint8_t> hkdf_extract(HashAlgorithm hash, Bytes salt, Bytes key_material);

// HKDF-Expand-Label(secret, label, "", length); the label goes without its prefix. REQUIRES: length <= 255 digests.
constexpr std::string_view kLabelPrefix = "tls13 ";
std::vector<std::uint8_t> hkdf_expand_label(Bytes secret, std::string_view label, std::size_t length, HashAlgorithm hash, std::string_view prefix = kLabelPrefix);

// The PRF of TLS 1.2, with the hash of the cipher suite.
std::vector<std::uint8_t> tls12_prf(HashAlgorithm hash, Bytes secret, std::string_view label, Bytes seed, std::size_t length);
// The PRF of TLS 1.0 and 1.1: MD5 and SHA-1 over the halves of the secret.
std::vector<std::uint8_t> tls10_prf(Bytes secret, std::string_view label, Bytes seed, std::size_t length);

}  // namespace klik::traffic
