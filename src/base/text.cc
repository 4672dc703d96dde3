#include "base/text.h"

#include <cstdint>
#include <cstdio>

namespace klik::text {
namespace {

// Decodes one character of well-formed UTF-8 at `at`; 0 length means the bytes are broken.
struct Char {
  char32_t value;
  unsigned length;
};

Char decode(std::string_view s, std::size_t at) {
  auto byte = [&](std::size_t i) -> unsigned { return i < s.size() ? static_cast<unsigned char>(s[i]) : 0u; };
  auto tail = [&](std::size_t i) { return (byte(i) & 0xC0u) == 0x80u; };
  const unsigned b = byte(at);
  if (b < 0x80) return {b, 1};
  if (b >= 0xC2 && b <= 0xDF && tail(at + 1)) return {((b & 0x1Fu) << 6) | (byte(at + 1) & 0x3Fu), 2};
  if (b >= 0xE0 && b <= 0xEF && tail(at + 1) && tail(at + 2)) {
    const char32_t v = ((b & 0x0Fu) << 12) | ((byte(at + 1) & 0x3Fu) << 6) | (byte(at + 2) & 0x3Fu);
    if (v >= 0x800 && (v < 0xD800 || v > 0xDFFF)) return {v, 3};
  }
  if (b >= 0xF0 && b <= 0xF4 && tail(at + 1) && tail(at + 2) && tail(at + 3)) {
    const char32_t v = ((b & 0x07u) << 18) | ((byte(at + 1) & 0x3Fu) << 12) | ((byte(at + 2) & 0x3Fu) << 6) | (byte(at + 3) & 0x3Fu);
    if (v >= 0x10000 && v <= 0x10FFFF) return {v, 4};
  }
  return {b, 0};
}

// Characters that have no shape of their own or change the order of others.
bool deceives(char32_t c) {
  return c < 0x20 || (c >= 0x7F && c < 0xA0) || c == 0xAD || c == 0x61C || c == 0x115F || c == 0x1160 || c == 0x180E ||
         (c >= 0x200B && c <= 0x200F) || (c >= 0x2028 && c <= 0x202E) || (c >= 0x2060 && c <= 0x206F) || c == 0x3164 ||
         c == 0xFEFF || c == 0xFFA0 || (c >= 0xFFF9 && c <= 0xFFFB) || (c >= 0xE0000 && c <= 0xE007F);
}

void append_hex_byte(std::string& out, unsigned byte) {
  char buffer[8];
  std::snprintf(buffer, sizeof buffer, "\\x%02x", byte & 0xFFu);
  out += buffer;
}

}  // namespace

std::string escaped(std::string_view raw) {
  std::string out;
  out.reserve(raw.size());
  for (std::size_t i = 0; i < raw.size();) {
    const Char c = decode(raw, i);
    if (c.length == 0) {
      append_hex_byte(out, static_cast<unsigned char>(raw[i]));
      ++i;
    } else if (c.value == U'\\') {
      out += "\\\\";
      ++i;
    } else if (deceives(c.value)) {
      if (c.value < 0x80) {
        append_hex_byte(out, static_cast<unsigned>(c.value));
      } else {
        char buffer[16];
        std::snprintf(buffer, sizeof buffer, "\\u{%x}", static_cast<unsigned>(c.value));
        out += buffer;
      }
      i += c.length;
    } else {
      out.append(raw.substr(i, c.length));
      i += c.length;
    }
  }
  return out;
}

bool is_clean_utf8(std::string_view raw) {
  for (std::size_t i = 0; i < raw.size();) {
    const Char c = decode(raw, i);
    if (c.length == 0 || c.value == 0) return false;
    i += c.length;
  }
  return true;
}

std::string storable(std::string_view raw) {
  if (is_clean_utf8(raw)) return std::string(raw);
  std::string out;
  for (std::size_t i = 0; i < raw.size();) {
    const Char c = decode(raw, i);
    if (c.length == 0 || c.value == 0) {
      append_hex_byte(out, static_cast<unsigned char>(raw[i]));
      ++i;
    } else {
      out.append(raw.substr(i, c.length));
      i += c.length;
    }
  }
  return out;
}

std::string json_string(std::string_view raw) {
  std::string out = "\"";
  for (std::size_t i = 0; i < raw.size();) {
    const Char c = decode(raw, i);
    const bool script = c.value == U'<' || c.value == U'>' || c.value == U'&' || c.value == 0x2028 || c.value == 0x2029;
    if (c.length == 0) {
      out += "\\ufffd";
      ++i;
      continue;
    }
    if (c.value == U'"' || c.value == U'\\') {
      out += '\\';
      out += static_cast<char>(c.value);
    } else if (c.value == U'\n') {
      out += "\\n";
    } else if (c.value < 0x20 || c.value == 0x7F || script) {
      char buffer[8];
      std::snprintf(buffer, sizeof buffer, "\\u%04x", static_cast<unsigned>(c.value));
      out += buffer;
    } else {
      out.append(raw.substr(i, c.length));
    }
    i += c.length;
  }
  out += '"';
  return out;
}

std::string html(std::string_view raw) {
  std::string out;
  out.reserve(raw.size());
  for (const char ch : raw) {
    switch (ch) {
      case '&': out += "&amp;"; break;
      case '<': out += "&lt;"; break;
      case '>': out += "&gt;"; break;
      case '"': out += "&quot;"; break;
      case '\'': out += "&#39;"; break;
      default: out += ch;
    }
  }
  return out;
}

}  // namespace klik::text
