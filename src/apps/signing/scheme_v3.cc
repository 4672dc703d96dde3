#include "apps/signing/scheme_v3.h"

#include <algorithm>

namespace klik::apk {
namespace {

constexpr std::uint32_t kLineage = 0x3BA06F8C, kRotationMinSdk = 0x559F8B02, kDevelopmentRelease = 0xC2A6B3BA;

struct Signer {
  SignerRecord record;
  std::int32_t min_sdk = 0, max_sdk = 0;   // the phone compares them as signed numbers
};

Result<Signer> read_signer(Part part) {
  PrefixedReader fields(part);
  Signer signer;
  KLIK_TRY(signer.record.signed_data, fields.value());
  KLIK_TRY(const std::uint32_t min_sdk, fields.number());
  KLIK_TRY(const std::uint32_t max_sdk, fields.number());
  signer.min_sdk = static_cast<std::int32_t>(min_sdk);
  signer.max_sdk = static_cast<std::int32_t>(max_sdk);
  KLIK_TRY(const Part signatures, fields.value());
  KLIK_TRY(signer.record.public_key, fields.value());
  KLIK_TRY(signer.record.signatures, read_records(signatures));
  return signer;
}

// Each certificate vouches for the next one: its key signs it.
Result<std::vector<PlacedCertificate>> read_lineage(Part value) {
  PrefixedReader in(value);
  KLIK_CHECK(in.number());   // the structure's version
  std::vector<PlacedCertificate> lineage;
  std::optional<cert::Certificate> parent;
  std::uint32_t parent_algorithm = 0;
  while (!in.at_end()) {   // a value advances by 4 or more
    KLIK_TRY(const Part level, in.value());
    PrefixedReader fields(level);
    KLIK_TRY(const Part signed_data, fields.value());
    KLIK_CHECK(fields.number());   // flags: what the old key may still do
    KLIK_TRY(const std::uint32_t algorithm, fields.number());
    KLIK_TRY(const Part signature, fields.value());
    if (parent) {
      const SignatureAlgorithm* a = find_algorithm(parent_algorithm);
      if (!a || !parent->key || !parent->key->verifies(a->kind, a->digest, a->padding, signed_data.bytes, signature.bytes))
        return fail(Code::bad_checksum, level.at, "the lineage does not verify");
    }
    PrefixedReader signed_fields(signed_data);
    KLIK_TRY(const Part der, signed_fields.value());
    KLIK_TRY(const std::uint32_t stated, signed_fields.number());
    if (parent && stated != parent_algorithm) return fail(Code::conflict, level.at, "the lineage names another algorithm than it was signed with");
    auto certificate = cert::parse_certificate(der.bytes);
    if (!certificate) return fail(Code::bad_value, der.at, "a certificate of the lineage is damaged");
    PlacedCertificate here = placed(der);
    if (std::ranges::find(lineage, here.der, &PlacedCertificate::der) != lineage.end())
      return fail(Code::bad_value, der.at, "the lineage names a certificate twice");
    if (lineage.size() >= kMostListed) return fail(Code::over_budget, der.at, "the lineage is longer than its budget");
    lineage.push_back(std::move(here));
    parent = *std::move(certificate);
    parent_algorithm = algorithm;
  }
  if (lineage.empty()) return fail(Code::bad_value, value.at, "a lineage without certificates");
  return lineage;
}

class BlockVerifier {
 public:
  BlockVerifier(V3Block kind, int sdk, std::optional<std::int32_t> rotation) : kind_(kind), sdk_(sdk), rotation_(rotation) {}

  // False: no signer is for this Android version.
  Result<bool> run(const Part& block) {
    PrefixedReader in(block);
    KLIK_TRY(const Part signers, in.value());
    KLIK_TRY(const std::vector<Part> list, read_values(signers));
    unsigned found = 0;
    for (const Part& part : list) {
      KLIK_TRY(const Signer signer, read_signer(part));
      if (!is_for_this_version(signer)) continue;
      KLIK_TRY(const bool used, check(signer));
      // The phone goes on and then refuses; stopping here keeps a file of many signers cheap.
      if (used && ++found > 1) return fail(Code::bad_value, block.at, "several signers for one Android version");
    }
    if (found == 1 && result.content_digests.empty()) return fail(Code::bad_value, block.at, "no content digests");
    return found == 1;
  }

  SchemeResult result;
  std::optional<std::int32_t> seen_rotation;

 private:
  bool is_for_this_version(const Signer& signer) {
    if (sdk_ >= signer.min_sdk && sdk_ <= signer.max_sdk) return true;
    see_rotation(signer.min_sdk);
    return false;
  }
  void see_rotation(std::int32_t min_sdk) {
    if (kind_ == V3Block::v31 && (!seen_rotation || *seen_rotation > min_sdk)) seen_rotation = min_sdk;
  }

  Result<bool> check(const Signer& signer) {
    KLIK_TRY(const SignatureAlgorithm* algorithm, check_signature(signer.record, sdk_));
    PrefixedReader fields(signer.record.signed_data);
    SignedData data;
    KLIK_TRY(const Part digests, fields.value());
    KLIK_TRY(const Part certificates, fields.value());
    KLIK_TRY(const std::uint32_t min_sdk, fields.number());
    KLIK_TRY(const std::uint32_t max_sdk, fields.number());
    KLIK_TRY(data.attributes, fields.value());
    KLIK_TRY(data.digests, read_records(digests));
    KLIK_TRY(data.certificates, read_values(certificates));
    Digests expected = result.content_digests;
    KLIK_TRY(PlacedCertificate certificate, check_signed_data(signer.record, data, *algorithm, expected));
    if (static_cast<std::int32_t>(min_sdk) != signer.min_sdk || static_cast<std::int32_t>(max_sdk) != signer.max_sdk)
      return fail(Code::conflict, signer.record.signed_data.at, "the range of Android versions differs inside and outside the signed data");
    std::vector<PlacedCertificate> lineage;
    KLIK_TRY(const bool used, check_attributes(signer, data.attributes, certificate, lineage));
    if (!used) return false;
    result.content_digests = std::move(expected);
    result.signers.push_back(std::move(certificate));
    result.lineage = std::move(lineage);
    return true;
  }

  // False: the signer is for a version under development only.
  Result<bool> check_attributes(const Signer& signer, Part attributes, const PlacedCertificate& certificate, std::vector<PlacedCertificate>& lineage) {
    for (PrefixedReader in(attributes); !in.at_end();) {   // a value advances by 4 or more
      KLIK_TRY(const Part attribute, in.value());
      PrefixedReader fields(attribute);
      KLIK_TRY(const std::uint32_t id, fields.number());
      if (id == kLineage) {
        auto levels = read_lineage(fields.rest());
        if (!levels && levels.error().code == Code::truncated) return fail(Code::bad_value, attribute.at, "the lineage is damaged");
        if (!levels) return fail(levels.error());
        if (levels->back().der != certificate.der) return fail(Code::conflict, attribute.at, "the lineage does not end in the signer's certificate");
        lineage = *std::move(levels);
      } else if (id == kRotationMinSdk && sdk_ >= kSdkT) {
        KLIK_TRY(const std::uint32_t stated, fields.number());
        if (!rotation_) return fail(Code::conflict, attribute.at, "signed with scheme v3.1 as well, but that signature is gone");
        if (*rotation_ != static_cast<std::int32_t>(stated)) return fail(Code::conflict, attribute.at, "the scheme v3.1 signature is for other Android versions than stated");
      } else if (id == kDevelopmentRelease && kind_ == V3Block::v31 && sdk_ == signer.min_sdk) {
        // Versions under development carry the number of the last release, and are not what phones ship with.
        see_rotation(signer.min_sdk);
        return false;
      }
    }
    return true;
  }

  V3Block kind_;
  int sdk_;
  std::optional<std::int32_t> rotation_;
};

}  // namespace

V3Result verify_v3(const Part& block, V3Block kind, int sdk, std::optional<std::int32_t> rotation_min_sdk) {
  BlockVerifier verifier(kind, sdk, rotation_min_sdk);
  const auto found = verifier.run(block);
  V3Result out{std::move(verifier.result), verifier.seen_rotation};
  if (!found) {
    SchemeResult bad = failed(found.error(), kind == V3Block::v3 ? "the scheme v3 block is damaged" : "the scheme v3.1 block is damaged");
    bad.signers = std::move(out.scheme.signers);
    out.scheme = std::move(bad);
  } else if (*found) {
    out.scheme.outcome = Outcome::verified;
  } else if (kind == V3Block::v3) {
    out.scheme.outcome = Outcome::rejected;
    out.scheme.reason = "no scheme v3 signer for this Android version";
    out.scheme.at = block.at;
  } else {
    out.scheme.outcome = Outcome::absent;
  }
  return out;
}

std::vector<std::pair<std::int32_t, std::int32_t>> sdk_ranges(const Part& block) {
  std::vector<std::pair<std::int32_t, std::int32_t>> ranges;
  PrefixedReader in(block);
  const auto signers = in.value();
  if (!signers) return ranges;
  for (PrefixedReader list(*signers); !list.at_end() && ranges.size() < kMostListed;) {
    const auto part = list.value();
    if (!part) break;
    const auto signer = read_signer(*part);
    if (!signer) break;
    ranges.emplace_back(signer->min_sdk, signer->max_sdk);
  }
  return ranges;
}

}  // namespace klik::apk
