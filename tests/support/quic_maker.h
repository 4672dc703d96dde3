// Makes QUIC packets for tests: any version of the table, any keys, whatever frames it is told.
#pragma once

#include <openssl/evp.h>

#include <stdexcept>
#include <string>

#include "formats/net/quic.h"
#include "support/tls_made.h"
#include "traffic/key_derivation.h"
#include "traffic/quic_protection.h"

namespace klik::test {

inline Octets varint(std::uint64_t value) {
  if (value < 64) return number(value, 1);
  if (value < 16384) return number(value | 0x4000, 2);
  if (value < (1u << 30)) return number(value | 0x80000000u, 4);
  return number(value | std::uint64_t{3} << 62, 8);
}
inline Octets sized(const Octets& body) { return joined({varint(body.size()), body}); }
inline Octets crypto_frame(std::uint64_t offset, const Octets& data) { return joined({{6}, varint(offset), sized(data)}); }
inline Octets stream_frame(std::uint64_t id, std::uint64_t offset, std::string_view data, bool fin) {
  return joined({{static_cast<std::uint8_t>(0x0e | (fin ? 1 : 0))}, varint(id), varint(offset), sized(text(data))});
}
inline Octets part(const Octets& all, std::size_t at, std::size_t n) {
  return {all.begin() + static_cast<std::ptrdiff_t>(at), all.begin() + static_cast<std::ptrdiff_t>(std::min(at + n, all.size()))};
}

// The keys of one way at one stage.
struct QuicSeal {
  Octets secret;
  traffic::AeadKind kind = traffic::AeadKind::aes_128_gcm;
  bool v2 = false;

  QuicSeal updated() const {
    const auto hash = traffic::hash_of(kind);
    return {traffic::hkdf_expand_label(Bytes(secret), v2 ? "quicv2 ku" : "quic ku", traffic::digest_size(hash), hash), kind, v2};
  }
  Octets derived(std::string_view what, std::size_t size) const { return traffic::hkdf_expand_label(Bytes(secret), std::string(v2 ? "quicv2 " : "quic ") + std::string(what), size, traffic::hash_of(kind)); }

  // `header` ends with the packet number in clear. `masked_by`: whose header key; key updates keep the first one.
  Octets seal(const Octets& header, std::uint64_t packet_number, const Octets& payload, const QuicSeal* masked_by = nullptr) const {
    const Octets key = derived("key", traffic::key_size(kind));
    Octets nonce = derived("iv", 12);
    for (unsigned i = 0; i < 8; ++i) nonce[11 - i] = static_cast<std::uint8_t>(nonce[11 - i] ^ (packet_number >> (8 * i)));
    const EVP_CIPHER* cipher = kind == traffic::AeadKind::aes_128_gcm ? EVP_aes_128_gcm() : kind == traffic::AeadKind::aes_256_gcm ? EVP_aes_256_gcm() : EVP_chacha20_poly1305();
    Octets sealed(payload.size() + 16);
    int n = 0, end = 0;
    EVP_CIPHER_CTX* c = EVP_CIPHER_CTX_new();
    const bool good = EVP_EncryptInit_ex(c, cipher, nullptr, key.data(), nonce.data()) == 1 && EVP_EncryptUpdate(c, nullptr, &n, header.data(), static_cast<int>(header.size())) == 1 &&
                      EVP_EncryptUpdate(c, sealed.data(), &n, payload.data(), static_cast<int>(payload.size())) == 1 && EVP_EncryptFinal_ex(c, sealed.data() + n, &end) == 1 &&
                      EVP_CIPHER_CTX_ctrl(c, EVP_CTRL_AEAD_GET_TAG, 16, sealed.data() + payload.size()) == 1;
    EVP_CIPHER_CTX_free(c);
    if (!good) throw std::runtime_error("seal");
    Octets packet = joined({header, sealed});
    const unsigned length = (header[0] & 3u) + 1;
    const std::size_t number_at = header.size() - length;
    auto mask = traffic::HeaderMask::make(kind, Bytes((masked_by ? *masked_by : *this).derived("hp", traffic::key_size(kind))));
    const auto bits = mask->mask(*Bytes(packet).slice(number_at + 4, 16));
    packet[0] = static_cast<std::uint8_t>(packet[0] ^ ((*bits)[0] & ((header[0] & 0x80) != 0 ? 0x0f : 0x1f)));
    for (unsigned i = 0; i < length; ++i) packet[number_at + i] ^= (*bits)[1 + i];
    return packet;
  }
};

inline QuicSeal initial_seal(std::uint32_t version, const Octets& first_destination, bool client) {
  const auto* v = quic::find_version(version);
  const auto secret = traffic::hkdf_extract(HashAlgorithm::sha256, Bytes(v->salt), Bytes(first_destination));
  return {traffic::hkdf_expand_label(Bytes(secret), client ? "client in" : "server in", 32, HashAlgorithm::sha256), traffic::AeadKind::aes_128_gcm, v->v2};
}

struct LongParts {
  std::uint32_t version = quic::kV1;
  unsigned type = 0;                   // of version 1: 0 Initial, 1 0-RTT, 2 Handshake
  Octets destination, source, token;
  std::uint64_t packet_number = 0;
  std::size_t at_least = 0;            // padding makes the payload as long
};
inline Octets long_packet(const LongParts& p, Octets payload, const QuicSeal& seal) {
  if (payload.size() < std::max<std::size_t>(p.at_least, 4)) payload.resize(std::max<std::size_t>(p.at_least, 4));
  const unsigned type = quic::find_version(p.version)->v2 ? (p.type + 1) & 3u : p.type;
  Octets header = joined({{static_cast<std::uint8_t>(0xc1 | type << 4)}, number(p.version, 4), counted(p.destination, 1), counted(p.source, 1)});
  if (p.type == 0) append(header, sized(p.token));
  append(header, joined({varint(2 + payload.size() + 16), number(p.packet_number & 0xffff, 2)}));
  return seal.seal(header, p.packet_number, payload);
}
inline Octets short_packet(const Octets& destination, std::uint64_t packet_number, Octets payload, const QuicSeal& seal, bool phase = false, const QuicSeal* masked_by = nullptr) {
  if (payload.size() < 4) payload.resize(4);
  return seal.seal(joined({{static_cast<std::uint8_t>(0x41 | (phase ? 4 : 0))}, destination, number(packet_number & 0xffff, 2)}), packet_number, payload, masked_by);
}

}  // namespace klik::test
