#include "traffic/pattern_search.h"

#include <algorithm>
#include <bit>
#include <span>

namespace klik::traffic {
namespace {

constexpr std::size_t kLong = 8;           // bytes of a literal that allow windows of kWidth and steps of three
constexpr unsigned kWidth = 6, kNarrow = 4;
constexpr std::size_t kMostOffsets = 24;   // tried for a literal's windows
constexpr std::uint32_t kPoor = 64;        // weighs as much as so many literals more in a bucket

// Windows are compared without the bit that parts capitals from small letters; literals then are as they say.
constexpr std::uint64_t kCaseBits = 0x2020202020202020;

// `width` bytes from `at` on, case apart. REQUIRES: they are there.
std::uint64_t window_at(std::string_view text, std::uint64_t at, unsigned width) {
  std::uint64_t window = 0;
  for (unsigned i = 0; i < width; ++i) window |= std::uint64_t{static_cast<std::uint8_t>(text[at + i])} << (8 * i);
  return (window | kCaseBits) & (~std::uint64_t{0} >> (64 - 8 * width));
}

bool same(std::string_view text, std::string_view literal, bool any_case) {
  if (!any_case) return text == literal;
  return std::ranges::equal(text, literal, [](char t, char l) { return t == l || (l >= 'a' && l <= 'z' && t == static_cast<char>(l ^ 32)); });
}

// Its highest bits are good ones.
std::uint64_t hash(std::uint64_t window) { return window * 0x9e3779b97f4a7c15u; }

// The bits of a window in its word of the filter; the word is chosen by bits above them.
std::uint64_t filter_bits(std::uint64_t hash) { return std::uint64_t{1} << (hash >> 34 & 63) | std::uint64_t{1} << (hash >> 28 & 63); }

bool is_ascii(std::string_view text) {
  std::uint8_t all = 0;
  for (const char c : text) all = static_cast<std::uint8_t>(all | static_cast<std::uint8_t>(c));
  return all < 0x80;
}

// Runs of zeros and blanks, and numbers, stand in many texts.
bool poor(std::string_view window) {
  const bool one = std::ranges::count(window, window.front()) + 1 >= std::ssize(window);
  return one || std::ranges::all_of(window, [](char c) { return c >= '0' && c <= '9'; });
}

}  // namespace

PatternSearch::Group::Group(const std::vector<Literal>& literals, const std::vector<std::uint32_t>& members, std::size_t shortest)
    : width_(shortest >= kLong ? kWidth : static_cast<unsigned>(std::min<std::size_t>(shortest, kNarrow))), step_(static_cast<unsigned>(std::min<std::size_t>(shortest, kLong)) - width_ + 1) {
  // One to two buckets a window, and sixteen bits of filter for each.
  const unsigned bucket_bits = static_cast<unsigned>(std::bit_width(members.size() * step_));
  bucket_shift_ = 64 - bucket_bits;
  word_shift_ = std::min(bucket_shift_ + 2, 63u);
  filter_.resize(std::size_t{1} << (64 - word_shift_));
  std::vector<std::uint32_t> load(std::size_t{1} << bucket_bits);
  std::vector<Entry> chosen;
  chosen.reserve(members.size() * step_);
  for (const std::uint32_t pattern : members) {
    const std::uint32_t first = best_offset(literals[pattern].bytes, load);
    for (std::uint32_t offset = first; offset < first + step_; ++offset) {
      const std::uint64_t window = window_at(literals[pattern].bytes, offset, width_), h = hash(window);
      filter_[h >> word_shift_] |= filter_bits(h);
      ++load[h >> bucket_shift_];
      chosen.push_back({window, pattern, offset});
    }
  }
  bucket_end_.resize(load.size());
  std::uint32_t end = 0;
  for (std::size_t bucket = 0; bucket < load.size(); ++bucket) {
    bucket_end_[bucket] = end;   // where it begins: filling moves it to the end
    end += load[bucket];
  }
  entries_.resize(chosen.size());
  for (const Entry& entry : chosen) entries_[bucket_end_[hash(entry.window) >> bucket_shift_]++] = entry;
}

// Where the windows of a literal begin that share their buckets with the fewest others.
std::uint32_t PatternSearch::Group::best_offset(std::string_view literal, const std::vector<std::uint32_t>& load) const {
  std::uint32_t best = 0, best_weight = ~std::uint32_t{0};
  const std::size_t places = literal.size() - width_ - step_ + 2;
  for (std::uint32_t first = 0; first < std::min(places, kMostOffsets) && best_weight > 0; ++first) {
    std::uint32_t weight = 0;
    for (std::uint32_t offset = first; offset < first + step_; ++offset)
      weight += load[hash(window_at(literal, offset, width_)) >> bucket_shift_] + (poor(literal.substr(offset, width_)) ? kPoor : 0);
    if (weight >= best_weight) continue;
    best_weight = weight;
    best = first;
  }
  return best;
}

// Tells the literals whose window stands at `at`. False when there are too many.
bool PatternSearch::Group::compare(std::string_view text, std::uint64_t at, std::uint64_t window, const std::vector<Literal>& literals, std::size_t most, Found& found) const {
  const std::uint64_t bucket = hash(window) >> bucket_shift_;
  for (std::uint32_t i = bucket == 0 ? 0 : bucket_end_[bucket - 1]; i < bucket_end_[bucket]; ++i) {
    const Entry& entry = entries_[i];
    if (entry.window != window || entry.offset > at) continue;
    const Literal& literal = literals[entry.pattern];
    if (!same(text.substr(at - entry.offset, literal.bytes.size()), literal.bytes, literal.any_case)) continue;
    if (found.matches.size() >= most) {
      found.cut = true;
      return false;
    }
    found.matches.push_back({at - entry.offset, entry.pattern});
  }
  return true;
}

void PatternSearch::Group::find(Bytes text, const std::vector<Literal>& literals, std::size_t most, Found& found) const {
  const std::uint64_t mask = (std::uint64_t{1} << (8 * width_)) - 1;
  const std::span<const std::uint64_t> filter = filter_;
  const unsigned shift = word_shift_, step = step_;
  const auto may_hold = [&](std::uint64_t window) {
    const std::uint64_t h = hash(window), bits = filter_bits(h);
    return (filter[h >> shift] & bits) == bits;
  };
  std::uint64_t at = 0;
  for (; text.size() >= 8 && at <= text.size() - 8; at += step) {
    const std::uint64_t window = (std::uint64_t{*text.get<U64le>(at)} | kCaseBits) & mask;
    if (may_hold(window) && !compare(text.text(), at, window, literals, most, found)) return;
  }
  for (; text.size() >= width_ && at <= text.size() - width_; at += step) {
    const std::uint64_t window = window_at(text.text(), at, width_);
    if (may_hold(window) && !compare(text.text(), at, window, literals, most, found)) return;
  }
}

PatternSearch::PatternSearch(std::vector<std::string> literals, std::vector<bool> any_case) {
  any_case.resize(literals.size());
  literals_.reserve(literals.size());
  for (std::size_t i = 0; i < literals.size(); ++i) literals_.push_back({std::move(literals[i]), any_case[i]});
  for (const bool plain : {true, false}) {
    // A few short literals would make the steps of all of them short.
    std::vector<std::uint32_t> longer, shorter;
    std::size_t shortest = kLong;
    for (std::uint32_t i = 0; i < literals_.size(); ++i) {
      if (plain && !is_ascii(literals_[i].bytes)) continue;
      (literals_[i].bytes.size() >= kLong ? longer : shorter).push_back(i);
      shortest = std::min(shortest, literals_[i].bytes.size());
    }
    std::vector<Group>& groups = plain ? plain_ : all_;
    if (!longer.empty()) groups.emplace_back(literals_, longer, kLong);
    if (!shorter.empty()) groups.emplace_back(literals_, shorter, shortest);
  }
}

PatternSearch::Found PatternSearch::find(Bytes text, std::size_t most) const {
  Found found;
  for (const Group& group : is_ascii(text.text()) ? plain_ : all_)
    if (!found.cut) group.find(text, literals_, most, found);
  std::ranges::sort(found.matches);
  return found;
}

}  // namespace klik::traffic
