#include "formats/android/dex_rules.h"

#include <algorithm>
#include <tuple>
#include <vector>

namespace klik::dex {
namespace {

constexpr std::uint32_t kClassOrderSince = 37;

std::optional<Error> check_strings(const DexFile& dex) {
  std::string_view last;
  for (std::uint32_t i = 0; i < dex.string_count(); ++i) {
    const std::string_view text = dex.string(i);
    std::uint32_t units = 0;
    if (!is_modified_utf8(text, units)) return fail(Code::bad_value, dex.string_at(i), "a string is no modified UTF-8").error();
    LebReader in(dex.window(), dex.string_at(i));
    if (in.unsigned_value() != units) return fail(Code::bad_value, dex.string_at(i), "a string is not as long as it says").error();
    if (i > 0 && !comes_before(last, text)) return fail(Code::bad_value, dex.string_at(i), "strings are out of order or repeated").error();
    last = text;
  }
  return std::nullopt;
}

std::optional<Error> check_tables(const DexFile& dex) {
  for (std::uint32_t i = 1; i < dex.type_count(); ++i)
    if (dex.type_string(i - 1) >= dex.type_string(i)) return fail(Code::bad_value, dex.type_at(i), "types are out of order or repeated").error();
  for (std::uint32_t i = 1; i < dex.proto_count(); ++i) {
    const Proto a = dex.proto(i - 1), b = dex.proto(i);
    const auto by_index = [](const U16le& x, const U16le& y) { return std::uint16_t{x} < std::uint16_t{y}; };
    const bool ordered = a.return_type < b.return_type ||
                         (a.return_type == b.return_type && std::ranges::lexicographical_compare(a.parameters, b.parameters, by_index));
    if (!ordered) return fail(Code::bad_value, dex.proto_at(i), "prototypes are out of order or repeated").error();
  }
  for (std::uint32_t i = 1; i < dex.field_count(); ++i) {
    const Field a = dex.field(i - 1), b = dex.field(i);
    if (std::tie(a.owner, a.name, a.type) >= std::tie(b.owner, b.name, b.type)) return fail(Code::bad_value, dex.field_at(i), "fields are out of order or repeated").error();
  }
  for (std::uint32_t i = 1; i < dex.method_count(); ++i) {
    const Method a = dex.method(i - 1), b = dex.method(i);
    if (std::tie(a.owner, a.name, a.proto) >= std::tie(b.owner, b.name, b.proto)) return fail(Code::bad_value, dex.method_at(i), "methods are out of order or repeated").error();
  }
  return std::nullopt;
}

std::optional<Error> check_classes(const DexFile& dex) {
  constexpr std::uint32_t kNotYet = kNoIndex;
  std::vector<std::uint32_t> defined(dex.type_count(), kNotYet);   // type → class
  for (std::uint32_t i = 0; i < dex.class_count(); ++i) {
    const ClassDef def = dex.class_def(i);
    if (!dex.type(def.type).starts_with('L')) return fail(Code::bad_value, dex.class_at(i), "a class whose name is none").error();
    if (defined[def.type] != kNotYet) return fail(Code::bad_value, dex.class_at(i), "a class is defined twice").error();
    if (def.superclass == def.type) return fail(Code::bad_value, dex.class_at(i) + 8, "a class is its own superclass").error();
    defined[def.type] = i;
  }
  if (!dex.is_compact() && dex.version() < kClassOrderSince) return std::nullopt;
  for (std::uint32_t i = 0; i < dex.class_count(); ++i) {
    const ClassDef def = dex.class_def(i);
    const auto late = [&](std::uint32_t type) { return type < defined.size() && defined[type] != kNotYet && defined[type] > i; };
    if (late(def.superclass)) return fail(Code::bad_value, dex.class_at(i) + 8, "a class stands before its superclass").error();
    if (std::ranges::any_of(def.interfaces, [&](std::uint32_t t) { return late(t); })) return fail(Code::bad_value, dex.class_at(i) + 12, "a class stands before an interface of it").error();
  }
  return std::nullopt;
}

}  // namespace

std::optional<Error> first_broken_rule(const DexFile& dex) {
  if (auto broken = check_strings(dex)) return broken;
  if (auto broken = check_tables(dex)) return broken;
  return check_classes(dex);
}

bool is_modified_utf8(std::string_view text, std::uint32_t& utf16_units) {
  const auto follows = [&](std::size_t at) { return at < text.size() && (static_cast<std::uint8_t>(text[at]) & 0xC0) == 0x80; };
  utf16_units = 0;
  for (std::size_t i = 0; i < text.size(); ++utf16_units) {
    const auto first = static_cast<std::uint8_t>(text[i]);
    if (first < 0x80) {
      i += 1;
    } else if ((first & 0xE0) == 0xC0) {
      if (!follows(i + 1)) return false;
      const unsigned value = (first & 0x1Fu) << 6 | (static_cast<std::uint8_t>(text[i + 1]) & 0x3Fu);
      if (value != 0 && value < 0x80) return false;   // could have been spelled shorter
      i += 2;
    } else if ((first & 0xF0) == 0xE0) {
      if (!follows(i + 1) || !follows(i + 2)) return false;
      if (first == 0xE0 && (static_cast<std::uint8_t>(text[i + 1]) & 0x20) == 0) return false;
      i += 3;
    } else {
      return false;
    }
  }
  return true;
}

bool comes_before(std::string_view a, std::string_view b) {
  const auto [at_a, at_b] = std::ranges::mismatch(a, b);
  if (at_b == b.end()) return false;
  if (at_a == a.end()) return true;
  // Each code unit is spelled on its own and larger ones begin with larger bytes, but for NUL, which is C0 80.
  const auto rank = [](char c) { return static_cast<std::uint8_t>(c) == 0xC0 ? 0 : int{static_cast<std::uint8_t>(c)}; };
  return rank(*at_a) < rank(*at_b);
}

}  // namespace klik::dex
