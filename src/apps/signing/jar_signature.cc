#include "apps/signing/jar_signature.h"

#include <algorithm>
#include <optional>

#include "apps/signing/signer.h"
#include "formats/cert/pkcs7.h"
#include "formats/cert/x509.h"

namespace klik::apk {
namespace {

using cert::KeyKind;

constexpr int kSdkKitKat = 19;

struct DigestOid {
  std::string_view oid;
  HashAlgorithm digest;
};
constexpr DigestOid kDigests[] = {
    {"1.2.840.113549.2.5", HashAlgorithm::md5},         {"1.3.14.3.2.26", HashAlgorithm::sha1},
    {"2.16.840.1.101.3.4.2.4", HashAlgorithm::sha224},  {"2.16.840.1.101.3.4.2.1", HashAlgorithm::sha256},
    {"2.16.840.1.101.3.4.2.2", HashAlgorithm::sha384},  {"2.16.840.1.101.3.4.2.3", HashAlgorithm::sha512},
};

// A signature algorithm is a bare kind of key, whose digest the signer names elsewhere, or names its own.
struct SignatureOid {
  std::string_view oid;
  KeyKind kind;
  std::optional<HashAlgorithm> digest;
};
constexpr SignatureOid kSignatures[] = {
    {"1.2.840.113549.1.1.1", KeyKind::rsa, {}},
    {"1.2.840.113549.1.1.4", KeyKind::rsa, HashAlgorithm::md5},
    {"1.2.840.113549.1.1.5", KeyKind::rsa, HashAlgorithm::sha1},
    {"1.2.840.113549.1.1.14", KeyKind::rsa, HashAlgorithm::sha224},
    {"1.2.840.113549.1.1.11", KeyKind::rsa, HashAlgorithm::sha256},
    {"1.2.840.113549.1.1.12", KeyKind::rsa, HashAlgorithm::sha384},
    {"1.2.840.113549.1.1.13", KeyKind::rsa, HashAlgorithm::sha512},
    {"1.2.840.10040.4.1", KeyKind::dsa, {}},
    {"1.2.840.10040.4.3", KeyKind::dsa, HashAlgorithm::sha1},
    {"2.16.840.1.101.3.4.3.1", KeyKind::dsa, HashAlgorithm::sha224},
    {"2.16.840.1.101.3.4.3.2", KeyKind::dsa, HashAlgorithm::sha256},
    {"1.2.840.10045.2.1", KeyKind::ec, {}},
    {"1.2.840.10045.4.1", KeyKind::ec, HashAlgorithm::sha1},
    {"1.2.840.10045.4.3.1", KeyKind::ec, HashAlgorithm::sha224},
    {"1.2.840.10045.4.3.2", KeyKind::ec, HashAlgorithm::sha256},
    {"1.2.840.10045.4.3.3", KeyKind::ec, HashAlgorithm::sha384},
    {"1.2.840.10045.4.3.4", KeyKind::ec, HashAlgorithm::sha512},
};

// A bare kind of key with this digest.
bool takes_bare(KeyKind kind, HashAlgorithm digest, int sdk) {
  switch (kind) {
    case KeyKind::rsa:
      switch (digest) {
        case HashAlgorithm::md5:
        case HashAlgorithm::sha1: return true;
        case HashAlgorithm::sha224: return sdk <= 8 || sdk >= 21;
        case HashAlgorithm::sha256: return sdk <= 8 || sdk >= 18;
        case HashAlgorithm::sha384:
        case HashAlgorithm::sha512: return sdk >= 18;
      }
      return false;
    case KeyKind::dsa:
      if (digest == HashAlgorithm::sha1) return true;
      return (digest == HashAlgorithm::sha224 || digest == HashAlgorithm::sha256) && sdk >= 22;
    case KeyKind::ec:
      if (digest == HashAlgorithm::md5) return false;
      return sdk >= (digest == HashAlgorithm::sha224 ? 21 : 18);
    case KeyKind::other: return false;
  }
  return false;
}

// An algorithm that names its own digest, which the signer names as well.
bool takes_named(KeyKind kind, HashAlgorithm digest, int sdk) {
  switch (kind) {
    case KeyKind::rsa:
      switch (digest) {
        case HashAlgorithm::sha1: return true;
        case HashAlgorithm::md5:
        case HashAlgorithm::sha224: return sdk <= 8 || sdk >= 21;
        case HashAlgorithm::sha256: return sdk <= 8 || sdk >= 18;
        case HashAlgorithm::sha384:
        case HashAlgorithm::sha512: return sdk >= 21;
      }
      return false;
    case KeyKind::dsa: return sdk >= (digest == HashAlgorithm::sha1 ? 9 : 21);
    case KeyKind::ec: return sdk >= (digest == HashAlgorithm::sha1 ? 18 : 21);
    case KeyKind::other: return false;
  }
  return false;
}

// Android 5 and 6 (21 to 23) took nearly every mixture of two digests; three of them in 5.0 only.
bool takes_mixed(KeyKind kind, HashAlgorithm stated, HashAlgorithm named, int sdk) {
  if (sdk < 21 || sdk > 23) return false;
  const bool first_only = kind == KeyKind::rsa && ((stated == HashAlgorithm::sha224 && named == HashAlgorithm::sha256) ||
                                                   (stated == HashAlgorithm::sha256 && named == HashAlgorithm::sha1) ||
                                                   (stated == HashAlgorithm::sha512 && named == HashAlgorithm::sha384));
  return !first_only || sdk == 21;
}

struct Algorithms {
  KeyKind kind;
  HashAlgorithm stated;      // of the signed attributes' message digest
  HashAlgorithm signature;   // of what is signed
};

Result<Algorithms> algorithms(const pkcs7::SignerInfo& signer, int sdk) {
  const auto digest = std::ranges::find(kDigests, signer.digest_algorithm, &DigestOid::oid);
  const auto signature = std::ranges::find(kSignatures, signer.signature_algorithm, &SignatureOid::oid);
  constexpr const char* kUnknown = "a signature algorithm that this Android version does not take";
  if (digest == std::end(kDigests) || signature == std::end(kSignatures)) return fail(Code::unsupported, 0, kUnknown);
  const bool taken = !signature->digest                      ? takes_bare(signature->kind, digest->digest, sdk)
                     : *signature->digest == digest->digest ? takes_named(signature->kind, digest->digest, sdk)
                                                             : takes_mixed(signature->kind, digest->digest, *signature->digest, sdk);
  if (!taken) return fail(Code::unsupported, 0, kUnknown);
  return Algorithms{signature->kind, digest->digest, signature->digest.value_or(digest->digest)};
}

Bytes without_leading_zeros(Bytes number) {
  while (number.size() > 1 && number[0] == 0) number = *number.from(1);
  return number;
}

const cert::Certificate* find_certificate(const std::vector<cert::Certificate>& certificates, const pkcs7::SignerInfo& signer) {
  for (const cert::Certificate& c : certificates)
    if (without_leading_zeros(Bytes(c.serial_raw)).text() == without_leading_zeros(signer.serial).text() &&
        cert::same_name(Bytes(c.issuer_raw), signer.issuer))
      return &c;
  return nullptr;
}

// Null: the signature does not verify, which leaves the block's other signers their chance.
// An error refuses the whole block.
Result<const cert::Certificate*> check_signer(const pkcs7::SignedData& block, const std::vector<cert::Certificate>& certificates,
                                              const pkcs7::SignerInfo& signer, Bytes signature_file, int sdk) {
  KLIK_TRY(const Algorithms used, algorithms(signer, sdk));
  const cert::Certificate* certificate = find_certificate(certificates, signer);
  if (!certificate) return fail(Code::absent, 0, "the signer's certificate is not in the signature block");
  if (certificate->unknown_critical) return fail(Code::unsupported, 0, "the signer's certificate has an unknown critical extension");
  if (!certificate->may_sign) return fail(Code::bad_value, 0, "the signer's certificate is not for signatures");
  if (!certificate->key || certificate->key->kind() != used.kind)
    return fail(Code::bad_value, 0, "the certificate's key is damaged or of another kind");
  const auto verifies = [&](Bytes data) {
    return certificate->key->verifies(used.kind, used.signature, cert::PublicKey::Padding::pkcs1, data, signer.signature);
  };
  if (signer.signed_attributes.empty()) return verifies(signature_file) ? certificate : nullptr;

  // Older versions verified the attributes but not the digest in them.
  if (sdk < kSdkKitKat) return fail(Code::unsupported, 0, "signed attributes, which this Android version gets wrong");
  const auto attributes = pkcs7::parse_attributes(signer);
  if (!attributes) return fail(Code::bad_value, 0, "the signed attributes are damaged");
  if (sdk >= kSdkN) {
    if (attributes->content_type.empty()) return fail(Code::bad_value, 0, "the signed attributes name no content type");
    if (attributes->content_type != block.content_type) return nullptr;
  }
  if (!attributes->has_message_digest) return fail(Code::bad_value, 0, "the signed attributes hold no digest");
  if (Bytes(hash(used.stated, signature_file)).text() != attributes->message_digest.text()) return nullptr;
  // What is signed is the set itself, not its form inside the signer.
  std::vector<std::uint8_t> set(signer.signed_attributes.begin(), signer.signed_attributes.end());
  set.front() = der::kSet;
  return verifies(Bytes(set)) ? certificate : nullptr;
}

}  // namespace

Result<der::Element> verify_jar_signature(Bytes block, Bytes signature_file, int sdk) {
  const auto parsed = pkcs7::parse(block);
  if (!parsed) return fail(Code::bad_value, 0, "the signature block is damaged");
  if (parsed->signers.empty()) return fail(Code::bad_value, 0, "a signature block without signers");
  if (parsed->signers.size() > kMostListed || parsed->certificates.size() > kMostListed)
    return fail(Code::over_budget, 0, "more signers or certificates than the budget allows");
  std::vector<cert::Certificate> certificates;
  for (const der::Element& element : parsed->certificates) {
    auto certificate = cert::parse_certificate(element.whole);
    if (!certificate) return fail(Code::bad_value, element.at, "a certificate of the signature block is damaged");
    certificates.push_back(*std::move(certificate));
  }
  std::optional<der::Element> first;
  for (const pkcs7::SignerInfo& signer : parsed->signers) {
    KLIK_TRY(const cert::Certificate* found, check_signer(*parsed, certificates, signer, signature_file, sdk));
    if (found && !first) first = parsed->certificates.at(static_cast<std::size_t>(found - certificates.data()));
    if (sdk < kSdkN) break;   // older versions look at the first signer only
  }
  if (!first) return fail(Code::bad_checksum, 0, "the signature of the .SF file does not verify");
  return *first;
}

}  // namespace klik::apk
