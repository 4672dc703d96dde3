#include "traffic/text_encodings.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "base/bytes.h"

namespace klik::traffic {
namespace {

constexpr std::string_view kStandard = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::string_view kUrlSafe = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
constexpr std::string_view kBase32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

std::uint8_t byte_of(char c) { return static_cast<std::uint8_t>(c); }

std::string with_digits(std::string_view bytes, std::string_view digits) {
  std::string out;
  out.reserve(bytes.size() * 2);
  for (const char c : bytes) {
    out += digits[byte_of(c) >> 4];
    out += digits[byte_of(c) & 15];
  }
  return out;
}

// Groups of `bits` from the left, the last one filled with zeros.
std::string in_groups(std::string_view bytes, unsigned bits, std::string_view alphabet) {
  std::string out;
  std::uint32_t held = 0;
  unsigned have = 0;
  for (const char c : bytes) {
    held = held << 8 | byte_of(c);
    have += 8;
    for (; have >= bits; have -= bits) out += alphabet[held >> (have - bits) & ((1u << bits) - 1)];
    held &= (1u << have) - 1;
  }
  if (have > 0) out += alphabet[held << (bits - have) & ((1u << bits) - 1)];
  return out;
}

struct Base64Values {
  std::array<std::int8_t, 256> values{};
  constexpr Base64Values() {
    values.fill(-1);
    for (int i = 0; i < 64; ++i) {
      values[static_cast<std::uint8_t>(kStandard[static_cast<std::size_t>(i)])] = static_cast<std::int8_t>(i);
      values[static_cast<std::uint8_t>(kUrlSafe[static_cast<std::size_t>(i)])] = static_cast<std::int8_t>(i);
    }
  }
};
constexpr Base64Values kBase64;

std::optional<std::uint32_t> hex_number(std::string_view digits) {
  std::uint32_t value = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value, 16);
  if (error != std::errc() || end != digits.data() + digits.size() || digits.empty()) return std::nullopt;
  return value;
}

// `text` with what `write` puts in place of bytes from a mark on: it appends that to its string and says for how many bytes it stands, none when it is no escape. No value
// when nothing was replaced, as with most texts, which therefore cost one search and no copy.
template <typename IsMark, typename Write>
std::optional<std::string> replaced(std::string_view text, const IsMark& is_mark, const Write& write) {
  std::string out, piece;
  std::size_t copied = 0;
  for (std::size_t at = 0; (at = static_cast<std::size_t>(std::find_if(text.begin() + static_cast<std::ptrdiff_t>(at), text.end(), is_mark) - text.begin())) < text.size();) {
    piece.clear();
    const std::size_t taken = write(at, piece);
    if (taken > 0) {
      out.append(text, copied, at - copied).append(piece);
      copied = at + taken;
    }
    at += std::max<std::size_t>(taken, 1);
  }
  if (copied == 0) return std::nullopt;
  out.append(text, copied);
  return out;
}

}  // namespace

int hex_value(char c) { return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1; }
int base64_value(char c) { return kBase64.values[byte_of(c)]; }
int base32_value(char c) { return c >= 'A' && c <= 'Z' ? c - 'A' : c >= '2' && c <= '7' ? c - '2' + 26 : -1; }

std::string hex_upper(std::string_view bytes) { return with_digits(bytes, "0123456789ABCDEF"); }
std::string hex_lower(std::string_view bytes) { return with_digits(bytes, "0123456789abcdef"); }
std::string base64(std::string_view bytes, bool url_safe) { return in_groups(bytes, 6, url_safe ? kUrlSafe : kStandard); }
std::string base32(std::string_view bytes) { return in_groups(bytes, 5, kBase32); }

std::string percent_encoded(std::string_view bytes, bool upper) {
  std::string out;
  for (const char c : bytes) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_' || c == '~';
    if (plain) out += c;
    else out.append("%").append(upper ? hex_upper({&c, 1}) : hex_lower({&c, 1}));
  }
  return out;
}

void append_utf8(std::string& to, std::uint32_t c) {
  if ((c >= 0xd800 && c < 0xe000) || c > 0x10ffff) c = 0xfffd;
  if (c < 0x80) to += static_cast<char>(c);
  else if (c < 0x800) to.append({static_cast<char>(0xc0 | c >> 6), static_cast<char>(0x80 | (c & 63))});
  else if (c < 0x10000) to.append({static_cast<char>(0xe0 | c >> 12), static_cast<char>(0x80 | (c >> 6 & 63)), static_cast<char>(0x80 | (c & 63))});
  else to.append({static_cast<char>(0xf0 | c >> 18), static_cast<char>(0x80 | (c >> 12 & 63)), static_cast<char>(0x80 | (c >> 6 & 63)), static_cast<char>(0x80 | (c & 63))});
}

std::string utf16(std::string_view text, bool big_endian) {
  std::string out;
  const auto unit = [&](std::uint32_t u) {
    const char high = static_cast<char>(u >> 8), low = static_cast<char>(u);
    out += big_endian ? high : low;
    out += big_endian ? low : high;
  };
  for (std::size_t i = 0; i < text.size();) {
    const std::uint8_t lead = byte_of(text[i]);
    const std::size_t length = lead < 0x80 ? 1 : lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : lead >= 0xc0 ? 2 : 0;
    std::uint32_t c = length == 1 ? lead : lead & (0xffu >> (length + 1));
    bool whole = length > 0 && length <= text.size() - i;
    for (std::size_t k = 1; whole && k < length; ++k) {
      whole = (byte_of(text[i + k]) & 0xc0) == 0x80;
      c = c << 6 | (byte_of(text[i + k]) & 63u);
    }
    if (!whole || c > 0x10ffff) c = 0xfffd;
    if (c >= 0x10000) {
      unit(0xd800 + ((c - 0x10000) >> 10));
      unit(0xdc00 + ((c - 0x10000) & 0x3ff));
    } else unit(c);
    i += whole ? length : 1;
  }
  return out;
}

Base64Inner base64_inner(std::string_view inner, unsigned phase, bool url_safe) {
  std::string padded(phase, '\0');
  padded += inner;
  const std::string text = in_groups(padded, 6, url_safe ? kUrlSafe : kStandard);
  // Characters that hold bits of what stands before or after are left out.
  const std::size_t first = (phase * 8 + 5) / 6, last = padded.size() * 8 / 6;
  if (last <= first) return {{}, 0};
  const std::size_t first_byte = (first * 6 + 7) / 8, end_byte = last * 6 / 8;
  return {text.substr(first, last - first), end_byte > first_byte ? end_byte - first_byte : 0};
}

std::optional<std::string> decoded_base64(std::string_view text) {
  while (!text.empty() && (text.back() == '\n' || text.back() == '\r')) text.remove_suffix(1);
  std::size_t padding = 0;
  for (; !text.empty() && text.back() == '=' && padding < 2; text.remove_suffix(1)) ++padding;
  std::string out;
  std::uint32_t held = 0;
  std::size_t characters = 0;
  bool standard = false, url_safe = false;
  for (const char c : text) {
    const int value = kBase64.values[byte_of(c)];
    if (value < 0) {
      if ((c == '\n' || c == '\r') && characters >= 16) continue;
      return std::nullopt;
    }
    standard |= c == '+' || c == '/';
    url_safe |= c == '-' || c == '_';
    if (characters == 0) out.reserve(text.size() / 4 * 3 + 2);
    held = held << 6 | static_cast<std::uint32_t>(value);
    if (++characters % 4 == 0) out.append({static_cast<char>(held >> 16), static_cast<char>(held >> 8), static_cast<char>(held)});
  }
  const std::size_t rest = characters % 4;
  if (rest == 1 || (standard && url_safe) || (padding > 0 && rest + padding != 4)) return std::nullopt;
  if (rest == 2) out += static_cast<char>(held >> 4);
  if (rest == 3) out.append({static_cast<char>(held >> 10), static_cast<char>(held >> 2)});
  return out;
}

std::vector<std::uint8_t> base64_start(std::string_view text) {
  std::vector<std::uint8_t> out;
  std::uint32_t bits = 0;
  unsigned held = 0;
  for (const char c : text) {
    if (c == '\n' || c == '\r' || c == ' ' || c == '\t') continue;
    const int value = base64_value(c);
    if (value < 0) break;
    bits = (bits << 6 | static_cast<std::uint32_t>(value)) & 0xffffu;
    if ((held += 6) >= 8) out.push_back(static_cast<std::uint8_t>(bits >> (held -= 8)));
  }
  return out;
}

std::optional<std::string> decoded_hex(std::string_view text) {
  if (text.size() % 2 != 0) return std::nullopt;
  std::string out;
  for (std::size_t i = 0; i < text.size(); i += 2) {
    const int high = hex_value(text[i]), low = hex_value(text[i + 1]);
    if (high < 0 || low < 0) return std::nullopt;
    out += static_cast<char>(high << 4 | low);
  }
  return out;
}

std::optional<std::string> decoded_percent(std::string_view text, bool plus) {
  const auto escape_at = [&](std::size_t i) { return text[i] == '%' && text.size() - i > 2 && hex_value(text[i + 1]) >= 0 && hex_value(text[i + 2]) >= 0; };
  return replaced(text, [plus](char c) { return c == '%' || (plus && c == '+'); }, [&](std::size_t i, std::string& out) -> std::size_t {
    if (text[i] == '+') {
      out += ' ';
      return 1;
    }
    if (!escape_at(i)) return 0;
    out += static_cast<char>(hex_value(text[i + 1]) << 4 | hex_value(text[i + 2]));
    return 3;
  });
}

std::optional<std::string> decoded_json_escapes(std::string_view text) {
  if (!text.contains('\\')) return std::nullopt;
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\\' || i + 1 == text.size()) {
      out += text[i];
      continue;
    }
    const char kind = text[++i];
    constexpr std::string_view kFrom = "bfnrt", kTo = "\b\f\n\r\t";
    if (const auto simple = kFrom.find(kind); simple != kFrom.npos) out += kTo[simple];
    else if (kind != 'u') out += kind;   // " \ / and whatever a careless writer escaped
    else {
      const auto unit = text.size() - i > 4 ? hex_number(text.substr(i + 1, 4)) : std::nullopt;
      if (!unit) {
        out += "\\u";
        continue;
      }
      i += 4;
      std::uint32_t c = *unit;
      if (c >= 0xd800 && c < 0xdc00 && text.substr(i + 1).starts_with("\\u") && text.size() - i > 6) {
        const auto low = hex_number(text.substr(i + 3, 4));
        if (low && *low >= 0xdc00 && *low < 0xe000) {
          c = 0x10000 + ((c - 0xd800) << 10) + (*low - 0xdc00);
          i += 6;
        }
      }
      append_utf8(out, c);
    }
  }
  return out;
}

std::optional<std::string> decoded_xml_references(std::string_view text) {
  return replaced(text, [](char c) { return c == '&'; }, [&](std::size_t i, std::string& out) -> std::size_t {
    const auto end = text.substr(i, 12).find(';');
    if (end == std::string_view::npos) return 0;
    const std::string_view name = text.substr(i + 1, end - 1);
    constexpr std::pair<std::string_view, char> kNamed[] = {{"amp", '&'}, {"lt", '<'}, {"gt", '>'}, {"quot", '"'}, {"apos", '\''}};
    for (const auto& [word, character] : kNamed)
      if (name == word) {
        out += character;
        return end + 1;
      }
    if (name.size() < 2 || name[0] != '#') return 0;
    std::uint32_t value = 0;
    const bool hexadecimal = name[1] == 'x' || name[1] == 'X';
    const std::string_view digits = name.substr(hexadecimal ? 2 : 1);
    const auto [stop, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value, hexadecimal ? 16 : 10);
    if (error != std::errc() || stop != digits.data() + digits.size()) return 0;
    append_utf8(out, value);
    return end + 1;
  });
}

std::optional<std::string> decoded_utf16be(std::string_view bytes) {
  std::string out;
  const auto unit = [&](std::size_t at) { return static_cast<std::uint32_t>(byte_of(bytes[at])) << 8 | byte_of(bytes[at + 1]); };
  for (std::size_t at = 0; at + 2 <= bytes.size(); at += 2) {
    std::uint32_t c = unit(at);
    if (c >= 0xd800 && c < 0xdc00 && at + 4 <= bytes.size())
      if (const std::uint32_t low = unit(at + 2); low >= 0xdc00 && low < 0xe000) {
        c = 0x10000 + ((c - 0xd800) << 10 | (low - 0xdc00));
        at += 2;
      }
    append_utf8(out, c);
  }
  if (out.empty()) return std::nullopt;
  return out;
}

std::optional<std::string> decoded_utf16_text(std::string_view bytes) {
  if (bytes.size() < 8) return std::nullopt;
  const auto opens = [](char c, char next) { return (c == '{' || c == '[' || c == '<') && next > 0; };
  const bool little = bytes.starts_with("\xff\xfe") || (opens(bytes[0], bytes[2]) && bytes[1] == 0 && bytes[3] == 0);
  const bool big = bytes.starts_with("\xfe\xff") || (opens(bytes[1], bytes[3]) && bytes[0] == 0 && bytes[2] == 0);
  if (!little && !big) return std::nullopt;
  if (const std::string_view mark = bytes.substr(0, 2); mark == "\xff\xfe" || mark == "\xfe\xff") bytes.remove_prefix(2);
  if (big) return decoded_utf16be(bytes);
  std::string turned(bytes.substr(0, bytes.size() / 2 * 2));
  for (std::size_t i = 0; i < turned.size(); i += 2) std::swap(turned[i], turned[i + 1]);
  return decoded_utf16be(turned);
}

}  // namespace klik::traffic
