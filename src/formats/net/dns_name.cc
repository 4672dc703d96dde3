#include "formats/net/dns_name.h"

#include "base/text.h"

namespace klik::net::dns {
namespace {

constexpr std::uint8_t kPointer = 0xc0, kLabelType = 0xc0;
constexpr std::uint64_t kLongestName = 255;   // on the wire, with lengths and the last zero: RFC 1035 §3.1
// A name has at most 127 labels; pointers that lead to pointers need no more than that either.
constexpr unsigned kMostPointers = 127;

}  // namespace

void append_label(std::string& to, Bytes label) {
  const bool utf8 = text::is_clean_utf8(label.text());
  for (const std::uint8_t b : label.span()) {
    if (b < 0x20 || b == 0x7f || b == '.' || b == '\\' || (b >= 0x80 && !utf8)) {
      to += '\\';
      for (const int unit : {100, 10, 1}) to += static_cast<char>('0' + b / unit % 10);
    } else {
      to += static_cast<char>(b >= 'A' && b <= 'Z' ? b + 32 : b);
    }
  }
}

Result<std::uint64_t> name_end(Bytes message, std::uint64_t at) {
  for (;;) {   // each step goes at least one byte on
    KLIK_TRY(const std::uint8_t length, message.get<std::uint8_t>(at));
    if ((length & kLabelType) == kPointer) {
      KLIK_CHECK(message.get<U16be>(at));
      return at + 2;
    }
    if ((length & kLabelType) != 0) return fail(Code::bad_value, at, "a DNS label of a type that is not in use");
    at += std::uint64_t{1} + length;
    if (length == 0) return at;
  }
}

Result<std::string> name_at(Bytes message, std::uint64_t at, std::string* sent) {
  std::string name;
  std::uint64_t wire = 1, before = at;   // before: pointers must lead to less than this
  for (unsigned pointers = 0;;) {
    KLIK_TRY(const std::uint8_t length, message.get<std::uint8_t>(at));
    if (length == 0) break;
    if ((length & kLabelType) == kPointer) {
      KLIK_TRY(const std::uint16_t word, message.get<U16be>(at));
      const std::uint64_t target = word & 0x3fffu;
      if (target >= before || ++pointers > kMostPointers) return fail(Code::bad_value, at, "a DNS name's pointer does not lead back");
      at = before = target;
      continue;
    }
    if ((length & kLabelType) != 0) return fail(Code::bad_value, at, "a DNS label of a type that is not in use");
    wire += std::uint64_t{1} + length;
    if (wire > kLongestName) return fail(Code::bad_value, at, "a DNS name of more than 255 bytes");
    KLIK_TRY(const Bytes label, message.slice(at + 1, length));
    if (!name.empty()) name += '.';
    append_label(name, label);
    if (sent) sent->append(sent->empty() ? "" : ".").append(label.text());
    at += std::uint64_t{1} + length;
  }
  return name.empty() ? "." : name;
}

}  // namespace klik::net::dns
