#include "traffic/identifier_digest.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <array>

#include "base/hash.h"

namespace klik::traffic {

std::string identifier_digest(Bytes key, const Identifier& identifier) {
  std::string text(kind_name(identifier.kind));
  text += '\0';
  text += identifier.value;
  const Bytes bytes = Bytes::of(text);
  std::array<std::uint8_t, 32> out{};
  unsigned size = 0;
  HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), bytes.data(), bytes.size(), out.data(), &size);
  return hex(Bytes(out));
}

}  // namespace klik::traffic
