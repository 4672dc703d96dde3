#include "apps/signing/scheme_v2.h"

namespace klik::apk {
namespace {

constexpr std::uint32_t kStrippingProtection = 0xBEEFF00D;
constexpr std::uint32_t kV3 = 3;   // as the attribute names scheme v3

Result<void> check_attributes(Part attributes, int sdk) {
  for (PrefixedReader in(attributes); !in.at_end();) {   // a value advances by 4 or more
    KLIK_TRY(const Part attribute, in.value());
    PrefixedReader fields(attribute);
    KLIK_TRY(const std::uint32_t id, fields.number());
    if (id != kStrippingProtection || sdk < kSdkP) continue;
    KLIK_TRY(const std::uint32_t scheme, fields.number());
    // The phone looked for v3 before it came here.
    if (scheme == kV3) return fail(Code::conflict, attribute.at, "signed with scheme v3 as well, but that signature is gone");
  }
  return {};
}

Result<void> check_signer(Part part, int sdk, SchemeResult& result) {
  PrefixedReader fields(part);
  SignerRecord signer;
  KLIK_TRY(signer.signed_data, fields.value());
  KLIK_TRY(const Part signatures, fields.value());
  KLIK_TRY(signer.public_key, fields.value());
  KLIK_TRY(signer.signatures, read_records(signatures));
  KLIK_TRY(const SignatureAlgorithm* algorithm, check_signature(signer, sdk));

  PrefixedReader signed_fields(signer.signed_data);
  SignedData data;
  KLIK_TRY(const Part digests, signed_fields.value());
  KLIK_TRY(const Part certificates, signed_fields.value());
  KLIK_TRY(data.attributes, signed_fields.value());
  KLIK_TRY(data.digests, read_records(digests));
  KLIK_TRY(data.certificates, read_values(certificates));
  KLIK_TRY(PlacedCertificate certificate, check_signed_data(signer, data, *algorithm, result.content_digests));
  result.signers.push_back(std::move(certificate));
  return check_attributes(data.attributes, sdk);
}

Result<void> check_block(const Part& block, int sdk, SchemeResult& result) {
  PrefixedReader in(block);
  KLIK_TRY(const Part signers, in.value());
  KLIK_TRY(const std::vector<Part> list, read_values(signers));
  if (list.empty()) return fail(Code::bad_value, block.at, "a scheme v2 block without signers");
  if (list.size() > kMostSigners) return fail(Code::bad_value, block.at, "more than ten signers");
  for (const Part& signer : list) KLIK_CHECK(check_signer(signer, sdk, result));
  if (result.content_digests.empty()) return fail(Code::bad_value, block.at, "no content digests");
  return {};
}

}  // namespace

SchemeResult verify_v2(const Part& block, int sdk) {
  SchemeResult result;
  if (const auto checked = check_block(block, sdk, result); !checked) {
    SchemeResult bad = failed(checked.error(), "the scheme v2 block is damaged");
    bad.signers = std::move(result.signers);
    return bad;
  }
  result.outcome = Outcome::verified;
  return result;
}

}  // namespace klik::apk
