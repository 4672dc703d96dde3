// What of an identifier may stand in a case: a digest under a key that is kept outside of it. A plain hash of an IMEI is undone in seconds.
// Source: RFC 2104 (HMAC).
#pragma once

#include <string>

#include "traffic/identifiers.h"

namespace klik::traffic {

inline constexpr std::size_t kIdentifierKeyBytes = 32;

// HMAC-SHA-256 over kind, a zero byte and value, in lower-case hexadecimal: equal in all cases that were made with one key.
std::string identifier_digest(Bytes key, const Identifier& identifier);

}  // namespace klik::traffic
