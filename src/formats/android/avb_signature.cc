#include "formats/android/avb_signature.h"

#include <algorithm>

#include "formats/cert/rsa_key.h"

namespace klik::avb {
namespace {

constexpr std::uint64_t kReleaseEnd = 128 + 48 - 1;

struct KeyHead {
  U32be bits, n0inv;
};
static_assert(sizeof(KeyHead) == 8);

struct Algorithm {
  std::uint32_t number;
  HashAlgorithm digest;
  unsigned bits;
};
constexpr Algorithm kAlgorithms[] = {
    {1, HashAlgorithm::sha256, 2048}, {2, HashAlgorithm::sha256, 4096}, {3, HashAlgorithm::sha256, 8192},
    {4, HashAlgorithm::sha512, 2048}, {5, HashAlgorithm::sha512, 4096}, {6, HashAlgorithm::sha512, 8192},
};

void append(std::vector<std::uint8_t>& out, Bytes bytes) { out.insert(out.end(), bytes.begin(), bytes.end()); }

}  // namespace

Result<cert::PublicKey> read_key(Bytes key) {
  KLIK_TRY(const KeyHead* head, key.view<KeyHead>(0));
  const std::uint32_t bits = head->bits;
  if (bits != 2048 && bits != 4096 && bits != 8192) return fail(Code::bad_value, 0, "not a size of key that boot loaders take");
  const std::uint64_t length = bits / 8;
  if (key.size() != sizeof(KeyHead) + 2 * length) return fail(Code::truncated, 0, "a key of another length than it states");
  KLIK_TRY(const Bytes modulus, key.slice(sizeof(KeyHead), length));
  KLIK_TRY(const U32be lowest, modulus.get<U32be>(length - 4));
  // The boot loader computes with this helper instead of the modulus's inverse: n0inv · n = -1 modulo 2^32.
  if (static_cast<std::uint32_t>(static_cast<std::uint32_t>(lowest) * static_cast<std::uint32_t>(head->n0inv)) != 0xFFFFFFFFu)
    return fail(Code::bad_value, 4, "the key's helper number is not that of its modulus");
  return cert::rsa_key(modulus, 65537);
}

SignatureCheck check_signature(Bytes structure, const VbMeta& meta) {
  using enum SignatureState;
  if (meta.algorithm == 0) return {not_verifiable, "the structure is not signed"};
  const auto algorithm = std::ranges::find(kAlgorithms, meta.algorithm, &Algorithm::number);
  if (algorithm == std::end(kAlgorithms)) return {not_verifiable, "signed by an algorithm that is not checked here"};
  // avb_vbmeta_image_verify() takes no header whose release text has no end.
  if (const auto release_end = structure.get<std::uint8_t>(kReleaseEnd); !release_end || *release_end != 0) return {failed, "the header's release text has no end"};
  const auto header = structure.slice(0, kHeaderSize), auxiliary = structure.slice(meta.auxiliary.at, meta.auxiliary.length);
  const auto digest = structure.slice(meta.digest.at, meta.digest.length), signature = structure.slice(meta.signature.at, meta.signature.length);
  const auto key_bytes = structure.slice(meta.public_key.at, meta.public_key.length);
  if (!header || !auxiliary || !digest || !signature || !key_bytes) return {failed, "parts of the structure are missing"};
  std::vector<std::uint8_t> signed_bytes(header->begin(), header->end());
  append(signed_bytes, *auxiliary);
  if (Bytes(hash(algorithm->digest, Bytes(signed_bytes))).text() != digest->text()) return {failed, "the digest in the structure is not that of its bytes"};
  const auto key = read_key(*key_bytes);
  if (!key) return {failed, key_bytes->empty() ? "a signed structure without its key" : "the key in the structure is damaged"};
  if (key->bits() != algorithm->bits) return {failed, "the key has another size than the algorithm"};
  if (!key->verifies(cert::KeyKind::rsa, algorithm->digest, cert::PublicKey::Padding::pkcs1, Bytes(signed_bytes), *signature))
    return {failed, "the signature does not verify under the key in the structure"};
  return {verified, ""};
}

}  // namespace klik::avb
