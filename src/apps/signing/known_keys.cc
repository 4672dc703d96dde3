#include "apps/signing/known_keys.h"

namespace klik::apk {
namespace {

struct KnownKey {
  std::string_view name, sha1, sha256;   // sha256 may be "": then the other one decides
};

// AOSP build/target/product/security.
constexpr KnownKey kKeys[] = {
    {"aosp-testkey", "61ed377e85d386a8dfee6b864bd85b0bfaa5af81", "a40da80a59d170caa950cf15c18c454d47a39b26989d8b640ecd745ba71bf5dc"},
    {"aosp-platform", "27196e386b875e76adf700e7ea84e4c6eee33dfa", "c8a2e9bccf597c2fb6dc66bee293fc13f2fc47ec77bc6b2b0d52c11f51192ab8"},
    {"aosp-shared", "5b368cff2da2686996bc95eac190eaa4f5630fe5", ""},
    {"aosp-media", "b79df4a82e90b57ea76525ab7037ab238a42f5d3", ""},
};

}  // namespace

std::string_view known_key(std::string_view sha1, std::string_view sha256) {
  for (const KnownKey& key : kKeys)
    if (key.sha256.empty() ? key.sha1 == sha1 : key.sha256 == sha256) return key.name;
  return {};
}

}  // namespace klik::apk
