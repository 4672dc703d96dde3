#include "formats/cert/pkcs7.h"

#include <set>

namespace klik::pkcs7 {
namespace {

constexpr std::string_view kSignedData = "1.2.840.113549.1.7.2", kContentType = "1.2.840.113549.1.9.3", kMessageDigest = "1.2.840.113549.1.9.4";

Result<std::string> algorithm(der::Reader& in) {
  KLIK_TRY(const der::Element identifier, in.next(der::kSequence));
  der::Reader fields(identifier);
  KLIK_TRY(const der::Element oid, fields.next(der::kOid));
  return der::oid(oid.content);
}

Result<SignerInfo> signer_info(const der::Element& element) {
  der::Reader in(element);
  SignerInfo signer;
  KLIK_CHECK(in.next(der::kInteger));   // version
  if (in.next_is(0x80) || in.next_is(der::kContext0)) return fail(Code::unsupported, element.at, "a signer named by key identifier");
  KLIK_TRY(const der::Element id, in.next(der::kSequence));
  der::Reader id_fields(id);
  KLIK_TRY(const der::Element issuer, id_fields.next(der::kSequence));
  KLIK_TRY(const der::Element serial, id_fields.next(der::kInteger));
  signer.issuer = issuer.whole;
  signer.serial = serial.content;
  KLIK_TRY(signer.digest_algorithm, algorithm(in));
  if (in.next_is(der::kContext0)) {
    KLIK_TRY(const der::Element attributes, in.next());
    signer.signed_attributes = attributes.whole;
  }
  KLIK_TRY(signer.signature_algorithm, algorithm(in));
  KLIK_TRY(const der::Element signature, in.next(der::kOctetString));
  signer.signature = signature.content;
  return signer;
}

}  // namespace

Result<SignedData> parse(Bytes block) {
  der::Reader outer(block);
  KLIK_TRY(const der::Element content_info, outer.next(der::kSequence));
  der::Reader info(content_info);
  KLIK_TRY(const der::Element type, info.next(der::kOid));
  if (der::oid(type.content) != kSignedData) return fail(Code::bad_value, type.at, "not signed data");
  KLIK_TRY(const der::Element wrapped, info.next(der::kContext0));
  der::Reader wrapper(wrapped);
  KLIK_TRY(const der::Element signed_data, wrapper.next(der::kSequence));

  SignedData out;
  der::Reader in(signed_data);
  KLIK_CHECK(in.next(der::kInteger));   // version
  KLIK_CHECK(in.next(der::kSet));       // digest algorithms
  KLIK_TRY(const der::Element content, in.next(der::kSequence));
  der::Reader content_fields(content);
  KLIK_TRY(const der::Element content_type, content_fields.next(der::kOid));
  out.content_type = der::oid(content_type.content);
  if (in.next_is(der::kContext0)) {
    KLIK_TRY(const der::Element certificates, in.next());
    for (der::Reader each(certificates); !each.at_end();) {
      KLIK_TRY(const der::Element certificate, each.next());
      out.certificates.push_back(certificate);
    }
  }
  if (in.next_is(der::kContext1)) { KLIK_CHECK(in.next()); }   // revocation lists
  KLIK_TRY(const der::Element signers, in.next(der::kSet));
  for (der::Reader each(signers); !each.at_end();) {
    KLIK_TRY(const der::Element element, each.next(der::kSequence));
    KLIK_TRY(SignerInfo signer, signer_info(element));
    out.signers.push_back(std::move(signer));
  }
  return out;
}

Result<SignedAttributes> parse_attributes(const SignerInfo& signer) {
  SignedAttributes out;
  std::set<std::string> seen;
  der::Reader whole(signer.signed_attributes);
  KLIK_TRY(const der::Element attributes, whole.next());
  for (der::Reader each(attributes); !each.at_end();) {
    KLIK_TRY(const der::Element attribute, each.next(der::kSequence));
    der::Reader fields(attribute);
    KLIK_TRY(const der::Element type, fields.next(der::kOid));
    KLIK_TRY(const der::Element values, fields.next(der::kSet));
    const std::string oid = der::oid(type.content);
    if (!seen.insert(oid).second) return fail(Code::bad_value, attribute.at, "a signed attribute occurs twice");
    if (oid != kContentType && oid != kMessageDigest) continue;
    der::Reader value(values);
    if (value.at_end()) return fail(Code::bad_value, attribute.at, "a signed attribute without value");
    if (oid == kContentType) {
      KLIK_TRY(const der::Element content_type, value.next(der::kOid));
      out.content_type = der::oid(content_type.content);
    } else {
      KLIK_TRY(const der::Element digest, value.next(der::kOctetString));
      out.message_digest = digest.content;
      out.has_message_digest = true;
    }
    if (!value.at_end()) return fail(Code::bad_value, attribute.at, "a signed attribute with several values");
  }
  return out;
}

}  // namespace klik::pkcs7
