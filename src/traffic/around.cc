#include "traffic/around.h"

#include <string>

#include "traffic/text_encodings.h"

namespace klik::traffic {
namespace {

// Base64 and base32: whole groups of `group` characters, each with `bits` bits. `skew`: characters of the find's first group
// that stand before it; `lead`: bytes of that group that stand before `whole`.
Around around_grouped(std::string_view text, std::uint64_t from, std::string_view whole, std::size_t group, std::size_t bits, std::size_t skew, std::size_t lead, int (*value)(char)) {
  if (from < skew) return {};
  std::uint64_t start = from - skew;
  const auto decodes = [&](std::uint64_t at) { return at < text.size() && value(text[at]) >= 0; };
  // One group more, for the byte before.
  bool earlier = start >= group;
  for (std::size_t i = 1; earlier && i <= group; ++i) earlier = decodes(start - i);
  if (earlier) start -= group, lead += group * bits / 8;
  std::string bytes;
  std::uint32_t held = 0;
  std::size_t have = 0;
  const std::size_t wanted = lead + whole.size() + 1;
  for (std::uint64_t at = start; bytes.size() < wanted && decodes(at); ++at) {
    held = (held << bits | static_cast<std::uint32_t>(value(text[at]))) & 0xffff;
    have += bits;
    if (have >= 8) {
      have -= 8;
      bytes += static_cast<char>(held >> have);
    }
  }
  Around out;
  if (bytes.size() < lead + whole.size() || std::string_view(bytes).substr(lead, whole.size()) != whole) return out;
  out.same = true;
  if (lead > 0) out.before = bytes[lead - 1];
  if (bytes.size() > lead + whole.size()) out.after = bytes[lead + whole.size()];
  return out;
}

Around around_hex(std::string_view text, std::uint64_t from, std::uint64_t to) {
  Around out{true, {}, {}};
  const auto byte_at = [&](std::uint64_t at) -> std::optional<char> {
    const int high = hex_value(text[at]), low = hex_value(text[at + 1]);
    if (high < 0 || low < 0) return std::nullopt;
    return static_cast<char>(high << 4 | low);
  };
  if (from >= 2) out.before = byte_at(from - 2);
  if (text.size() - to >= 2) out.after = byte_at(to);
  return out;
}

Around around_utf16(std::string_view text, std::uint64_t from, std::uint64_t to, bool big_endian) {
  Around out{true, {}, {}};
  const auto unit_at = [&](std::uint64_t at) -> std::optional<char> {
    if (text[big_endian ? at : at + 1] != 0) return std::nullopt;
    return text[big_endian ? at + 1 : at];
  };
  if (from >= 2) out.before = unit_at(from - 2);
  if (text.size() - to >= 2) out.after = unit_at(to);
  return out;
}

}  // namespace

std::optional<Around> around_encoded(const Form& form, std::string_view text, std::uint64_t from, std::uint64_t to) {
  switch (form.tail) {
    case Tail::base64: return around_grouped(text, from, form.whole, 4, 6, (form.phase * 8 + 5) / 6, form.phase, base64_value);
    case Tail::base32: return around_grouped(text, from, form.whole, 8, 5, (form.phase * 8 + 4) / 5, form.phase, [](char c) { return base32_value(c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c); });
    case Tail::hex: return around_hex(text, from, to);
    case Tail::utf16le:
    case Tail::utf16be: return around_utf16(text, from, to, form.tail == Tail::utf16be);
    default: return std::nullopt;
  }
}

}  // namespace klik::traffic
