#include "traffic/number_texts.h"

#include <bit>
#include <cmath>
#include <cstdint>
#include <cstdio>

namespace klik::traffic {

NumberTexts number_texts(const Outline& outline) {
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
    }
  }
  return out;
}

}  // namespace klik::traffic
