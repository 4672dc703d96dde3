// Signatures of updates: over the whole zip (in its comment), over a payload and over its metadata.
// Source: AOSP bootable/recovery install/verifier.cpp, frameworks/base RecoverySystem.verifyPackage, system/update_engine
// payload_consumer/payload_verifier.cc, update_metadata.proto ("Signatures").
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/hash.h"
#include "formats/cert/x509.h"

namespace klik::update {

inline constexpr std::uint64_t kFooterSize = 6, kEndRecordSize = 22;

// The last six bytes of a signed zip.
struct WholeFileFooter {
  std::uint64_t comment_size;
  std::uint64_t signature_size;    // of the CMS, which ends where the footer begins
};
// Errors: absent (no footer), bad_value (the signature does not lie in the comment).
Result<WholeFileFooter> read_footer(Bytes last);

// `end` is the zip's end record with its comment. Recovery refuses a second end record in it: another reader would see
// another archive.
bool has_second_end_record(Bytes end);

// One signature over content of which only the digest is kept, so that it can be tried with other keys later.
struct Signature {
  HashAlgorithm digest_algorithm = HashAlgorithm::sha256;
  std::vector<std::uint8_t> signature;
  std::vector<std::uint8_t> attributes;          // signed instead of the content, which they name; empty when there are none
  std::optional<cert::Certificate> certificate;  // that came with it: no reason to trust it
  std::uint64_t at = 0;                          // in the bytes read
};

// The signers of a detached CMS. Errors: those of pkcs7::parse, unsupported (a digest that updates do not use), over_budget.
Result<std::vector<Signature>> read_cms(Bytes cms);
// The signatures of a payload's Signatures message: SHA-256, cut to their stated length. Errors: those of protobuf::Reader, bad_value, over_budget.
Result<std::vector<Signature>> read_signatures(Bytes message);

// Why recovery refuses a signature of a whole file although this key made it; "" when it does not. `n` is the signature's
// number in the file, `key_digest` what recovery::digest_of_certificate() or res/keys tell of the key.
// verifier.cpp: read_pkcs7() reads the first signer only and expects the signature right behind two algorithm identifiers,
// where one with attributes has them; verify_file() hashes as the key says (Certificate::hash_len), not as the signer does.
std::string_view recovery_refuses(const Signature& signature, std::uint64_t n, std::optional<HashAlgorithm> key_digest);

// Does it stand over content with this digest? As update_engine and RecoverySystem ask: whatever recovery refuses holds too.
bool verifies(const Signature& signature, Bytes digest, const cert::PublicKey& key);

std::string_view digest_name(HashAlgorithm algorithm);                       // "sha256"
std::optional<HashAlgorithm> digest_of_name(std::string_view name);          // sha1 and sha256

}  // namespace klik::update
