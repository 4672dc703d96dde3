// res/keys of recoveries up to Android 9: the keys of updates as numbers in text, "v2 {64,0xc926ad21,{…},{…}}".
// Source: AOSP bootable/recovery verifier.cpp (load_keys), system/core libmincrypt tools DumpPublicKey.java.
#pragma once

#include <vector>

#include "formats/cert/x509.h"

namespace klik::recovery {

struct Key {
  cert::PublicKey key;
  bool sha256;            // the digest that its signatures have, else SHA-1
  std::uint64_t at, length;
};

// Errors: bad_value (another form), unsupported (keys on elliptic curves), over_budget.
Result<std::vector<Key>> read_keys(Bytes text);

}  // namespace klik::recovery
