// Ciphers of OpenSSL, fetched once and owned.
#pragma once

#include <openssl/evp.h>

#include <memory>

namespace klik::traffic {

struct DropCipherContext {
  void operator()(EVP_CIPHER_CTX* context) const { EVP_CIPHER_CTX_free(context); }
};
using CipherContext = std::unique_ptr<EVP_CIPHER_CTX, DropCipherContext>;

// By OpenSSL's name, "AES-128-GCM". Null when this OpenSSL lacks it. Old ciphers (RC4, DES) lie in its legacy provider, which is
// loaded once, beside the default one. Lives until the program ends.
const EVP_CIPHER* fetched_cipher(const char* name);

}  // namespace klik::traffic
