// An RSA public key from its numbers, for formats that store those instead of an encoded key.
#pragma once

#include "formats/cert/x509.h"

namespace klik::cert {

// Errors: bad_value (no modulus of 1 to 2048 bytes, or not a key).
Result<PublicKey> rsa_key(Bytes modulus, std::uint32_t exponent);

}  // namespace klik::cert
