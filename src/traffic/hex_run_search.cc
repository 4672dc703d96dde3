#include "traffic/hex_run_search.h"

#include <algorithm>
#include <array>

namespace klik::traffic {
namespace {

constexpr auto kIsHex = [] {
  std::array<bool, 256> is{};
  for (int c = '0'; c <= '9'; ++c) is[static_cast<std::size_t>(c)] = true;
  for (int c = 'a'; c <= 'f'; ++c) is[static_cast<std::size_t>(c)] = is[static_cast<std::size_t>(c - 32)] = true;
  return is;
}();

bool is_hex(char c) { return kIsHex[static_cast<std::uint8_t>(c)]; }

}  // namespace

bool HexRunSearch::takes(std::string_view literal) { return literal.size() >= kShortest && std::ranges::all_of(literal, is_hex); }

void HexRunSearch::add(std::string_view literal, std::uint32_t pattern) {
  const Bytes bytes = Bytes::of(literal);
  const auto low = bytes.get<U64le>(0), high = bytes.get<U64le>(8);
  if (low && high) literals_[{*low, *high}].push_back({std::string(literal.substr(kShortest)), pattern});
}

bool HexRunSearch::find(Bytes bytes, std::vector<PatternSearch::Match>& found, std::size_t most) const {
  const std::string_view text = bytes.text();
  if (literals_.empty()) return true;
  // A run of sixteen covers one of any sixteen places, so the others need no look.
  for (std::size_t at = kShortest - 1; at < text.size(); at += kShortest) {
    if (!is_hex(text[at])) continue;
    std::size_t start = at, end = at + 1;
    while (start > 0 && is_hex(text[start - 1])) --start;
    while (end < text.size() && is_hex(text[end])) ++end;
    if (end - start >= kShortest) {
      const auto low = bytes.get<U64le>(start), high = bytes.get<U64le>(start + 8);
      const auto known = low && high ? literals_.find({*low, *high}) : literals_.end();
      if (known != literals_.end())
        for (const Literal& literal : known->second) {
          if (!text.substr(start + kShortest, end - start - kShortest).starts_with(literal.rest)) continue;
          if (found.size() >= most) return false;
          found.push_back({start, literal.pattern});
        }
    }
    // Goes on behind the run; no run is walked twice.
    at = end - 1;
  }
  return true;
}

}  // namespace klik::traffic
