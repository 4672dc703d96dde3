#include "formats/cert/der.h"

namespace klik::der {
namespace {

constexpr unsigned kDepth = 32;        // of indefinite lengths inside each other
constexpr std::uint8_t kLongTag = 0x1F, kConstructed = 0x20, kIndefinite = 0x80;

}  // namespace

Result<Element> Reader::element(std::uint64_t at, unsigned depth) const {
  KLIK_TRY(const std::uint8_t tag, input_.get<std::uint8_t>(at));
  if ((tag & kLongTag) == kLongTag) return fail(Code::unsupported, base_ + at, "ASN.1 tag of several bytes");
  KLIK_TRY(const std::uint8_t first, input_.get<std::uint8_t>(at + 1));
  std::uint64_t content = at + 2;
  Element e{.tag = tag, .whole = {}, .content = {}, .at = base_ + at, .content_at = 0};
  if (first == kIndefinite) {
    if (!(tag & kConstructed)) return fail(Code::bad_value, base_ + at, "indefinite length of a primitive value");
    if (depth >= kDepth) return fail(Code::bad_value, base_ + at, "indefinite lengths nested too deep");
    std::uint64_t end = content;
    while (true) {
      KLIK_TRY(const U16be mark, input_.get<U16be>(end));
      if (mark == 0) break;
      // An element has at least two bytes, so this advances.
      KLIK_TRY(const Element inner, element(end, depth + 1));
      end += inner.whole.size();
    }
    KLIK_TRY(e.content, input_.slice(content, end - content));
    KLIK_TRY(e.whole, input_.slice(at, end + 2 - at));
    e.content_at = base_ + content;
    return e;
  }
  std::uint64_t length = first;
  if (first > kIndefinite) {
    const unsigned count = first & 0x7Fu;
    KLIK_TRY(const Bytes octets, input_.slice(content, count));
    length = 0;
    for (const std::uint8_t octet : octets.span()) {
      if (length >> 32) return fail(Code::bad_value, base_ + at, "ASN.1 length over 40 bits");
      length = length << 8 | octet;
    }
    content += count;
  }
  KLIK_TRY(e.content, input_.slice(content, length));
  KLIK_TRY(e.whole, input_.slice(at, content - at + length));
  e.content_at = base_ + content;
  return e;
}

Result<Element> Reader::next() {
  KLIK_TRY(const Element e, element(at_, 0));
  at_ += e.whole.size();
  return e;
}

Result<Element> Reader::next(std::uint8_t tag) {
  KLIK_TRY(const Element e, next());
  if (e.tag != tag) return fail(Code::bad_value, e.at, "another ASN.1 type than the format demands");
  return e;
}

std::string oid(Bytes content) {
  if (content.empty() || content.size() > 64 || content[content.size() - 1] & 0x80) return {};
  std::string out;
  std::uint64_t value = 0;
  for (const std::uint8_t octet : content.span()) {
    if (value >> 56) return {};
    value = value << 7 | (octet & 0x7F);
    if (octet & 0x80) continue;
    if (out.empty()) {  // the first number holds two arcs: X.690 §8.19.4
      const std::uint64_t arc = value < 80 ? value / 40 : 2;
      out = std::to_string(arc) + "." + std::to_string(value - arc * 40);
    } else {
      out += "." + std::to_string(value);
    }
    value = 0;
  }
  return out;
}

}  // namespace klik::der
