#include "formats/cert/rsa_key.h"

#include "formats/cert/der.h"

namespace klik::cert {
namespace {

constexpr std::uint64_t kMostBytes = 2048;

void append(std::vector<std::uint8_t>& out, Bytes bytes) { out.insert(out.end(), bytes.begin(), bytes.end()); }

std::vector<std::uint8_t> element(std::uint8_t tag, Bytes content) {
  std::vector<std::uint8_t> out = {tag};
  if (content.size() < 0x80) {
    out.push_back(static_cast<std::uint8_t>(content.size()));
  } else {   // two length bytes reach beyond the largest key
    out.push_back(0x82);
    out.push_back(static_cast<std::uint8_t>(content.size() >> 8));
    out.push_back(static_cast<std::uint8_t>(content.size()));
  }
  append(out, content);
  return out;
}

std::vector<std::uint8_t> number(Bytes big_endian) {
  std::vector<std::uint8_t> positive = {0};
  append(positive, big_endian);
  return element(der::kInteger, Bytes(positive));
}

}  // namespace

// SubjectPublicKeyInfo of RFC 5280 around RSAPublicKey of RFC 8017 appendix A.1.1.
Result<PublicKey> rsa_key(Bytes modulus, std::uint32_t exponent) {
  if (modulus.empty() || modulus.size() > kMostBytes) return fail(Code::bad_value, 0, "an RSA modulus of an impossible size");
  constexpr std::uint8_t kAlgorithm[] = {0x30, 0x0d, 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01, 0x05, 0x00};
  const std::uint8_t e[] = {static_cast<std::uint8_t>(exponent >> 24), static_cast<std::uint8_t>(exponent >> 16), static_cast<std::uint8_t>(exponent >> 8), static_cast<std::uint8_t>(exponent)};
  std::vector<std::uint8_t> pair = number(modulus);
  append(pair, Bytes(number(Bytes(e))));
  std::vector<std::uint8_t> bits = {0};
  append(bits, Bytes(element(der::kSequence, Bytes(pair))));
  std::vector<std::uint8_t> all(std::begin(kAlgorithm), std::end(kAlgorithm));
  append(all, Bytes(element(der::kBitString, Bytes(bits))));
  return PublicKey::parse(Bytes(element(der::kSequence, Bytes(all))));
}

}  // namespace klik::cert
