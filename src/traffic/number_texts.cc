#include "traffic/number_texts.h"

#include <algorithm>
#include <bit>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <string_view>

namespace klik::traffic {

namespace {

// A whole number in scientific notation, digit by digit: "490154203237518" of "4.90154203237518E14". "" for anything else.
std::string without_exponent(std::string_view number) {
  const auto mark = number.find_first_of("eE");
  if (mark == number.npos || number.size() > 40) return {};
  std::string_view mantissa = number.substr(0, mark), exponent = number.substr(mark + 1);
  const bool negative = mantissa.starts_with('-');
  if (negative) mantissa.remove_prefix(1);
  if (exponent.starts_with('+')) exponent.remove_prefix(1);
  std::uint32_t places = 0;
  const auto [end, error] = std::from_chars(exponent.data(), exponent.data() + exponent.size(), places);
  if (error != std::errc() || end != exponent.data() + exponent.size() || places > 24) return {};
  const auto point = std::min(mantissa.find('.'), mantissa.size());
  const std::string_view decimals = mantissa.substr(std::min(point + 1, mantissa.size()));
  std::string digits = std::string(mantissa.substr(0, point)) + std::string(decimals);
  if (point == 0 || decimals.size() > places || digits.find_first_not_of("0123456789") != digits.npos) return {};
  digits.append(places - decimals.size(), '0');
  digits.erase(0, std::min(digits.find_first_not_of('0'), digits.size()));
  return digits.size() < 5 || digits.size() > 24 ? std::string() : (negative ? "-" : "") + digits;
}

}  // namespace

NumberTexts number_texts(const Outline& outline, Bytes of) {
  const bool json = outline.format == "json" || outline.format == "ndjson";
  NumberTexts out;
  std::string& text = out.text;
  Outline& written = out.outline;
  written = {.format = outline.format, .dotted_numbers = outline.dotted_numbers, .containers = outline.containers};
  for (const Leaf& leaf : outline.leaves) {
    const auto line = [&](const std::string& number) {
      written.leaves.push_back({text.size(), number.size(), leaf.container, leaf.name, LeafKind::text});
      text.append(number).append("\n");
    };
    if (leaf.kind == LeafKind::integer && leaf.value > 9999) {
      line(std::to_string(leaf.value));
      if (leaf.value >> 63) line(std::to_string(static_cast<std::int64_t>(leaf.value)));
      // sint32 and sint64 of protocol buffers
      if (outline.format == "protobuf") line(std::to_string(static_cast<std::int64_t>((leaf.value >> 1) ^ (0 - (leaf.value & 1)))));
    } else if (leaf.kind == LeafKind::real) {
      const double value = std::bit_cast<double>(leaf.value);
      char number[64];
      if (!(std::fabs(value) < 1e18) || std::fabs(value) < 1e-3) continue;
      std::snprintf(number, sizeof number, value == std::floor(value) ? "%.0f" : "%.7f", value);
      line(number);
    } else if (json && leaf.kind == LeafKind::text) {
      const auto value = of.slice(leaf.at, leaf.length);
      if (!value || value->empty() || value->size() > 40 || !((*value)[0] == '-' || ((*value)[0] >= '0' && (*value)[0] <= '9'))) continue;
      if (const std::string number = without_exponent(value->text()); !number.empty()) line(number);
    }
  }
  return out;
}

}  // namespace klik::traffic
