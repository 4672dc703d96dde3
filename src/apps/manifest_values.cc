#include "apps/manifest_values.h"

#include <bit>
#include <cstdio>

namespace klik::apk {
namespace {

using android::ValueType;

std::string hexadecimal(std::string_view sign, std::uint32_t data) {
  char buffer[16];
  std::snprintf(buffer, sizeof buffer, "0x%08x", data);
  return std::string(sign) + buffer;
}

// The types that hold a number in their data word; a boolean is any word that is not zero.
void take(Resolved& out, ValueType type, std::uint32_t data, const std::string& text) {
  const auto raw = std::to_underlying(type);
  if (type == ValueType::string) {
    out.text = text;
    if (text == "true" || text == "false") out.number = text == "true";
  } else if (type == ValueType::boolean) {
    out.number = data != 0;
    out.text = data != 0 ? "true" : "false";
  } else if (type == ValueType::hexadecimal) {
    out.number = data;
    out.text = hexadecimal("", data);
  } else if (raw >= 0x10 && raw <= 0x1F) {   // decimal and colours
    out.number = static_cast<std::int32_t>(data);
    out.text = std::to_string(static_cast<std::int32_t>(data));
  } else if (type == ValueType::real) {
    char buffer[32];
    std::snprintf(buffer, sizeof buffer, "%g", static_cast<double>(std::bit_cast<float>(data)));
    out.text = buffer;
  } else if (!text.empty()) {
    out.text = text;
  }
}

}  // namespace

Resolved ManifestValues::of(const android::XmlAttribute* a) const {
  Resolved out;
  if (!a) return out;
  out.there = true;
  if (a->type == ValueType::attribute) {   // a theme decides at run time
    out.unknown = true;
    out.text = hexadecimal("?", a->data);
    return out;
  }
  if (a->type != ValueType::reference && a->type != ValueType::dynamic_reference) {
    take(out, a->type, a->data, a->text);
    return out;
  }
  const android::ResourceValue value = table_ ? table_->resolve(a->data) : android::ResourceValue{};
  if (value.type == ValueType::null && value.length == 0) {
    out.unknown = true;
    out.text = hexadecimal("@", a->data);
    return out;
  }
  take(out, value.type, value.data, value.text);
  out.resource_at = value.at;
  out.resource_length = value.length;
  return out;
}

}  // namespace klik::apk
