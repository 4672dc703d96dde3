// The ways in which programs write bytes as text, and the reverse: what an identifier may look like on the wire, and what may be undone.
// Source: RFC 4648 (base16, base32, base64 and its URL-safe alphabet), RFC 2045 §6.8 (base64 in lines), RFC 3986 §2.1 (percent-encoding),
// WHATWG URL §5 (form encoding), RFC 8259 §7 (JSON), XML 1.0 §4.1 and §4.6 (references).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace klik::traffic {

std::string hex_upper(std::string_view bytes);
std::string hex_lower(std::string_view bytes);
std::string base64(std::string_view bytes, bool url_safe);          // without padding
std::string base32(std::string_view bytes);                         // upper case, without padding
std::string percent_encoded(std::string_view bytes, bool upper);    // all but RFC 3986's unreserved characters
std::string utf16(std::string_view utf8, bool big_endian);          // without a mark; broken sequences become U+FFFD
void append_utf8(std::string& to, std::uint32_t code_point);        // a surrogate becomes U+FFFD

// What a long text of bytes encodes in base64 when `inner` stands in it at `phase` (0 … 2) modulo 3: those characters that depend on
// `inner` alone. `covered`: bytes of `inner` that they stand for as a whole.
struct Base64Inner {
  std::string text;
  std::size_t covered;
};
Base64Inner base64_inner(std::string_view inner, unsigned phase, bool url_safe);

// The reverse. Nothing, when the text as a whole is not of the alphabet, or has a length that the encoding cannot have.
// Base64: standard or URL-safe alphabet (not mixed), padded or not, lines of MIME.
std::optional<std::string> decoded_base64(std::string_view text);
// RFC 2045 §6.7. A broken escape stays as it is.
std::string decoded_quoted_printable(std::string_view text);
// As far as it is base64, of either alphabet: blanks are passed over, anything else ends it.
std::vector<std::uint8_t> base64_start(std::string_view text);
int base64_value(char c);    // 0 … 63 in either alphabet, -1 for what is in none
int base32_value(char c);    // 0 … 31, upper case; -1
int hex_value(char c);       // 0 … 15; -1
std::optional<std::string> decoded_hex(std::string_view text);
// Nothing when there is nothing to undo. A broken escape stays as it is. `plus`: + is a space.
std::optional<std::string> decoded_percent(std::string_view text, bool plus);
std::optional<std::string> decoded_json_escapes(std::string_view text);
std::optional<std::string> decoded_xml_references(std::string_view text);
// Of a text that begins with the mark of its order, or with { [ < and another character of ASCII.
std::optional<std::string> decoded_utf16_text(std::string_view bytes);
std::optional<std::string> decoded_utf16be(std::string_view bytes);   // as UTF-8; half a unit at the end is left out

}  // namespace klik::traffic
