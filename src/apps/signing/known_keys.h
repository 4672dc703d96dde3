// Certificates whose private keys are published: anybody can sign with them.
#pragma once

#include <string_view>

#include "formats/cert/x509.h"

namespace klik::apk {

// "aosp-testkey", …; "" for any other. Both digests are of the certificate, in lower-case hexadecimal.
std::string_view known_key(std::string_view sha1, std::string_view sha256);
// The same for a key by itself: SHA-256 of its SubjectPublicKeyInfo.
std::string_view known_public_key(std::string_view sha256);
// By the certificate or by the key in it, which others may have put into a certificate of their own.
std::string_view known_key(const cert::Certificate& certificate);

}  // namespace klik::apk
