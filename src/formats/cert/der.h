// ASN.1 elements of DER, and of the BER that phones tolerate in signatures: lengths with spare bytes and
// indefinite lengths. Values are windows on the input together with their place in it.
// Source: ITU-T X.690 §8.1.
#pragma once

#include <cstdint>
#include <string>

#include "base/bytes.h"

namespace klik::der {

// Identifier octets of what certificates and signatures are made of.
enum Tag : std::uint8_t {
  kInteger = 0x02, kBitString = 0x03, kOctetString = 0x04, kOid = 0x06,
  kSequence = 0x30, kSet = 0x31, kContext0 = 0xA0, kContext1 = 0xA1,
};

struct Element {
  std::uint8_t tag = 0;      // the identifier octet; tag numbers above 30 are refused
  Bytes whole, content;      // with and without identifier and length
  std::uint64_t at = 0;      // of `whole` in the outermost input
  std::uint64_t content_at = 0;
};

// Reads elements one after another. The input must outlive the reader.
class Reader {
 public:
  // `at` is where the input lies in the outermost one: places are reported from there.
  explicit Reader(Bytes input, std::uint64_t at = 0) : input_(input), base_(at) {}
  explicit Reader(const Element& parent) : Reader(parent.content, parent.content_at) {}

  bool at_end() const { return at_ >= input_.size(); }
  // Errors: truncated, bad_value (no end mark, nested too deep), unsupported (long tags).
  Result<Element> next();
  // The same, and bad_value when the tag is another one.
  Result<Element> next(std::uint8_t tag);
  // True when the next element has this tag.
  bool next_is(std::uint8_t tag) const { return !at_end() && input_[at_] == tag; }

 private:
  Result<Element> element(std::uint64_t at, unsigned depth) const;

  Bytes input_;
  std::uint64_t base_, at_ = 0;
};

// "1.2.840.113549.1.1.1" of the content of an OID element; "" when it is damaged.
std::string oid(Bytes content);

}  // namespace klik::der
