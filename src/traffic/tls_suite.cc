// What a cipher suite is made of, read from its name.
#include <string_view>

#include "formats/net/tls_names.h"
#include "traffic/tls_keys.h"

namespace klik::traffic {
namespace {

struct AeadName {
  std::string_view name;   // as it stands in the suite's, before the hash
  AeadKind kind;
};
// A name that another one starts with comes after it.
constexpr AeadName kAeads[] = {{"AES_128_GCM", AeadKind::aes_128_gcm},     {"AES_256_GCM", AeadKind::aes_256_gcm}, {"AES_128_CCM_8", AeadKind::aes_128_ccm_8},
                               {"AES_256_CCM_8", AeadKind::aes_256_ccm_8}, {"AES_128_CCM", AeadKind::aes_128_ccm}, {"AES_256_CCM", AeadKind::aes_256_ccm},
                               {"CHACHA20_POLY1305", AeadKind::chacha20_poly1305}, {"ARIA_128_GCM", AeadKind::aria_128_gcm}, {"ARIA_256_GCM", AeadKind::aria_256_gcm}};

struct OldName {
  std::string_view name;
  const char* cipher;
  CipherShape shape;
  std::size_t key, block;
};
constexpr OldName kOld[] = {{"AES_128_CBC", "AES-128-CBC", CipherShape::block, 16, 16},
                            {"AES_256_CBC", "AES-256-CBC", CipherShape::block, 32, 16},
                            {"CAMELLIA_128_CBC", "CAMELLIA-128-CBC", CipherShape::block, 16, 16},
                            {"CAMELLIA_256_CBC", "CAMELLIA-256-CBC", CipherShape::block, 32, 16},
                            {"ARIA_128_CBC", "ARIA-128-CBC", CipherShape::block, 16, 16},
                            {"ARIA_256_CBC", "ARIA-256-CBC", CipherShape::block, 32, 16},
                            {"SEED_CBC", "SEED-CBC", CipherShape::block, 16, 16},
                            {"3DES_EDE_CBC", "DES-EDE3-CBC", CipherShape::block, 24, 8},
                            {"DES_CBC", "DES-CBC", CipherShape::block, 8, 8},
                            {"RC4_128", "RC4", CipherShape::stream, 16, 0},
                            {"NULL", "", CipherShape::null, 0, 0}};

std::optional<HashAlgorithm> hash_of(std::string_view name) {
  if (name == "MD5") return HashAlgorithm::md5;
  if (name == "SHA") return HashAlgorithm::sha1;
  if (name == "SHA256") return HashAlgorithm::sha256;
  if (name == "SHA384") return HashAlgorithm::sha384;
  return {};
}

}  // namespace

std::optional<CipherSuite> cipher_suite(std::uint16_t number) {
  std::string_view name = tls::cipher_suite_name(number);
  if (!name.starts_with("TLS_") || name.contains("_EXPORT")) return {};
  CipherSuite out;
  constexpr std::string_view kWith = "_WITH_";
  const std::size_t with = name.find(kWith);
  out.tls13 = with == name.npos;
  name.remove_prefix(out.tls13 ? 4 : with + kWith.size());

  for (const AeadName& a : kAeads) {
    if (!name.starts_with(a.name)) continue;
    out.shape = CipherShape::aead;
    out.aead = a.kind;
    out.key = key_size(a.kind);
    name.remove_prefix(a.name.size());
    if (name.empty()) return out;   // CCM of TLS 1.2 names no hash: SHA-256 (RFC 6655 §3)
    const auto hash = hash_of(name.substr(1));
    if (!hash || *hash < HashAlgorithm::sha256) return {};
    out.hash = *hash;
    return out;
  }
  for (const OldName& o : kOld) {
    if (!name.starts_with(o.name) || name.size() == o.name.size()) continue;
    const auto mac = hash_of(name.substr(o.name.size() + 1));
    if (!mac || out.tls13) return {};
    out.shape = o.shape;
    out.cipher = o.cipher;
    out.key = o.key;
    out.block = o.block;
    out.mac = *mac;
    out.hash = *mac == HashAlgorithm::sha384 ? HashAlgorithm::sha384 : HashAlgorithm::sha256;
    return out;
  }
  return {};
}

}  // namespace klik::traffic
