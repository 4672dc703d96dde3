#include "apps/manifest_values.h"

#include <algorithm>
#include <array>
#include <bit>
#include <charconv>

namespace klik::apk {
namespace {

using axml::Attribute;
using axml::Element;

constexpr std::uint64_t kMostText = 32 << 10;                    // bytes of one value …
constexpr std::uint64_t kMostVarying = 1000;                     // of the values of one resource, shown side by side
constexpr std::uint64_t kMostTexts = std::uint64_t{32} << 20;    // … and of all that are read from one manifest

std::string hexadecimal(std::uint32_t value, bool padded) {
  char buffer[8];
  const auto end = std::to_chars(buffer, buffer + sizeof buffer, value, 16).ptr;
  std::string digits(buffer, end);
  return "0x" + (padded ? std::string(8 - digits.size(), '0') : std::string()) + digits;
}

// As the phone turns a value into text where it wants one. Source: AOSP TypedValue.coerceToString.
std::string number_text(const res::Value& v) {
  switch (v.type) {
    case res::kBoolean: return v.data != 0 ? "true" : "false";
    case res::kHexadecimal: return hexadecimal(v.data, false);
    case res::kFloat: {
      char buffer[64];
      return {buffer, std::to_chars(buffer, buffer + sizeof buffer, std::bit_cast<float>(v.data)).ptr};
    }
    default: return v.type == res::kFirstInteger ? std::to_string(static_cast<std::int32_t>(v.data)) : hexadecimal(v.data, true);
  }
}

std::optional<std::int64_t> parsed(std::string_view text) {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

struct CodeName {
  std::string_view name;
  int level;
};
// Source: AOSP Build.VERSION_CODES; previews of these releases carry the name instead of the number.
constexpr CodeName kCodeNames[] = {
    {"M", 23}, {"N", 24}, {"O", 26}, {"P", 28}, {"Q", 29}, {"R", 30}, {"S", 31}, {"Sv2", 32},
    {"Tiramisu", 33}, {"UpsideDownCake", 34}, {"VanillaIceCream", 35}, {"Baklava", 36},
};

}  // namespace

std::string spelled(const Text& text) {
  if (text.value) return *text.value;
  return text.stated ? "@" + hexadecimal(text.reference, true) : std::string();
}

const arsc::Table* ValueReader::table() {
  if (!loaded_) {
    loaded_ = true;
    if (const Bytes bytes = load_ ? load_() : Bytes(); !bytes.empty()) {
      if (auto opened = arsc::Table::open(bytes)) table_ = std::move(*opened);
      else failed_table_.push_back({opened.error(), true});
    }
  }
  return table_ ? &*table_ : nullptr;
}

void ValueReader::note_varying(const arsc::Table& from, std::uint32_t id, Span at) {
  VaryingValue v{id, from.name(id), {}, at};
  for (const arsc::Entry& e : from.entries(id)) {
    if (!v.values.empty()) v.values += ';';
    if (v.values.size() > kMostVarying) {
      v.values += "…";
      break;
    }
    v.values += from.config_name(e) + "=";
    if (e.bag) v.values += "(list)";
    else if (e.value.type == res::kString) v.values += from.string(e.value.data).text.substr(0, kMostVarying);
    else if (e.value.is_reference()) v.values += "@" + hexadecimal(e.value.data, true);
    else v.values += number_text(e.value);
  }
  varying_.push_back(std::move(v));
}

ValueReader::Settled ValueReader::settle(const Attribute& a) {
  Settled s;
  s.at = a.at;
  if (a.value.is_theme()) {
    s.reference = a.value.data;
    oddities.add(Code::deviation, a.at, "a manifest value is taken from the theme; it is unknown here");
    return s;
  }
  if (!a.value.is_reference()) {
    s.known = true;
    s.value = a.value;
    return s;
  }
  s.reference = a.value.data;
  if (s.reference == 0) {   // @null
    s.known = true;
    return s;
  }
  const arsc::Table* const from = table();
  if (!from) {
    oddities.add(Code::absent, a.at, "a manifest value stands in resources that are not here; it is unknown");
    return s;
  }
  const auto [found, fresh] = resolved_.try_emplace(s.reference);
  if (fresh) {
    found->second = from->resolve(s.reference);
    if (found->second.varies) note_varying(*from, s.reference, {a.at, a.length});
  }
  const arsc::Resolved& r = found->second;
  switch (r.outcome) {
    case arsc::Outcome::found: break;
    case arsc::Outcome::no_package:
      oddities.add(Code::absent, a.at, "a manifest value stands in the framework's resources; it is unknown here");
      return s;
    case arsc::Outcome::loop:
      oddities.add(Code::bad_value, a.at, "a manifest value refers to itself; it is unknown");
      return s;
    case arsc::Outcome::over_budget:
      oddities.add(Code::over_budget, a.at, "too many resource look-ups for one manifest; further values are unknown", true);
      return s;
    case arsc::Outcome::no_entry:
    case arsc::Outcome::theme:
      oddities.add(Code::deviation, a.at, "a manifest value names a resource that the app does not have; it is unknown");
      return s;
  }
  s.known = true;
  s.bag = r.entry.bag;
  s.value = r.entry.value;
  s.from_table = true;
  s.resource = {r.entry.at, r.entry.length};
  return s;
}

// Nothing for a string that the phone cannot read, a list, or @null.
std::optional<std::string> ValueReader::words(const Settled& s) {
  if (s.bag || s.value.type == res::kNull) return std::nullopt;
  if (s.value.type != res::kString) return number_text(s.value);
  res::PoolString p = s.from_table ? table()->string(s.value.data) : document_.strings().get(s.value.data);
  if (p.broken) return std::nullopt;
  // A thousand attributes may name one long string: what they cost together is bounded.
  const std::uint64_t allowed = std::min(kMostText, kMostTexts - texts_);
  if (p.text.size() > allowed) {
    oddities.add(Code::over_budget, s.at, "a text of the manifest is too long; it is cut", true);
    p.text.resize(allowed);
  }
  texts_ += p.text.size();
  return std::move(p.text);
}

Text ValueReader::text_of(const Attribute* a) {
  if (!a) return {};
  const Settled s = settle(*a);
  Text out{.stated = true, .reference = s.reference, .at = {a->at, a->length}, .resource = s.resource};
  if (!s.known) return out;
  out.value = words(s);
  if (!out.value) {
    if (s.value.type == res::kString) oddities.add(Code::bad_value, a->at, "a string that the phone cannot read; the attribute counts as absent");
    return {};
  }
  // Programs that print the written text see another value than the phone, which takes the typed one.
  if (a->value.type == res::kString && a->raw != res::kNone && a->raw != a->value.data && !document_.strings().equals(a->raw, *out.value))
    oddities.add(Code::conflict, a->at, "an attribute's written text is not its value; the phone takes the value");
  return out;
}

Text ValueReader::literal(const Element& e, AttributeName name) {
  const Attribute* a = document_.find(e, name.id, name.name);
  if (a && (a->value.is_reference() || a->value.is_theme())) {
    oddities.add(Code::deviation, a->at, "a name that may not be a reference is one; the phone ignores it");
    return {};
  }
  return text_of(a);
}

Text ValueReader::shown(const Element& e, AttributeName name) {
  const Attribute* a = document_.find(e, name.id, name.name);
  if (!a || !a->value.is_reference() || a->value.data == 0) return text_of(a);
  Text out{.stated = true, .reference = a->value.data, .at = {a->at, a->length}};
  const bool wants_value = name.id != attr::resource.id;
  if (wants_value) {
    const Settled s = settle(*a);
    out.resource = s.resource;
    if (s.known && !s.bag) out.value = words(s);
  }
  if (!out.value) {
    const arsc::Table* const from = a->value.data >> 24 != 1 ? table() : nullptr;
    const std::string resource = from ? from->name(a->value.data) : std::string();
    out.value = "@" + (resource.empty() ? hexadecimal(a->value.data, true) : resource);
  }
  return out;
}

Flag ValueReader::flag_of(const Attribute* a) {
  if (!a) return {};
  const Settled s = settle(*a);
  Flag out{.stated = true, .reference = s.reference, .at = {a->at, a->length}, .resource = s.resource};
  if (!s.known) return out;
  if (s.bag || s.value.type == res::kNull) return {};
  if (s.value.is_integer()) {
    out.value = s.value.data != 0;
    if (a->value.type == res::kBoolean && a->raw != res::kNone && document_.strings().equals(a->raw, *out.value ? "false" : "true"))
      oddities.add(Code::conflict, a->at, "an attribute's written text is not its value; the phone takes the value");
    return out;
  }
  const auto text = words(s);
  if (!text) return {};
  out.value = *text == "1" || *text == "true" || *text == "TRUE";
  return out;
}

Number ValueReader::number(const Element& e, AttributeName name) {
  const Attribute* a = document_.find(e, name.id, name.name);
  if (!a) return {};
  const Settled s = settle(*a);
  Number out{.stated = true, .reference = s.reference, .at = {a->at, a->length}, .resource = s.resource};
  if (!s.known) return out;
  if (s.bag || s.value.type == res::kNull) return {};
  if (s.value.is_integer()) {
    out.value = static_cast<std::int32_t>(s.value.data);
    return out;
  }
  const auto text = words(s);
  if (text) out.value = parsed(*text);
  return out;
}

Text ValueReader::plain_text(const Element& e, std::string_view name) {
  const Attribute* a = document_.find_plain(e, name);
  if (!a) return {};
  // Attributes without a resource id are read as written where the text was kept.
  axml::Attribute written = *a;
  if (a->raw != res::kNone) written.value = {res::kString, a->raw};
  return text_of(&written);
}

ValueReader::SdkLevel ValueReader::sdk_level(const Element& e, AttributeName name) {
  const Attribute* a = document_.find(e, name.id, name.name);
  if (!a) return {};
  const Settled s = settle(*a);
  if (!s.known) return {.stated = true};
  if (s.bag || s.value.type == res::kNull) return {};
  if (s.value.type != res::kString) return {.stated = true, .level = static_cast<std::int32_t>(s.value.data)};
  const auto text = words(s);
  if (!text) return {};
  if (const auto level = parsed(*text)) {
    oddities.add(Code::deviation, a->at, "an SDK level is a text");
    return {.stated = true, .code_name = true, .level = level};
  }
  // "S.0123abcd…": a preview of which only this build is meant.
  const std::string_view code = std::string_view(*text).substr(0, text->find('.'));
  const auto known = std::ranges::find(kCodeNames, code, &CodeName::name);
  if (known == std::end(kCodeNames)) {
    oddities.add(Code::unsupported, a->at, "an SDK level is a code name that is not known here; it counts as the newest");
    return {.stated = true, .code_name = true, .level = kSdkInDevelopment};
  }
  return {.stated = true, .code_name = true, .level = known->level};
}

}  // namespace klik::apk
