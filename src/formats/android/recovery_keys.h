// The keys of updates as recovery reads them. Up to Android 9 they stand in res/keys as numbers in text,
// "v2 {64,0xc926ad21,{…},{…}}"; later ones are certificates. Each belongs to one digest.
// Source: AOSP bootable/recovery verifier.cpp (load_keys, LoadCertificateFromBuffer), system/core libmincrypt tools DumpPublicKey.java.
#pragma once

#include <optional>
#include <vector>

#include "formats/cert/x509.h"

namespace klik::recovery {

struct Key {
  cert::PublicKey key;
  HashAlgorithm digest;   // that its signatures have
  std::uint64_t at, length;
};

// Errors: bad_value (another form), unsupported (keys on elliptic curves), over_budget.
Result<std::vector<Key>> read_keys(Bytes text);

// The digest that recovery takes of signatures with a certificate's key: the one with which the certificate itself was
// signed, where MD5 stands for SHA-1. Nothing for certificates that recovery does not load.
std::optional<HashAlgorithm> digest_of_certificate(Bytes der);

}  // namespace klik::recovery
