// Records under the ciphers that need a MAC of their own: CBC, RC4, and none.
// Source: RFC 5246 §6.2.3.1 and §6.2.3.2, RFC 7366, RFC 2246 §6.2.3.2 (chained IVs).
#pragma once

#include <memory>
#include <vector>

#include "traffic/tls_keys.h"

namespace klik::traffic {

// What the MAC, and the AEADs of TLS 1.2, cover beside the data: sequence number, type, version, length.
std::vector<std::uint8_t> pseudo_header(std::uint64_t sequence, const tls::RecordHeader& header, std::uint64_t length);

// `version` decides whether a record brings its IV (TLS 1.1, DTLS) or takes the end of the one before. Null when OpenSSL lacks the cipher.
std::unique_ptr<RecordCipher> old_cipher(const CipherSuite& suite, std::uint16_t version, Bytes mac_key, Bytes key, const std::vector<std::uint8_t>& iv, bool encrypt_then_mac);

}  // namespace klik::traffic
