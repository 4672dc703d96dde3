#include "formats/android/update_signature.h"

#include <algorithm>

#include "formats/cert/pkcs7.h"
#include "formats/protobuf.h"

namespace klik::update {
namespace {

constexpr std::size_t kMostSignatures = 64;
constexpr std::string_view kSha1 = "1.3.14.3.2.26", kSha256 = "2.16.840.1.101.3.4.2.1";

struct FooterBytes {
  U16le distance, mark, comment_size;
};
static_assert(sizeof(FooterBytes) == kFooterSize);

Bytes without_leading_zeros(Bytes number) {
  while (number.size() > 1 && number[0] == 0) number = *number.from(1);
  return number;
}

}  // namespace

Result<WholeFileFooter> read_footer(Bytes last) {
  KLIK_TRY(const FooterBytes* footer, last.view<FooterBytes>(0));
  if (footer->mark != 0xFFFF) return fail(Code::absent, 2, "no signature behind the archive");
  const std::uint64_t distance = footer->distance, comment = footer->comment_size;
  if (distance > comment) return fail(Code::bad_value, 0, "the signature starts before the comment");
  if (distance <= kFooterSize) return fail(Code::bad_value, 0, "the signature is empty");
  return WholeFileFooter{comment, distance - kFooterSize};
}

bool has_second_end_record(Bytes end) {
  static constexpr std::string_view kMagic("PK\5\6", 4);
  return end.text().find(kMagic, kMagic.size()) != std::string_view::npos;
}

Result<std::vector<Signature>> read_cms(Bytes cms) {
  KLIK_TRY(const pkcs7::SignedData data, pkcs7::parse(cms));
  if (data.signers.size() > kMostSignatures || data.certificates.size() > kMostSignatures) return fail(Code::over_budget, 0, "more signers or certificates than an update has");
  std::vector<Signature> out;
  for (const pkcs7::SignerInfo& signer : data.signers) {
    Signature s;
    if (signer.digest_algorithm == kSha1) s.digest_algorithm = HashAlgorithm::sha1;
    else if (signer.digest_algorithm != kSha256) return fail(Code::unsupported, 0, "a digest that updates do not use");
    s.signature.assign(signer.signature.begin(), signer.signature.end());
    s.attributes.assign(signer.signed_attributes.begin(), signer.signed_attributes.end());
    for (const der::Element& element : data.certificates) {
      auto c = cert::parse_certificate(element.whole);
      if (!c || without_leading_zeros(Bytes(c->serial_raw)).text() != without_leading_zeros(signer.serial).text() || !cert::same_name(Bytes(c->issuer_raw), signer.issuer)) continue;
      s.certificate.emplace(*std::move(c));
      s.at = element.at;
      break;
    }
    out.push_back(std::move(s));
  }
  return out;
}

Result<std::vector<Signature>> read_signatures(Bytes message) {
  std::vector<Signature> out;
  for (protobuf::Reader list(message); !list.at_end();) {
    KLIK_TRY(const protobuf::Field entry, list.next());
    if (entry.number != 1) continue;
    if (entry.wire != protobuf::Wire::bytes) return fail(Code::bad_value, entry.at, "a signature of another wire type");
    if (out.size() == kMostSignatures) return fail(Code::over_budget, entry.at, "more signatures than an update has");
    Bytes data;
    std::optional<std::uint64_t> unpadded;
    for (protobuf::Message fields(entry.bytes, entry.at); !fields.at_end();) {
      KLIK_TRY(const protobuf::Field field, fields.next());
      if (field.number == 2 && field.wire == protobuf::Wire::bytes) data = field.bytes;
      if (field.number == 3 && field.wire == protobuf::Wire::fixed32) unpadded = field.value;
    }
    if (unpadded && *unpadded < data.size()) data = *data.slice(0, *unpadded);
    Signature s;
    s.signature.assign(data.begin(), data.end());
    s.at = entry.at;
    out.push_back(std::move(s));
  }
  return out;
}

bool verifies(const Signature& signature, Bytes digest, const cert::PublicKey& key) {
  if (signature.attributes.empty()) return key.verifies_digest(signature.digest_algorithm, digest, Bytes(signature.signature));
  pkcs7::SignerInfo signer;
  signer.signed_attributes = Bytes(signature.attributes);
  const auto attributes = pkcs7::parse_attributes(signer);
  if (!attributes || !attributes->has_message_digest || attributes->message_digest.text() != digest.text()) return false;
  // What is signed is the set itself, not its form inside the signer.
  std::vector<std::uint8_t> set = signature.attributes;
  set.front() = der::kSet;
  return key.verifies_digest(signature.digest_algorithm, Bytes(hash(signature.digest_algorithm, Bytes(set))), Bytes(signature.signature));
}

std::string_view recovery_refuses(const Signature& signature, std::uint64_t n, std::optional<HashAlgorithm> key_digest) {
  if (n > 0) return "recovery reads only the first signature of a file";
  if (!signature.attributes.empty()) return "recovery refuses a signature that stands over attributes";
  if (!key_digest) return "recovery does not load this key";
  if (*key_digest != signature.digest_algorithm) return "recovery takes another digest with this key";
  return {};
}

std::string_view digest_name(HashAlgorithm algorithm) { return algorithm == HashAlgorithm::sha1 ? "sha1" : "sha256"; }

std::optional<HashAlgorithm> digest_of_name(std::string_view name) {
  if (name == "sha1") return HashAlgorithm::sha1;
  if (name == "sha256") return HashAlgorithm::sha256;
  return std::nullopt;
}

}  // namespace klik::update
