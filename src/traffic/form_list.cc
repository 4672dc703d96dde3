#include "traffic/form_list.h"

#include <algorithm>
#include <cstdio>

#include "base/ascii.h"
#include "base/hash.h"
#include "traffic/hex_run_search.h"
#include "traffic/outline.h"
#include "traffic/text_encodings.h"
#include "traffic/text_forms.h"
#include "traffic/utdid.h"

namespace klik::traffic {
namespace {

using klik::text::lower;
using klik::text::upper;

}  // namespace

std::string reversed_bytes(std::string_view text) { return {text.rbegin(), text.rend()}; }

void Forms::add(Form form) {
  form.identifier = identifier_;
  if (form.bytes.size() < kShortestValue) return;
  // Digests in both cases may begin alike.
  std::string same = form.bytes + static_cast<char>(form.axis);
  if (form.tail == Tail::hex_digest) same += form.whole;
  if (form.any_case) same += "any case";
  if (form.in_groups) same += "in groups";
  if (!known_.insert(std::move(same)).second) return;
  forms_.push_back(std::move(form));
}

void Forms::binary(std::string name, std::string bytes, bool weak) {
  const bool is_weak = weak || bytes.size() < kStrongBytes;
  add({.identifier = 0, .name = std::move(name), .bytes = std::move(bytes), .whole = {}, .weak = is_weak});
}

void Forms::number(std::string name, std::string bytes, bool weak) {
  const bool is_weak = weak || bytes.size() < kStrongBytes;
  add({.identifier = 0, .name = std::move(name), .bytes = std::move(bytes), .whole = {}, .weak = is_weak, .encoding = true});
}

void Forms::spellings(std::span<const Spelling> all) {
  for (const Spelling& s : all) text(s.name, s.text, s.neighbours);
  for (const Spelling& s : all)
    if (s.encodings) encoded(s);
  for (const Spelling& s : all)
    if (s.digests) digests(s);
  for (const Spelling& s : all) mixed(s);
  if (!all.empty()) checksums(all.front().text);
}

void Forms::mixed(const Spelling& s) {
  const bool letters = std::ranges::any_of(s.text, [](char c) { return (c | 32) >= 'a' && (c | 32) <= 'z'; });
  if (letters && !HexRunSearch::takes(s.text)) any_case(named(s, "mixed_case"), s.text, s.neighbours);
  // Names and addresses of people; numbers and the like go through channels as they are.
  if (s.neighbours != Neighbours::word && s.neighbours != Neighbours::number) return;
  for (WrittenText& written : written_texts(s.text)) any_case(named(s, written.name), std::move(written.bytes), s.neighbours);
}

void Forms::encoded(const Spelling& s) {
  const auto encoding = [&](std::string_view name, std::string bytes, Tail tail, unsigned phase = 0) {
    add({.identifier = 0, .name = named(s, name), .bytes = std::move(bytes), .whole = s.text, .neighbours = s.neighbours, .tail = tail, .phase = phase, .encoding = tail != Tail::utf16le && tail != Tail::utf16be && tail != Tail::base32});
  };
  encoding("percent", percent_encoded(s.text, true), Tail::none);
  encoding("percent.lower", percent_encoded(s.text, false), Tail::none);
  if (s.text.size() < kStrongBytes - 2) return;
  text(named(s, "reversed"), reversed_bytes(s.text), s.neighbours);
  encoding("utf16le", utf16(s.text, false), Tail::utf16le);
  encoding("utf16be", utf16(s.text, true), Tail::utf16be);
  if (s.text.size() < kStrongBytes) return;
  encoding("hex", hex_lower(s.text), Tail::hex);
  encoding("hex.upper", hex_upper(s.text), Tail::hex);
  for (unsigned phase = 0; phase < 3; ++phase)
    for (const bool url_safe : {false, true}) {
      Base64Inner inner = base64_inner(s.text, phase, url_safe);
      if (inner.covered >= kStrongBytes) encoding((url_safe ? "base64url.phase" : "base64.phase") + std::to_string(phase), std::move(inner.text), Tail::base64, phase);
    }
  // Rare: behind other bytes only what is written plainly.
  for (unsigned phase = 0; phase < (s.name == "plain" ? 5u : 1u); ++phase) {
    const std::size_t first = (phase * 8 + 4) / 5, last = (phase + s.text.size()) * 8 / 5;
    std::string inner = lower(base32(std::string(phase, '\0') + s.text).substr(first, last - first));
    add({.identifier = 0, .name = named(s, phase == 0 ? "base32" : "base32.phase" + std::to_string(phase)), .bytes = std::move(inner), .whole = s.text, .neighbours = s.neighbours, .tail = Tail::base32, .phase = phase, .any_case = true});
  }
  if (s.name != "plain") return;
  const Base64Inner inner = base64_inner(s.text, 0, false);
  if (inner.covered >= kStrongBytes) text("base64.reversed", reversed_bytes(inner.text), Neighbours::any);
}

void Forms::hex_digest(const std::string& name, const std::string& hexadecimal, bool rare) {
  const auto one = [&](const char* how, std::string text) { add({.identifier = 0, .name = name + how, .bytes = text.substr(0, 2 * kStrongBytes), .whole = text, .neighbours = Neighbours::hex, .tail = Tail::hex_digest, .rare = rare}); };
  one(".hex", hexadecimal);
  one(".hex.upper", upper(hexadecimal));
  // Written as a number, as programs in Java do: without the zeros in front. Where ends are looked for, that is one.
  if (!rare) return;
  const auto first = hexadecimal.find_first_not_of('0');
  if (first == 0 || first > kStrongBytes) return;
  text(name + ".hex.number", hexadecimal.substr(first), Neighbours::hex);
  text(name + ".hex.upper.number", upper(hexadecimal.substr(first)), Neighbours::hex);
}

void Forms::one_digest(const std::string& name, const std::string& raw, bool hex_only) {
  hex_digest(name, hex_lower(raw), hex_only);
  if (hex_only) return;
  add({.identifier = 0, .name = name + ".raw", .bytes = raw.substr(0, kStrongBytes), .whole = raw, .tail = Tail::raw_digest});
  text(name + ".base64", base64(raw, false), Neighbours::any);
  text(name + ".base64url", base64(raw, true), Neighbours::any);
}

void Forms::digests(const Spelling& s) {
  for (std::size_t i = 0; i < std::size(kDigestNames); ++i) {
    one_digest(named(s, kDigestNames[i]), digest(kDigestAlgorithms[i], s.text), false);
    one_digest(named(s, std::string(kDigestNames[i]) + ".newline"), digest(kDigestAlgorithms[i], s.text + "\n"), true);
  }
  const std::string md5 = hex_lower(digest(HashAlgorithm::md5, s.text));
  // As Java's UUID.nameUUIDFromBytes gives it: version 3, and the variant (RFC 9562 §5.3); by the same rule 5 of a SHA-1 (§5.5).
  hex_digest(named(s, "md5.uuid3"), as_uuid(md5, '3'), true);
  hex_digest(named(s, "sha1.uuid5"), as_uuid(hex_lower(digest(HashAlgorithm::sha1, s.text)).substr(0, 32), '5'), true);
  // The middle half of an MD5, which Chinese programs call "16-bit MD5".
  text(named(s, "md5.hex.middle16"), md5.substr(8, 16), Neighbours::hex);
  text(named(s, "md5.hex.upper.middle16"), upper(md5).substr(8, 16), Neighbours::hex);
  one_digest(named(s, "md5.of_md5"), digest(HashAlgorithm::md5, md5), true);
  one_digest(named(s, "md5.of_md5_upper"), digest(HashAlgorithm::md5, upper(md5)), true);
  one_digest(named(s, "sha1.of_md5"), digest(HashAlgorithm::sha1, md5), true);
  one_digest(named(s, "sha256.of_md5"), digest(HashAlgorithm::sha256, md5), true);
  for (const Salt& salt : salts_)
    for (const Salted& d : salted(s.text, salt)) one_digest(named(s, d.name), d.bytes, false);
}

std::string Forms::as_uuid(std::string digits, char version) {
  digits[12] = version;
  digits[16] = "89ab"[hex_value(digits[16]) & 3];
  return digits;
}

void Forms::checksums(std::string_view of) {
  const std::uint32_t crc = crc32(Bytes::of(of));
  const std::uint32_t java = java_hash(of);
  char hexadecimal[9];
  std::snprintf(hexadecimal, sizeof hexadecimal, "%08x", crc);
  beside_key("crc32.hex", hexadecimal, Neighbours::hex);
  beside_key("crc32.hex.upper", upper(hexadecimal), Neighbours::hex);
  beside_key("crc32.decimal", std::to_string(crc), Neighbours::digits);
  beside_key("java_hash.decimal", std::to_string(static_cast<std::int32_t>(java)), Neighbours::digits);
}

}  // namespace klik::traffic
