// Opening what an AEAD sealed, and the mask over QUIC's packet headers.
// Source: RFC 5116, RFC 6655 (CCM), RFC 8439 (ChaCha20-Poly1305), RFC 6209 (ARIA), RFC 9001 §5.4.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "base/bytes.h"

namespace klik::traffic {

enum class AeadKind : std::uint8_t { aes_128_gcm, aes_256_gcm, aes_128_ccm, aes_256_ccm, aes_128_ccm_8, aes_256_ccm_8, chacha20_poly1305, aria_128_gcm, aria_256_gcm };

std::size_t key_size(AeadKind kind);   // bytes: 16 or 32
std::size_t tag_size(AeadKind kind);   // bytes: 16 or 8

class Aead {
 public:
  // None when the key has the wrong length or OpenSSL lacks the cipher.
  static std::optional<Aead> make(AeadKind kind, Bytes key);
  ~Aead();
  Aead(Aead&&) noexcept;
  Aead& operator=(Aead&&) noexcept;

  // `sealed` ends with the tag. False, and `plain` is empty, when the tag does not verify. REQUIRES: a nonce of 12 bytes.
  bool open(Bytes nonce, Bytes additional, Bytes sealed, std::vector<std::uint8_t>& plain);
  AeadKind kind() const { return kind_; }

 private:
  struct State;
  Aead(AeadKind kind, std::unique_ptr<State> state);
  AeadKind kind_;
  std::unique_ptr<State> state_;
};

// Header protection of QUIC: five bytes of mask out of a sample of 16.
class HeaderMask {
 public:
  static std::optional<HeaderMask> make(AeadKind kind, Bytes key);
  ~HeaderMask();
  HeaderMask(HeaderMask&&) noexcept;
  HeaderMask& operator=(HeaderMask&&) noexcept;

  // None when the sample is not of 16 bytes.
  std::optional<std::array<std::uint8_t, 5>> mask(Bytes sample);

 private:
  struct State;
  explicit HeaderMask(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace klik::traffic
