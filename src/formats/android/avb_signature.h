// Whether a vbmeta structure is what the key inside it signed. That this key is one a phone trusts is not shown by it.
// Source: AOSP external/avb README ("The VBMeta struct"), libavb avb_vbmeta_image.c, avb_crypto.h, avb_rsa.c.
#pragma once

#include "formats/android/avb.h"
#include "formats/cert/x509.h"

namespace klik::avb {

enum class SignatureState : std::uint8_t { verified, failed, not_verifiable };

struct SignatureCheck {
  SignatureState state;
  const char* why;         // a literal; "" when it verified
};

// REQUIRES: `meta` was read from `structure`.
SignatureCheck check_signature(Bytes structure, const VbMeta& meta);

// A key in the form of avb_rsa.h: bits, n0inv, modulus, R². Errors: truncated, bad_value (sizes, or a helper number that is
// not the modulus's).
Result<cert::PublicKey> read_key(Bytes key);

}  // namespace klik::avb
