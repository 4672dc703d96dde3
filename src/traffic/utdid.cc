#include "traffic/utdid.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <array>

#include "traffic/text_encodings.h"

namespace klik::traffic {
namespace {

constexpr std::string_view kKey = "d6fc3a4a06adbde89223bvefedc24fecde188aaa9161";

}  // namespace

std::uint32_t java_hash(std::string_view text) {
  std::uint32_t hash = 0;
  for (const char c : text) hash = hash * 31 + static_cast<std::uint8_t>(c);
  return hash;
}

std::string utdid_middle(std::string_view imei) {
  std::string out("\3\0", 2);
  for (int shift = 24; shift >= 0; shift -= 8) out += static_cast<char>(java_hash(imei) >> shift);
  return out;
}

bool is_utdid(Bytes id) {
  const auto summed = id.slice(0, kUtdidBytes - 4);
  const auto sum = id.get<U32be>(kUtdidBytes - 4);
  if (!summed || !sum || id.size() != kUtdidBytes) return false;
  const Bytes key = Bytes::of(kKey);
  std::array<std::uint8_t, 20> out{};
  unsigned size = 0;
  HMAC(EVP_sha1(), key.data(), static_cast<int>(key.size()), summed->data(), summed->size(), out.data(), &size);
  std::string text = base64(Bytes(out).text(), false);
  while (text.size() % 4 != 0) text += '=';
  return java_hash(text) == *sum;
}

}  // namespace klik::traffic
