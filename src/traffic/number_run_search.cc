#include "traffic/number_run_search.h"

#include <algorithm>
#include <array>

namespace klik::traffic {
namespace {

constexpr std::size_t kStartDigits = 4, kStarts = 10'000;
constexpr std::size_t kMostBetween = 2;   // signs between two groups: ") ", " /"
// A number in groups has a sign at least, so one of any eight places lies in it.
constexpr std::size_t kStep = NumberRunSearch::kFewestDigits;

enum class Sign : std::uint8_t { none, digit, between };
constexpr auto kSigns = [] {
  std::array<Sign, 256> signs{};
  for (int c = '0'; c <= '9'; ++c) signs[static_cast<std::size_t>(c)] = Sign::digit;
  for (const char c : std::string_view(" -./()")) signs[static_cast<std::uint8_t>(c)] = Sign::between;
  return signs;
}();
Sign sign(char c) { return kSigns[static_cast<std::uint8_t>(c)]; }

bool is_digit(char c) { return sign(c) == Sign::digit; }

// Most signs are blanks between words.
bool between_digits(std::string_view text, std::size_t at) {
  const bool before = (at >= 1 && is_digit(text[at - 1])) || (at >= kMostBetween && is_digit(text[at - kMostBetween]));
  return before && ((at + 1 < text.size() && is_digit(text[at + 1])) || (at + kMostBetween < text.size() && is_digit(text[at + kMostBetween])));
}

// What stands before it is a number with an exponent, whose point is no sign between groups.
bool is_exponent(std::string_view text, std::size_t at) {
  if (at >= text.size() || (text[at] != 'e' && text[at] != 'E')) return false;
  ++at;
  if (at < text.size() && (text[at] == '+' || text[at] == '-')) ++at;
  return at < text.size() && is_digit(text[at]);
}

}  // namespace

void NumberRunSearch::add(std::string_view digits, std::uint32_t pattern) {
  if (digits.size() < kFewestDigits || digits.size() > kMostDigits) return;
  std::uint64_t value = 0;
  starts_.resize(kStarts);
  for (std::size_t i = 0; i < digits.size(); ++i) {
    value = value * 10 + static_cast<std::uint64_t>(digits[i] - '0');
    if (i + 1 == kStartDigits) starts_[value] = true;
  }
  numbers_[value].push_back({std::string(digits), pattern});
}

bool NumberRunSearch::find(Bytes bytes, std::vector<PatternSearch::Match>& found, std::size_t most) const {
  const std::string_view text = bytes.text();
  if (numbers_.empty()) return true;
  std::vector<Group> groups;
  for (std::size_t at = kStep - 1; at < text.size(); at += kStep) {
    if (sign(text[at]) == Sign::none || (sign(text[at]) == Sign::between && !between_digits(text, at))) continue;
    std::size_t start = at, end = at + 1;
    while (start > 0 && sign(text[start - 1]) != Sign::none) --start;
    while (end < text.size() && sign(text[end]) != Sign::none) ++end;
    // Goes on behind the run; no run is walked twice.
    at = end - 1;
    if (end - start <= kFewestDigits) continue;
    for (std::size_t i = start; i < end;) {
      if (sign(text[i]) != Sign::digit) {
        ++i;
        continue;
      }
      const std::size_t from = i;
      while (i < end && sign(text[i]) == Sign::digit) ++i;
      if (!groups.empty() && from - groups.back().to > kMostBetween) {
        if (!find_in(text, groups, found, most)) return false;
        groups.clear();
      }
      groups.push_back({from, i});
    }
    if (!find_in(text, groups, found, most)) return false;
    groups.clear();
  }
  return true;
}

// Each group may begin a number of kMostDigits at most, so the work is linear.
bool NumberRunSearch::find_in(std::string_view text, const std::vector<Group>& groups, std::vector<PatternSearch::Match>& found, std::size_t most) const {
  for (std::size_t first = 0; first + 1 < groups.size(); ++first) {
    std::array<char, kMostDigits> digits{};
    std::size_t count = 0;
    std::uint64_t value = 0;
    bool possible = true;
    for (std::size_t last = first; last < groups.size() && possible; ++last) {
      if (groups[last].to - groups[last].from > kMostDigits - count) break;
      for (std::size_t i = groups[last].from; i < groups[last].to && possible; ++i) {
        value = value * 10 + static_cast<std::uint64_t>(text[i] - '0');
        digits[count++] = text[i];
        possible = count != kStartDigits || starts_[value];
      }
      if (!possible || last == first || count < kFewestDigits || is_exponent(text, groups[last].to)) continue;
      const auto known = numbers_.find(value);
      if (known == numbers_.end()) continue;
      for (const Number& number : known->second) {
        if (number.digits != std::string_view(digits.data(), count)) continue;
        if (found.size() >= most) return false;
        found.push_back({groups[first].from, number.pattern, static_cast<std::uint32_t>(groups[last].to - groups[first].from)});
      }
    }
  }
  return true;
}

}  // namespace klik::traffic
