#include "cli/hexdump.h"

#include <fmt/format.h>

namespace klik::cli {

std::string hexdump(Bytes bytes, std::uint64_t first, std::uint64_t mark, std::uint64_t marked) {
  std::string out;
  for (std::uint64_t line = 0; line < bytes.size(); line += 16) {
    out += fmt::format("  {:10x} ", first + line);
    std::string letters;
    for (std::uint64_t i = line; i < line + 16; ++i) {
      const std::uint64_t at = first + i;
      const auto inside = [&](std::uint64_t x) { return x >= mark && x - mark < marked; };
      // One column between bytes holds the brackets.
      const char before = inside(at) && (at == mark || i == line) ? '[' : at > 0 && inside(at - 1) && !inside(at) && i != line ? ']' : ' ';
      if (i >= bytes.size()) {
        out += fmt::format("{}  ", i == bytes.size() && at > 0 && inside(at - 1) && i != line ? ']' : ' ');
        continue;
      }
      const std::uint8_t b = bytes[static_cast<std::size_t>(i)];
      out += fmt::format("{}{:02x}", before, b);
      letters += b >= 0x20 && b < 0x7f ? static_cast<char>(b) : '.';
    }
    const std::uint64_t last = first + line + 15;
    out += last >= mark && last - mark < marked && line + 16 <= bytes.size() ? "]" : " ";
    out += " |" + letters + "|\n";
  }
  return out;
}

}  // namespace klik::cli
