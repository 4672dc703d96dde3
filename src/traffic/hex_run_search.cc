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

constexpr std::size_t kUuid = 36;   // RFC 9562 §4: 8-4-4-4-12
constexpr std::size_t kDashes[] = {8, 13, 18, 23};

bool is_uuid(std::string_view text) {
  for (std::size_t i = 0; i < kUuid; ++i)
    if (std::ranges::find(kDashes, i) != std::end(kDashes) ? text[i] != '-' : !is_hex(text[i])) return false;
  return true;
}

struct Range {
  std::size_t from = 0, to = 0;
};

// The UUID in which a run of digits stands.
Range uuid_around(std::string_view text, std::size_t start) {
  for (const std::size_t before : {0, 9, 14, 19, 24}) {
    if (before > start || text.size() - (start - before) < kUuid) continue;
    const std::size_t from = start - before, to = from + kUuid;
    if ((from > 0 && is_hex(text[from - 1])) || (to < text.size() && is_hex(text[to]))) continue;
    if (is_uuid(text.substr(from, kUuid))) return {from, to};
  }
  return {};
}

// The bytes with one sign between each two, in which a pair of digits stands.
Range pairs_around(std::string_view text, std::size_t start, std::size_t end, char sign) {
  const auto is_pair = [&](std::size_t at) { return at + 1 < text.size() && is_hex(text[at]) && is_hex(text[at + 1]); };
  while (start >= 3 && text[start - 1] == sign && is_pair(start - 3) && (start == 3 || !is_hex(text[start - 4]))) start -= 3;
  while (end < text.size() && text[end] == sign && is_pair(end + 1) && (end + 3 >= text.size() || !is_hex(text[end + 3]))) end += 3;
  return {start, end};
}

}  // namespace

std::string hex_digits_of(std::string_view text) {
  std::string out;
  for (const char c : text)
    if (is_hex(c)) out += c;
  return out;
}

bool HexRunSearch::takes(std::string_view literal) { return literal.size() >= kShortest && std::ranges::all_of(literal, is_hex); }

HexRunSearch::Key HexRunSearch::key_of(std::string_view fourteen) {
  const Bytes bytes = Bytes::of(fourteen);
  const auto low = bytes.get<U64le>(0), high = bytes.get<U64le>(kShortest - 8);
  return low && high ? Key{*low, *high} : Key{};
}

void HexRunSearch::add(std::string_view literal, std::uint32_t pattern) {
  starts_.emplace(key_of(literal), static_cast<std::uint32_t>(literals_.size()));
  literals_.push_back({std::string(literal), pattern, false});
}

void HexRunSearch::add_digest(std::string_view digest, std::uint32_t pattern, bool ends) {
  starts_.emplace(key_of(digest), static_cast<std::uint32_t>(literals_.size()));
  if (ends) ends_.emplace(key_of(digest.substr(digest.size() - kShortest)), static_cast<std::uint32_t>(literals_.size()));
  literals_.push_back({std::string(digest), pattern, true});
}

bool HexRunSearch::look_up(std::string_view run, std::uint64_t at, std::uint64_t length, std::vector<PatternSearch::Match>& found, std::size_t most) const {
  const bool parted = run.size() != length;
  const std::size_t before = found.size();
  for (auto [known, last] = starts_.equal_range(key_of(run)); known != last; ++known) {
    const Literal& literal = literals_[known->second];
    if (literal.digest ? !literal.digits.starts_with(run) : parted || !run.starts_with(literal.digits)) continue;
    if (found.size() >= most) return false;
    found.push_back({at, literal.pattern, static_cast<std::uint32_t>(literal.digest ? length : 0)});
  }
  for (auto [known, last] = ends_.equal_range(key_of(run.substr(run.size() - kShortest))); known != last; ++known) {
    const Literal& literal = literals_[known->second];
    if (run.size() == literal.digits.size() || !literal.digits.ends_with(run)) continue;
    if (found.size() >= most) return false;
    found.push_back({at, literal.pattern, static_cast<std::uint32_t>(length)});
  }
  // In the order of adding, whatever order equal keys have.
  std::ranges::sort(found.begin() + static_cast<std::ptrdiff_t>(before), found.end());
  return true;
}

bool HexRunSearch::find(Bytes bytes, std::vector<PatternSearch::Match>& found, std::size_t most) const {
  const std::string_view text = bytes.text();
  if (literals_.empty()) return true;
  // A run of so many covers one of any so many places, so the others need no look. Parts of a UUID and pairs are shorter, but more of them follow
  // on one another than two looks lie apart.
  for (std::size_t at = kShortest - 1; at < text.size(); at += kShortest) {
    // A look may fall on the sign between two parts.
    if (!is_hex(text[at]) && (text[at] == ':' || text[at] == '-')) --at;
    if (!is_hex(text[at])) continue;
    std::size_t start = at, end = at + 1;
    while (start > 0 && is_hex(text[start - 1])) --start;
    while (end < text.size() && is_hex(text[end])) ++end;
    if (end - start >= kShortest) {
      if (!look_up(text.substr(start, end - start), start, end - start, found, most)) return false;
    } else if (end - start == 2 || end - start == 4 || end - start == 8 || end - start == 12) {
      const char sign = end < text.size() ? text[end] : ' ', before = start > 0 ? text[start - 1] : ' ';
      Range whole;
      if (end - start == 2 && (sign == ':' || before == ':')) whole = pairs_around(text, start, end, ':');
      else if (end - start == 2 && (sign == '-' || before == '-')) whole = pairs_around(text, start, end, '-');
      else if (sign == '-' || before == '-') whole = uuid_around(text, start);
      if (whole.to > whole.from) {
        const std::string run = hex_digits_of(text.substr(whole.from, whole.to - whole.from));
        if (run.size() >= kShortest && !look_up(run, whole.from, whole.to - whole.from, found, most)) return false;
        end = std::max(end, whole.to);
      }
    }
    // Goes on behind the run; no run is walked twice.
    at = end - 1;
  }
  return true;
}

}  // namespace klik::traffic
