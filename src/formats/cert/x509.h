// Certificates and public keys as a phone takes them: read through OpenSSL, which tolerates the encodings
// that Android accepts although they are not DER. Verification of single signatures.
// Source: RFC 5280; RFC 2253 for the text of names.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/hash.h"

namespace klik::cert {

enum class KeyKind : std::uint8_t { rsa, dsa, ec, other };

class PublicKey {
 public:
  // A SubjectPublicKeyInfo. Errors: bad_value (not a key), unsupported (its algorithm).
  static Result<PublicKey> parse(Bytes spki);

  KeyKind kind() const;
  unsigned bits() const;
  std::string text() const;   // "RSA 2048", "EC 256", …
  // The key as DER, encoded anew: equal for keys whose files differ only in sloppy encoding.
  std::vector<std::uint8_t> encoded() const;

  // The same key once more; both may be used from any thread.
  PublicKey again() const;

  enum class Padding : std::uint8_t { pkcs1, pss };   // of RSA; other kinds have none
  // Does `signature` over `data` verify? False too when the key has another kind. PSS: MGF1 with the same
  // digest and a salt of the digest's length. MD5 and SHA-1 are taken: the caller knows where they may be.
  bool verifies(KeyKind kind, HashAlgorithm digest, Padding padding, Bytes data, Bytes signature) const;
  // The same over data of which only the digest is there. RSA with PKCS#1 padding, or what the key's kind has.
  bool verifies_digest(HashAlgorithm algorithm, Bytes digest, Bytes signature) const;

 private:
  struct Handle;              // OpenSSL's, kept out of this header
  struct Drop {
    void operator()(Handle* handle) const;
  };
  explicit PublicKey(std::unique_ptr<Handle, Drop> handle) : handle_(std::move(handle)) {}

  std::unique_ptr<Handle, Drop> handle_;
};

struct Certificate {
  std::string subject, issuer;     // RFC 2253 text, well-formed UTF-8 without control characters
  std::string valid_from, valid_to;// "2008-02-29T01:33:46Z"; "" when the certificate states no valid time
  std::string serial;              // lower-case hexadecimal, "-" before a negative one
  std::string sha1, sha256;        // of the bytes, lower-case hexadecimal
  std::string key_text;            // "RSA 2048"; "unknown" when the key is not one OpenSSL reads
  // Raw parts for comparisons that must not depend on text.
  std::vector<std::uint8_t> subject_raw, issuer_raw, serial_raw, key_raw;
  std::optional<PublicKey> key{};  // none when it cannot be read
  bool may_sign = true;            // key usage, when stated, allows digital signatures or non-repudiation
  bool unknown_critical = false;   // a critical extension that Android's verifier does not know
};

// `der` may be followed by other bytes, which phones ignore too.
// Errors: bad_value (not a certificate).
// Hundreds of apps have a few dozen signers, and OpenSSL takes half a millisecond for each: what was read once is
// remembered by its bytes, up to a number.
Result<Certificate> parse_certificate(Bytes der);

// Do two names, as DER, mean the same? Case and spaces do not count: RFC 5280 §7.1.
bool same_name(Bytes a, Bytes b);

}  // namespace klik::cert
