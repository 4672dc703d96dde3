#include "apps/signing/known_keys.h"

#include "base/hash.h"

namespace klik::apk {
namespace {

struct KnownKey {
  std::string_view name, sha1, sha256;   // of the certificate; sha256 may be "": then the other one decides
  std::string_view key_sha256;           // of the public key; "" where the certificate itself was not at hand to take it from
};

// AOSP build/target/product/security.
constexpr KnownKey kKeys[] = {
    {"aosp-testkey", "61ed377e85d386a8dfee6b864bd85b0bfaa5af81", "a40da80a59d170caa950cf15c18c454d47a39b26989d8b640ecd745ba71bf5dc", "ef57b690165cb561b5026922c00d2d6574e8b184fa7d161e076f06e06e6d35db"},
    {"aosp-platform", "27196e386b875e76adf700e7ea84e4c6eee33dfa", "c8a2e9bccf597c2fb6dc66bee293fc13f2fc47ec77bc6b2b0d52c11f51192ab8", "3d3df7dc9bf26e02d4cd76256d41d45e41a4dedebe7feb95c40e3697681be8a7"},
    {"aosp-shared", "5b368cff2da2686996bc95eac190eaa4f5630fe5", "", ""},
    {"aosp-media", "b79df4a82e90b57ea76525ab7037ab238a42f5d3", "", ""},
};

}  // namespace

std::string_view known_key(std::string_view sha1, std::string_view sha256) {
  for (const KnownKey& key : kKeys)
    if (key.sha256.empty() ? key.sha1 == sha1 : key.sha256 == sha256) return key.name;
  return {};
}

std::string_view known_public_key(std::string_view sha256) {
  for (const KnownKey& key : kKeys)
    if (!key.key_sha256.empty() && key.key_sha256 == sha256) return key.name;
  return {};
}

std::string_view known_key(const cert::Certificate& certificate) {
  if (const auto name = known_key(certificate.sha1, certificate.sha256); !name.empty()) return name;
  return certificate.key ? known_public_key(hex(as_bytes(sha256(Bytes(certificate.key->encoded()))))) : std::string_view();
}

}  // namespace klik::apk
