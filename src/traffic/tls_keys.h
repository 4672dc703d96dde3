// What a cipher suite protects records with, and the keys of one way of a TLS connection.
// Source: RFC 5246 §6.2.3 and §6.3, RFC 2246 and RFC 4346 (IVs), RFC 7366 (encrypt-then-MAC), RFC 5288 (GCM), RFC 6655 (CCM), RFC 7905
// (ChaCha20-Poly1305), RFC 8446 §5.2 and §7; drafts of TLS 1.3: draft-ietf-tls-tls13-18 to -28.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "formats/net/tls_hello.h"
#include "formats/net/tls_record.h"
#include "traffic/aead.h"
#include "traffic/key_derivation.h"
#include "traffic/stream.h"

namespace klik::traffic {

enum class CipherShape : std::uint8_t { null, stream, block, aead };

struct CipherSuite {
  CipherShape shape = CipherShape::null;
  const char* cipher = "";                            // OpenSSL's name, of stream and block
  AeadKind aead = AeadKind::aes_128_gcm;
  std::size_t key = 0, block = 0;                     // bytes
  HashAlgorithm mac = HashAlgorithm::sha1;            // of null, stream and block
  HashAlgorithm hash = HashAlgorithm::sha256;         // of the PRF or HKDF
  bool tls13 = false;
};
// None for suites that klikspaan does not open: export grades, ciphers that no phone offers, unknown numbers.
std::optional<CipherSuite> cipher_suite(std::uint16_t number);

// Opens the records of one way under one set of keys. The caller keeps the sequence number, so that it can try the next ones after
// a gap: opening fails without harm when the number is not the record's.
class RecordCipher {
 public:
  virtual ~RecordCipher() = default;
  // The plain text of the record with this header; `type` becomes the inner one of TLS 1.3. False: it does not verify.
  virtual bool open(std::uint64_t sequence, const tls::RecordHeader& header, Bytes fragment, std::vector<std::uint8_t>& plain, std::uint8_t& type) = 0;
  // The keys after a KeyUpdate of TLS 1.3; null for versions without it.
  virtual std::unique_ptr<RecordCipher> updated() const { return nullptr; }
  // True when each record opens without those before it, so that a gap can be passed.
  virtual bool stands_alone() const { return true; }
};

// The keys of one way of TLS 1.2 and below, out of the master secret. Null when OpenSSL lacks the cipher.
struct Tls12Secrets {
  std::uint16_t version = 0;          // chosen by the server, of TLS or DTLS
  Bytes master, client_random, server_random;
  bool encrypt_then_mac = false;
};
std::unique_ptr<RecordCipher> tls12_cipher(const CipherSuite& suite, const Tls12Secrets& secrets, Way way);

// The keys of one way and stage of TLS 1.3, out of a traffic secret. `version`: 0x0304 or a draft's.
std::unique_ptr<RecordCipher> tls13_cipher(const CipherSuite& suite, std::uint16_t version, Bytes secret);

// One record of DTLS 1.2 differs only in its sequence number: epoch and number together.
constexpr std::uint64_t dtls_sequence(const tls::DtlsRecordHeader& header) { return std::uint64_t{header.epoch} << 48 | header.sequence; }

}  // namespace klik::traffic
