#include "apps/signing/signer.h"

#include <algorithm>

namespace klik::apk {
namespace {

using cert::KeyKind;
using Padding = cert::PublicKey::Padding;

constexpr SignatureAlgorithm kAlgorithms[] = {
    {0x0101, KeyKind::rsa, HashAlgorithm::sha256, Padding::pss, ContentDigest::chunked_sha256, kSdkN},
    {0x0102, KeyKind::rsa, HashAlgorithm::sha512, Padding::pss, ContentDigest::chunked_sha512, kSdkN},
    {0x0103, KeyKind::rsa, HashAlgorithm::sha256, Padding::pkcs1, ContentDigest::chunked_sha256, kSdkN},
    {0x0104, KeyKind::rsa, HashAlgorithm::sha512, Padding::pkcs1, ContentDigest::chunked_sha512, kSdkN},
    {0x0201, KeyKind::ec, HashAlgorithm::sha256, Padding::pkcs1, ContentDigest::chunked_sha256, kSdkN},
    {0x0202, KeyKind::ec, HashAlgorithm::sha512, Padding::pkcs1, ContentDigest::chunked_sha512, kSdkN},
    {0x0301, KeyKind::dsa, HashAlgorithm::sha256, Padding::pkcs1, ContentDigest::chunked_sha256, kSdkN},
    {0x0421, KeyKind::rsa, HashAlgorithm::sha256, Padding::pkcs1, ContentDigest::verity_sha256, kSdkP},
    {0x0423, KeyKind::ec, HashAlgorithm::sha256, Padding::pkcs1, ContentDigest::verity_sha256, kSdkP},
    {0x0425, KeyKind::dsa, HashAlgorithm::sha256, Padding::pkcs1, ContentDigest::verity_sha256, kSdkP},
};

// The phone takes the strongest content digest; the first of equals.
int strength(ContentDigest digest) {
  switch (digest) {
    case ContentDigest::chunked_sha256: return 0;
    case ContentDigest::verity_sha256: return 1;
    case ContentDigest::chunked_sha512: return 2;
  }
  return 0;
}

}  // namespace

const SignatureAlgorithm* find_algorithm(std::uint32_t id) {
  const auto found = std::ranges::find(kAlgorithms, id, &SignatureAlgorithm::id);
  return found == std::end(kAlgorithms) ? nullptr : found;
}

PlacedCertificate placed(const Part& part, std::string_view entry) {
  return {{part.bytes.begin(), part.bytes.end()}, std::string(entry), part.at};
}

bool is_limit(const Error& error) { return error.code == Code::over_budget || error.code == Code::io; }

SchemeResult failed(const Error& error, const char* when_damaged) {
  if (is_limit(error)) return {.outcome = Outcome::undecided, .reason = "", .at = error.at, .error = error};
  return {.outcome = Outcome::rejected, .reason = error.code == Code::truncated ? when_damaged : error.what, .at = error.at};
}

Result<std::vector<AlgorithmRecord>> read_records(Part list) {
  std::vector<AlgorithmRecord> records;
  for (PrefixedReader in(list); !in.at_end();) {   // a value advances by 4 or more
    KLIK_TRY(const Part record, in.value());
    PrefixedReader fields(record);
    KLIK_TRY(const std::uint32_t algorithm, fields.number());
    KLIK_TRY(const Part value, fields.value());
    if (records.size() >= kMostListed) return fail(Code::over_budget, record.at, "more signature records than the budget allows");
    records.push_back({algorithm, value.bytes});
  }
  return records;
}

Result<std::vector<Part>> read_values(Part list) {
  std::vector<Part> values;
  for (PrefixedReader in(list); !in.at_end();) {
    KLIK_TRY(const Part value, in.value());
    if (values.size() >= kMostListed) return fail(Code::over_budget, value.at, "more signers or certificates than the budget allows");
    values.push_back(value);
  }
  return values;
}

bool is_key_of(Bytes spki, const cert::Certificate& certificate) {
  if (spki.text() == Bytes(certificate.key_raw).text()) return true;
  return certificate.key && Bytes(certificate.key->encoded()).text() == spki.text();
}

Result<const SignatureAlgorithm*> check_signature(const SignerRecord& signer, int sdk) {
  const SignatureAlgorithm* best = nullptr;
  Bytes signature;
  for (const AlgorithmRecord& record : signer.signatures) {
    const SignatureAlgorithm* a = find_algorithm(record.algorithm);
    if (!a || a->min_sdk > sdk || (best && strength(a->content) <= strength(best->content))) continue;
    best = a;
    signature = record.value;
  }
  const std::uint64_t at = signer.signed_data.at;
  if (signer.signatures.empty()) return fail(Code::bad_value, at, "a signer without signatures");
  if (!best) return fail(Code::unsupported, at, "a signer without a supported signature algorithm");
  const auto key = cert::PublicKey::parse(signer.public_key.bytes);
  if (!key || key->kind() != best->kind) return fail(Code::bad_value, signer.public_key.at, "the signer's public key is damaged or of another kind");
  if (!key->verifies(best->kind, best->digest, best->padding, signer.signed_data.bytes, signature))
    return fail(Code::bad_checksum, at, "the signature does not verify");
  return best;
}

Result<PlacedCertificate> check_signed_data(const SignerRecord& signer, const SignedData& data, const SignatureAlgorithm& algorithm,
                                            Digests& expected) {
  const std::uint64_t at = signer.signed_data.at;
  if (!std::ranges::equal(signer.signatures, data.digests, {}, &AlgorithmRecord::algorithm, &AlgorithmRecord::algorithm))
    return fail(Code::conflict, at, "signatures and digests name different algorithms");
  for (const AlgorithmRecord& record : data.digests) {
    if (record.algorithm != algorithm.id) continue;
    std::vector<std::uint8_t> digest(record.value.begin(), record.value.end());
    const auto [there, added] = expected.try_emplace(algorithm.content, digest);
    if (!added && there->second != digest) return fail(Code::conflict, at, "signers state different content digests");
  }
  if (data.certificates.empty()) return fail(Code::bad_value, at, "a signer without certificates");
  std::vector<cert::Certificate> chain;
  for (const Part& part : data.certificates) {
    auto certificate = cert::parse_certificate(part.bytes);
    if (!certificate) return fail(Code::bad_value, part.at, "a certificate is damaged");
    chain.push_back(*std::move(certificate));
  }
  if (!is_key_of(signer.public_key.bytes, chain.front())) return fail(Code::conflict, at, "the signer's key is not its certificate's");
  return placed(data.certificates.front());
}

}  // namespace klik::apk
