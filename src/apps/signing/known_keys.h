// Certificates whose private keys are published: anybody can sign with them.
#pragma once

#include <string_view>

namespace klik::apk {

// "aosp-testkey", …; "" for any other. Both digests are of the certificate, in lower-case hexadecimal.
std::string_view known_key(std::string_view sha1, std::string_view sha256);

}  // namespace klik::apk
