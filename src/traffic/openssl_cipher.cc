#include "traffic/openssl_cipher.h"

#include <openssl/err.h>
#include <openssl/provider.h>

#include <map>
#include <mutex>
#include <string>

namespace klik::traffic {
namespace {

// A library context of our own: loading providers into the default one would change what the rest of the program may use.
OSSL_LIB_CTX* library() {
  static OSSL_LIB_CTX* const context = [] {
    OSSL_LIB_CTX* made = OSSL_LIB_CTX_new();
    OSSL_PROVIDER_load(made, "default");
    OSSL_PROVIDER_load(made, "legacy");
    ERR_clear_error();   // a system without the legacy provider is no error
    return made;
  }();
  return context;
}

}  // namespace

const EVP_CIPHER* fetched_cipher(const char* name) {
  static std::mutex guard;
  static std::map<std::string, const EVP_CIPHER*, std::less<>> fetched;
  const std::lock_guard lock(guard);
  const auto found = fetched.find(name);
  if (found != fetched.end()) return found->second;
  const EVP_CIPHER* cipher = EVP_CIPHER_fetch(library(), name, nullptr);
  ERR_clear_error();
  return fetched.emplace(name, cipher).first->second;
}

}  // namespace klik::traffic
