// The SignedData of a JAR's signature block (META-INF/*.RSA and others), with the place of every certificate.
// Source: RFC 2315 §9 (PKCS #7), RFC 5652 §5.
#pragma once

#include <string>
#include <vector>

#include "formats/cert/der.h"

namespace klik::pkcs7 {

struct SignerInfo {
  Bytes issuer, serial;                 // the name with its header; the number's content
  std::string digest_algorithm, signature_algorithm;   // object identifiers
  Bytes signed_attributes;              // with their header; empty when there are none
  Bytes signature;
};

struct SignedData {
  std::string content_type;             // of what is signed
  std::vector<der::Element> certificates;
  std::vector<SignerInfo> signers;
};

// Errors: truncated, bad_value, unsupported (signers named by key identifier).
Result<SignedData> parse(Bytes block);

struct SignedAttributes {
  std::string content_type;             // "" when there is none
  Bytes message_digest;
  bool has_message_digest = false;
};
// Errors: bad_value (an attribute twice, or with several values), truncated.
Result<SignedAttributes> parse_attributes(const SignerInfo& signer);

}  // namespace klik::pkcs7
