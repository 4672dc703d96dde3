#include "traffic/leaks.h"

#include <algorithm>
#include <tuple>

#include "traffic/coordinate_forms.h"

namespace klik::traffic {
namespace {

constexpr std::size_t kMostMatches = 65'536;     // in one node
constexpr std::size_t kMostLeaks = 4'096;        // in one content
constexpr std::size_t kMostSeen = 16'384;        // connections with finds in their open message
constexpr std::size_t kKeyDistance = 32;         // bytes before a form in which its key may stand

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool is_hex(char c) { return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }

bool belongs(Neighbours kind, char c) {
  switch (kind) {
    case Neighbours::digits: return is_digit(c);
    case Neighbours::hex: return is_hex(c);
    case Neighbours::word: return is_digit(c) || is_letter(c);
    case Neighbours::any: break;
  }
  return false;
}

bool holds_word(std::string_view text, std::span<const std::string_view> words) {
  std::string folded(text);
  for (char& c : folded)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
  return std::ranges::any_of(words, [&](std::string_view word) { return folded.contains(word); });
}

// How many characters of two texts are equal from the start.
std::size_t common(std::string_view a, std::string_view b) {
  return static_cast<std::size_t>(std::ranges::mismatch(a, b).in1 - a.begin());
}

}  // namespace

struct LeakSearch::Hit {
  Leak leak;
  Axis axis;
  bool encoded;                    // an encoding of the text, which another node may show undone
  std::uint64_t from, to;          // in the node
};

Result<LeakSearch> LeakSearch::of(std::span<const Identifier> identifiers, const UnwrapLimits& limits) {
  std::vector<Form> forms = forms_of(identifiers);
  std::vector<std::string> literals;
  literals.reserve(forms.size());
  for (const Form& f : forms) literals.push_back(f.bytes);
  KLIK_TRY(PatternSearch patterns, PatternSearch::of(literals));
  return LeakSearch({identifiers.begin(), identifiers.end()}, std::move(forms), std::move(patterns), limits);
}

LeakSearch::LeakSearch(std::vector<Identifier> identifiers, std::vector<Form> forms, PatternSearch patterns, const UnwrapLimits& limits)
    : identifiers_(std::move(identifiers)), forms_(std::move(forms)), patterns_(std::move(patterns)), limits_(limits) {}

// Whether what stands around the bytes makes them the identifier. May lengthen the hit and its name.
bool LeakSearch::accepted(const Form& form, const Node& node, const Node::Spot& spot, Hit& hit) const {
  const std::string_view text = node.bytes.text().substr(spot.at, spot.length);
  const std::uint64_t from = hit.from - spot.at;
  std::uint64_t to = hit.to - spot.at;
  const char before = from > 0 ? text[from - 1] : ' ';
  if (belongs(form.neighbours, before)) return false;
  switch (form.tail) {
    case Tail::none: break;
    case Tail::hex_digest:
    case Tail::raw_digest: {
      const std::size_t same = common(form.whole, text.substr(from));
      std::size_t taken = same;
      if (same < form.whole.size()) {
        // Lengths in bytes that digests are cut to.
        constexpr std::size_t kCut[] = {8, 10, 12, 16, 20};
        const std::size_t unit = form.tail == Tail::hex_digest ? 2 : 1;
        taken = 0;
        for (const std::size_t bytes : kCut)
          if (bytes * unit <= same) taken = bytes * unit;
        if (form.tail == Tail::hex_digest && taken != same) return false;
        hit.leak.form += "." + std::to_string(taken);
      }
      to = from + taken;
      break;
    }
    case Tail::decimals: {
      while (to < text.size() && is_digit(text[to]) && to - from < 24) ++to;
      if (before == '.' || (before == '-' && form.whole[0] != '-') || !same_degrees(form.whole, text.substr(from, to - from))) return false;
      break;
    }
    case Tail::imei: {
      const std::string_view rest = text.substr(to, 3);
      const auto digits = static_cast<std::size_t>(std::ranges::find_if_not(rest, is_digit) - rest.begin());
      if (digits == 1 || digits > 2) return false;
      if (digits == 2) hit.leak.form = "imei.sv";
      to += digits;
      break;
    }
    case Tail::geohash: {
      to = from + common(form.whole, text.substr(from));
      hit.leak.form += "." + std::to_string(to - from);
      break;
    }
  }
  if (to < text.size() && belongs(form.neighbours, text[to])) return false;
  // Digits with a point or a minus around them are another number.
  if (form.neighbours == Neighbours::digits && form.axis != Axis::none && form.tail == Tail::none && (before == '.' || (before == '-' && form.bytes[0] != '-'))) return false;
  const bool short_hash = form.tail == Tail::geohash && to - from < 8;
  if (form.needs_key || short_hash) {
    const std::uint64_t start = from < kKeyDistance ? 0 : from - kKeyDistance;
    const auto words = key_words(hit.leak.kind);
    if (!holds_word(text.substr(start, from - start), words) && !holds_word(spot.path, words)) {
      // The key of a value stands before it in the node, outside the value.
      const std::uint64_t outer = hit.from < kKeyDistance ? 0 : hit.from - kKeyDistance;
      if (!holds_word(node.bytes.text().substr(outer, hit.from - outer), words)) return false;
    }
  }
  hit.leak.weak = form.weak || short_hash;
  hit.to = spot.at + to;
  return true;
}

void LeakSearch::look(const Node& node, std::vector<Hit>& hits, const char*& over) {
  const PatternSearch::Found found = patterns_.find(node.bytes, kMostMatches);
  if (found.cut && !over) over = "matches";
  std::vector<Hit> here;
  for (const PatternSearch::Match& match : found.matches) {
    const Form& form = forms_[match.pattern];
    Hit hit{{form.identifier, identifiers_[form.identifier].kind, form.name, {}, {}, false}, form.axis, form.encoding, match.at, match.at + form.bytes.size()};
    const auto spot = node.spot(hit.from, form.bytes.size());
    if (!spot || (spot->undone && form.encoding) || !accepted(form, node, *spot, hit)) continue;
    hit.leak.path = spot->path;
    here.push_back(std::move(hit));
  }
  // Of finds of one identifier that lie in one another, the longest.
  std::ranges::stable_sort(here, [](const Hit& a, const Hit& b) { return std::tie(a.leak.identifier, a.axis, a.from, b.to) < std::tie(b.leak.identifier, b.axis, b.from, a.to); });
  const Hit* around = nullptr;
  for (const Hit& hit : here) {
    if (around && around->leak.identifier == hit.leak.identifier && around->axis == hit.axis && hit.to <= around->to) continue;
    around = &hit;
    hits.push_back(hit);
  }
}

LeakSearch::Found LeakSearch::search(const Connection& on, const Content& content) {
  Found found;
  std::string path(content.place);
  if (!content.name.empty()) path.append(".").append(path_name(content.name));
  if (!content.coding.empty()) path.append("/").append(content.coding);
  std::vector<Hit> hits;
  const Unwrapped unwrapped = unwrap(content.bytes, std::move(path), content.type, limits_, [&](const Node& node) {
    if (hits.size() < kMostLeaks) look(node, hits, found.over);
    else found.over = "leaks";
  });
  if (!found.over) found.over = unwrapped.over;
  if (hits.empty()) {
    // A later message ends what an earlier one was waiting for.
    if (const auto seen = seen_.find(on.number); seen != seen_.end() && seen->second.message != content.message) seen_.erase(seen);
    return found;
  }
  if (seen_.size() >= kMostSeen) seen_.clear();
  Seen& seen = seen_[on.number];
  if (seen.message != content.message) seen = {content.message, {}, {}, {}};
  for (Hit& hit : hits) {
    hit.leak.place = content.place;
    if (hit.axis != Axis::none) {
      std::uint8_t& axes = seen.axes[hit.leak.identifier];
      axes |= hit.axis == Axis::latitude ? 1 : 2;
      if (axes != 3) {
        if (seen.waiting.size() < kMostLeaks) seen.waiting.push_back(std::move(hit.leak));
        continue;
      }
    }
    if (seen.told.insert(hit.leak).second) found.leaks.push_back(std::move(hit.leak));
  }
  std::erase_if(seen.waiting, [&](const Leak& leak) {
    if (seen.axes[leak.identifier] != 3) return false;
    if (seen.told.insert(leak).second) found.leaks.push_back(leak);
    return true;
  });
  std::ranges::sort(found.leaks);
  return found;
}

}  // namespace klik::traffic
