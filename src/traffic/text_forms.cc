#include "traffic/text_forms.h"

#include <algorithm>
#include <cstdint>
#include <optional>

#include "traffic/text_encodings.h"

namespace klik::traffic {
namespace {

// REQUIRES: clean UTF-8, as identifiers are (identifiers.h). Broken bytes stand for themselves.
std::vector<std::uint32_t> code_points(std::string_view text) {
  std::vector<std::uint32_t> out;
  for (std::size_t i = 0; i < text.size();) {
    const auto lead = static_cast<std::uint8_t>(text[i]);
    const std::size_t more = lead >= 0xf0 ? 3 : lead >= 0xe0 ? 2 : lead >= 0xc0 ? 1 : 0;
    std::uint32_t c = more == 3 ? lead & 7u : more == 2 ? lead & 15u : more == 1 ? lead & 31u : lead;
    for (std::size_t n = 1; n <= more && i + n < text.size(); ++n) c = c << 6 | (static_cast<std::uint8_t>(text[i + n]) & 63u);
    out.push_back(c);
    i += more + 1;
  }
  return out;
}

// Ranges in which capitals and small letters stand in the same order.
struct Shifted {
  std::uint32_t first, last, by;   // capitals; the small letters stand `by` behind
};
constexpr Shifted kShifted[] = {
    {'A', 'Z', 32}, {0xc0, 0xd6, 32}, {0xd8, 0xde, 32}, {0x386, 0x386, 38}, {0x388, 0x38a, 37}, {0x38c, 0x38c, 64}, {0x38e, 0x38f, 63}, {0x391, 0x3a1, 32}, {0x3a3, 0x3ab, 32},
    {0x400, 0x40f, 80}, {0x410, 0x42f, 32}, {0x531, 0x556, 48},
};
// Ranges in which each capital stands before its small letter.
struct Paired {
  std::uint32_t first, last;
};
constexpr Paired kPaired[] = {
    {0x100, 0x12f}, {0x132, 0x137}, {0x139, 0x148}, {0x14a, 0x177}, {0x179, 0x17e}, {0x1cd, 0x1dc}, {0x1de, 0x1ef}, {0x1f8, 0x21f}, {0x222, 0x233}, {0x460, 0x481}, {0x48a, 0x4bf}, {0x4d0, 0x52f}, {0x1e00, 0x1e95}, {0x1ea0, 0x1eff},
};
constexpr std::uint32_t kCapitalYWithTwoDots = 0x178, kSmallYWithTwoDots = 0xff;

std::uint32_t small(std::uint32_t c) {
  if (c == kCapitalYWithTwoDots) return kSmallYWithTwoDots;
  for (const Shifted& r : kShifted)
    if (c >= r.first && c <= r.last) return c + r.by;
  for (const Paired& r : kPaired)
    if (c >= r.first && c <= r.last) return (c - r.first) % 2 == 0 ? c + 1 : c;
  return c;
}

std::uint32_t capital(std::uint32_t c) {
  if (c == kSmallYWithTwoDots) return kCapitalYWithTwoDots;
  for (const Shifted& r : kShifted)
    if (c >= r.first + r.by && c <= r.last + r.by) return c - r.by;
  for (const Paired& r : kPaired)
    if (c >= r.first && c <= r.last) return (c - r.first) % 2 == 1 ? c - 1 : c;
  return c;
}

std::string mapped(std::string_view text, std::uint32_t (*map)(std::uint32_t)) {
  std::string out;
  for (const std::uint32_t c : code_points(text)) append_utf8(out, map(c));
  return out;
}

// Of U+00C0 to U+00FF.
constexpr std::string_view kHtmlNames[] = {
    "Agrave", "Aacute", "Acirc", "Atilde", "Auml", "Aring", "AElig", "Ccedil", "Egrave", "Eacute", "Ecirc", "Euml", "Igrave", "Iacute", "Icirc", "Iuml", "ETH", "Ntilde", "Ograve", "Oacute", "Ocirc", "Otilde",
    "Ouml", "times", "Oslash", "Ugrave", "Uacute", "Ucirc", "Uuml", "Yacute", "THORN", "szlig", "agrave", "aacute", "acirc", "atilde", "auml", "aring", "aelig", "ccedil", "egrave", "eacute", "ecirc", "euml",
    "igrave", "iacute", "icirc", "iuml", "eth", "ntilde", "ograve", "oacute", "ocirc", "otilde", "ouml", "divide", "oslash", "ugrave", "uacute", "ucirc", "uuml", "yacute", "thorn", "yuml",
};
static_assert(std::size(kHtmlNames) == 64);

bool is_ascii(std::uint32_t c) { return c < 0x80; }
// What no channel escapes.
bool is_safe(std::uint32_t c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (is_ascii(c) && std::string_view(" -._").contains(static_cast<char>(c))); }

std::string utf8_of(std::uint32_t c) {
  std::string out;
  append_utf8(out, c);
  return out;
}

// Each byte as =XX.
std::string quoted(std::string_view bytes) {
  std::string out;
  for (const char b : bytes) out.append("=").append(hex_upper({&b, 1}));
  return out;
}

// `write`: a character that is not safe; nothing when the way of writing does not have it.
template <class Write>
std::optional<std::string> written(const std::vector<std::uint32_t>& text, Write&& write) {
  std::string out;
  for (const std::uint32_t c : text) {
    const std::optional<std::string> one = is_safe(c) ? std::optional(std::string(1, static_cast<char>(c))) : write(c);
    if (!one) return std::nullopt;
    out += *one;
  }
  return out;
}

}  // namespace

std::string in_small_letters(std::string_view utf8) { return mapped(utf8, small); }
std::string in_capitals(std::string_view utf8) { return mapped(utf8, capital); }

std::vector<WrittenText> written_texts(std::string_view utf8) {
  using Written = std::optional<std::string>;
  const std::vector<std::uint32_t> text = code_points(utf8);
  std::vector<WrittenText> out;
  if (std::ranges::all_of(text, is_ascii)) return out;
  const auto add = [&](const char* name, Written form) {
    if (form && *form != utf8) out.push_back({name, std::move(*form)});
  };
  const auto latin1 = [](std::uint32_t c) { return c < 0x100 ? Written(std::string(1, static_cast<char>(c))) : std::nullopt; };
  add("latin1", written(text, latin1));
  add("html.named", written(text, [](std::uint32_t c) {
    if (c >= 0xc0 && c < 0x100) return Written("&" + std::string(kHtmlNames[c - 0xc0]) + ";");
    if (c == '&' || c == '<' || c == '>' || c == '"') return Written(c == '&' ? "&amp;" : c == '<' ? "&lt;" : c == '>' ? "&gt;" : "&quot;");
    return is_ascii(c) ? Written(std::string(1, static_cast<char>(c))) : std::nullopt;
  }));
  // Bytes escaped one by one: of UTF-8 and of Latin-1. Q has _ for a blank.
  for (const bool word : {false, true}) {
    const auto spaced = [&](Written form) {
      if (!form || !word) return form;
      std::string spelled;
      for (const char c : *form) spelled += c == ' ' ? "_" : c == '_' ? "=5F" : std::string(1, c);
      return Written(std::move(spelled));
    };
    const auto plain = [&](std::uint32_t c) { return is_ascii(c) && c != '=' && !(word && c == '?'); };
    add(word ? "q_word" : "quoted_printable", spaced(written(text, [&](std::uint32_t c) { return Written(plain(c) ? std::string(1, static_cast<char>(c)) : quoted(utf8_of(c))); })));
    add(word ? "q_word.latin1" : "quoted_printable.latin1", spaced(written(text, [&](std::uint32_t c) { return plain(c) ? Written(std::string(1, static_cast<char>(c))) : c < 0x100 ? Written(quoted(*latin1(c))) : std::nullopt; })));
  }
  return out;
}

}  // namespace klik::traffic
