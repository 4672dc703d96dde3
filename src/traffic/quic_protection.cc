#include "traffic/quic_protection.h"

#include <array>
#include <utility>

#include "traffic/key_derivation.h"

namespace klik::traffic {
namespace {

constexpr std::size_t kIv = 12, kSample = 16, kLongestNumber = 4;
constexpr std::uint8_t kPhaseBit = 0x04;

}  // namespace

HashAlgorithm hash_of(AeadKind kind) { return kind == AeadKind::aes_256_gcm ? HashAlgorithm::sha384 : HashAlgorithm::sha256; }

std::optional<QuicProtection::Keys> QuicProtection::keys_of(std::vector<std::uint8_t> secret, AeadKind kind, bool v2) {
  const HashAlgorithm hash = hash_of(kind);
  const auto key = hkdf_expand_label(Bytes(secret), v2 ? "quicv2 key" : "quic key", key_size(kind), hash);
  auto aead = Aead::make(kind, Bytes(key));
  if (!aead) return {};
  auto iv = hkdf_expand_label(Bytes(secret), v2 ? "quicv2 iv" : "quic iv", kIv, hash);
  if (iv.size() != kIv) return {};
  return Keys{*std::move(aead), std::move(secret), std::move(iv)};
}

std::optional<QuicProtection> QuicProtection::make(Bytes secret, AeadKind kind, bool v2) {
  const auto mask_key = hkdf_expand_label(secret, v2 ? "quicv2 hp" : "quic hp", key_size(kind), hash_of(kind));
  auto mask = HeaderMask::make(kind, Bytes(mask_key));
  auto keys = keys_of({secret.begin(), secret.end()}, kind, v2);
  if (!mask || !keys) return {};
  return QuicProtection(*std::move(mask), *std::move(keys), kind, v2);
}

bool QuicProtection::open_with(Keys& keys, std::uint64_t number, Bytes sealed, std::vector<std::uint8_t>& plain) {
  std::array<std::uint8_t, kIv> nonce{};
  for (std::size_t i = 0; i < kIv; ++i) nonce[i] = static_cast<std::uint8_t>(keys.iv[i] ^ (i < 4 ? 0 : number >> (8 * (kIv - 1 - i))));
  return keys.aead.open(Bytes(nonce), Bytes(header_), sealed, plain);
}

bool QuicProtection::open_short(std::uint64_t number, bool phase, Bytes sealed, const NumberSpace& space, std::vector<std::uint8_t>& plain) {
  if (phase == phase_) return open_with(now_, number, sealed, plain);
  // An older packet under the keys of before, or the first under the next ones.
  if (space.any && number < phase_from_ && before_) return open_with(*before_, number, sealed, plain);
  if (!next_) next_ = keys_of(hkdf_expand_label(Bytes(now_.secret), v2_ ? "quicv2 ku" : "quic ku", digest_size(hash_of(kind_)), hash_of(kind_)), kind_, v2_);
  if (!next_ || !open_with(*next_, number, sealed, plain)) return false;
  before_ = std::exchange(now_, *std::move(next_));
  next_.reset();
  phase_ = phase;
  phase_from_ = number;
  return true;
}

bool QuicProtection::open(Bytes packet, std::uint64_t number_at, NumberSpace& space, std::vector<std::uint8_t>& plain) {
  const auto sample = packet.slice(number_at + kLongestNumber, kSample);
  if (!sample) return false;
  const auto mask = mask_.mask(*sample);
  if (!mask) return false;
  const bool is_long = quic::is_long_header(packet[0]);
  const auto first = static_cast<std::uint8_t>(packet[0] ^ ((*mask)[0] & (is_long ? 0x0f : 0x1f)));
  const unsigned length = (first & 3u) + 1;
  const Bytes header = *packet.slice(0, number_at + length);   // ends before the sample does
  header_.assign(header.begin(), header.end());
  header_[0] = first;
  std::uint64_t truncated = 0;
  for (unsigned i = 0; i < length; ++i) {
    header_[number_at + i] ^= (*mask)[1 + i];
    truncated = truncated << 8 | header_[number_at + i];
  }
  const std::uint64_t number = quic::full_packet_number(space.any, space.largest, truncated, length);
  const Bytes sealed = *packet.from(header.size());
  const bool opened = is_long ? open_with(now_, number, sealed, plain) : open_short(number, (first & kPhaseBit) != 0, sealed, space, plain);
  if (opened && (!space.any || number > space.largest)) space.any = true, space.largest = number;
  if (opened) space.opened = number;
  return opened;
}

std::optional<QuicProtection> initial_protection(const quic::Version& version, Bytes first_destination, QuicSide side) {
  const auto secret = hkdf_extract(HashAlgorithm::sha256, Bytes(version.salt), first_destination);
  const auto mine = hkdf_expand_label(Bytes(secret), side == QuicSide::client ? "client in" : "server in", digest_size(HashAlgorithm::sha256), HashAlgorithm::sha256);
  return QuicProtection::make(Bytes(mine), AeadKind::aes_128_gcm, version.v2);
}

}  // namespace klik::traffic
