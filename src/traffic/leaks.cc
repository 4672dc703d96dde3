#include "traffic/leaks.h"

#include <algorithm>
#include <iterator>
#include <optional>
#include <tuple>
#include <utility>

#include "traffic/around.h"
#include "traffic/coordinate_forms.h"
#include "traffic/find_bounds.h"
#include "traffic/leak_hits.h"
#include "traffic/operator_forms.h"
#include "traffic/utdid.h"

namespace klik::traffic {
namespace {

constexpr std::size_t kMostMatches = 65'536;     // in one node
constexpr std::size_t kMostLeaks = 4'096;        // in one content
constexpr std::size_t kMostSeen = 16'384;        // connections with finds in their open message
constexpr std::size_t kKeyDistance = 32;         // bytes before a form in which its key may stand

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool is_hex(char c) { return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }

// Whether a character is of one thing with the end of a text that it stands beside.
bool belongs(Neighbours kind, char c, char end) {
  switch (kind) {
    case Neighbours::digits: return is_digit(c);
    case Neighbours::hex: return is_hex(c);
    case Neighbours::word: return is_digit(c) || is_letter(c);
    case Neighbours::number: return is_digit(c) && is_digit(end);
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

// "operator" of "request.body/json.list[2].operator[0]".
std::string_view last_name(std::string_view path) {
  while (path.ends_with(']')) path = path.substr(0, std::min(path.rfind('['), path.size()));
  return path.substr(path.find_last_of("./") + 1);
}

// Whether a number is the value of a name that holds one of the words: in the text around it, or as the format around it says.
bool is_named(std::string_view text, std::uint64_t from, std::uint64_t to, const Node::Spot& spot, std::span<const std::string_view> words) {
  if (to + 1 < text.size() && text[to] == '.' && is_digit(text[to + 1])) return false;
  if (holds_word(name_before(text, from), words)) return true;
  return from == spot.at && holds_word(last_name(spot.path), words);
}

}  // namespace

LeakSearch LeakSearch::of(std::span<const Identifier> identifiers, std::span<const Salt> salts, const UnwrapLimits& limits) {
  std::vector<Form> forms = forms_of(identifiers, salts);
  std::vector<std::string> literals;
  literals.reserve(forms.size());
  std::vector<std::uint32_t> searched;
  std::vector<bool> any_case;
  HexRunSearch digests;
  NumberRunSearch numbers;
  for (std::uint32_t i = 0; i < forms.size(); ++i) {
    if (forms[i].in_groups) {
      numbers.add(forms[i].bytes, i);
      continue;
    }
    if (forms[i].neighbours == Neighbours::hex && !forms[i].any_case && HexRunSearch::takes(forms[i].bytes)) {
      if (forms[i].tail == Tail::hex_digest) digests.add_digest(forms[i].whole, i, !forms[i].rare);
      else digests.add(forms[i].bytes, i);
      continue;
    }
    literals.push_back(forms[i].bytes);
    any_case.push_back(forms[i].any_case);
    searched.push_back(i);
  }
  return LeakSearch({identifiers.begin(), identifiers.end()}, std::move(forms), std::move(searched), PatternSearch(std::move(literals), std::move(any_case)), std::move(digests), std::move(numbers), limits);
}

LeakSearch::LeakSearch(std::vector<Identifier> identifiers, std::vector<Form> forms, std::vector<std::uint32_t> searched, PatternSearch patterns, HexRunSearch digests, NumberRunSearch numbers, const UnwrapLimits& limits)
    : identifiers_(std::move(identifiers)), forms_(std::move(forms)), searched_(std::move(searched)), patterns_(std::move(patterns)), digests_(std::move(digests)), numbers_(std::move(numbers)), limits_(limits) {}

// Whether what stands around the bytes makes them the identifier. May lengthen the hit and its name.
bool LeakSearch::accepted(const Form& form, const Node& node, const Node::Spot& spot, LeakHit& hit) const {
  const std::string_view text = node.bytes.text().substr(spot.at, spot.length);
  const std::uint64_t from = hit.from - spot.at;
  std::uint64_t to = hit.to - spot.at;
  const std::string& written = form.whole.empty() ? form.bytes : form.whole;
  const char first = written.front(), last = written.back();
  if (const auto around = around_encoded(form, text, from, to)) {
    hit.leak.weak = form.weak;
    if ((form.tail == Tail::utf16le || form.tail == Tail::utf16be) && !is_in_byte_order(text, from, to, form.tail == Tail::utf16be)) return false;
    return around->same && !(around->before && belongs(form.neighbours, *around->before, first)) && !(around->after && belongs(form.neighbours, *around->after, last));
  }
  const char before = from > 0 ? text[from - 1] : ' ';
  if (belongs(form.neighbours, before, first)) return false;
  if (form.neighbours == Neighbours::hex && is_part_of_longer_address(text, from, to)) return false;
  switch (form.tail) {
    default: break;
    case Tail::hex_digest: {
      // The search found that it is all of the run, or that the run is its start or end.
      const std::string_view run = text.substr(from, to - from);
      const auto digits = static_cast<std::size_t>(std::ranges::count_if(run, is_hex));
      if (digits < form.whole.size() && form.whole.find_first_not_of('0') == form.whole.size() - digits) hit.leak.form += ".number";
      else if (digits < form.whole.size()) hit.leak.form += (form.whole.starts_with(hex_digits_of(run)) ? "." : ".last") + std::to_string(digits);
      if (digits != run.size()) hit.leak.form += run.contains(':') || digits * 3 == run.size() + 1 ? ".bytes" : ".uuid";
      break;
    }
    case Tail::raw_digest: {
      const std::size_t same = common(form.whole, text.substr(from));
      std::size_t taken = same;
      if (same < form.whole.size()) {
        // Lengths in bytes that digests are cut to.
        constexpr std::size_t kCut[] = {8, 10, 12, 16, 20};
        taken = 0;
        for (const std::size_t bytes : kCut)
          if (bytes <= same) taken = bytes;
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
    case Tail::utdid: {
      if (hit.from < kUtdidMiddle) return false;
      const auto id = node.bytes.slice(hit.from - kUtdidMiddle, kUtdidBytes);
      if (!id || !is_utdid(*id)) return false;
      break;
    }
    case Tail::geohash: {
      to = from + common(form.whole, text.substr(from));
      hit.leak.form += "." + std::to_string(to - from);
      break;
    }
  }
  if (to < text.size() && belongs(form.neighbours, text[to], last)) return false;
  // Digits with a point or a minus around them are another number.
  if (form.neighbours == Neighbours::digits && is_degrees(form.axis) && form.tail == Tail::none && (before == '.' || (before == '-' && form.bytes[0] != '-'))) return false;
  const bool short_hash = form.tail == Tail::geohash && to - from < 8;
  if (form.own_name && !is_named(node.bytes.text(), hit.from, spot.at + to, spot, key_words(hit.leak.kind))) return false;
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

PatternSearch::Found LeakSearch::matches(Bytes bytes) const {
  PatternSearch::Found found = patterns_.find(bytes, kMostMatches);
  for (PatternSearch::Match& match : found.matches) match.pattern = searched_[match.pattern];
  found.cut |= !digests_.find(bytes, found.matches, 2 * kMostMatches);
  found.cut |= !numbers_.find(bytes, found.matches, 3 * kMostMatches);
  return found;
}

std::vector<LeakHit> LeakSearch::look(const Node& node, const char*& over) const {
  const PatternSearch::Found found = matches(node.bytes);
  if (found.cut && !over) over = "matches";
  std::vector<LeakHit> here;
  for (const PatternSearch::Match& match : found.matches) {
    const Form& form = forms_[match.pattern];
    const std::uint64_t length = match.length > 0 ? match.length : form.bytes.size();
    LeakHit hit{.leak = {form.identifier, identifiers_[form.identifier].kind, form.name, {}, {}, false}, .axis = form.axis, .second_reading = node.second_reading, .from = match.at, .to = match.at + length};
    const auto spot = node.spot(hit.from, length);
    if (!spot || (spot->later == Later::undone && form.encoding) || !accepted(form, node, *spot, hit)) continue;
    hit.tried = spot->later == Later::tried && (form.encoding || form.tail == Tail::utf16le || form.tail == Tail::utf16be);
    hit.leak.path = spot->path;
    here.push_back(std::move(hit));
  }
  // Of finds of one identifier that lie in one another, the longest.
  std::ranges::stable_sort(here, [](const LeakHit& a, const LeakHit& b) { return std::tie(a.leak.identifier, a.axis, a.from, b.to) < std::tie(b.leak.identifier, b.axis, b.from, a.to); });
  std::size_t kept = 0;
  for (LeakHit& hit : here) {
    if (kept > 0 && here[kept - 1].leak.identifier == hit.leak.identifier && here[kept - 1].axis == hit.axis && hit.to <= here[kept - 1].to) continue;
    if (&hit != &here[kept]) here[kept] = std::move(hit);
    ++kept;
  }
  here.resize(kept);
  return here;
}

bool LeakSearch::holds(std::string_view text) {
  bool found = false;
  const char* over = nullptr;
  (void)unwrap(Bytes::of(text), "text", {}, limits_, [&](const Node& node) {
    found = found || std::ranges::any_of(look(node, over), [](const LeakHit& hit) { return !hit.leak.weak; });
  });
  return found;
}

std::vector<Leak> LeakSearch::in_text(std::string_view text) {
  std::vector<LeakHit> hits;
  const char* over = nullptr;
  (void)unwrap(Bytes::of(text), "text", {}, limits_, [&](const Node& node) { std::ranges::move(look(node, over), std::back_inserter(hits)); });
  keep_best(hits);
  std::set<Leak> leaks;
  for (const LeakHit& hit : hits)
    if (!hit.leak.weak && hit.axis == Axis::none) leaks.insert(hit.leak);
  return {leaks.begin(), leaks.end()};
}

bool LeakSearch::names(std::string_view name) const {
  const PatternSearch::Found found = matches(Bytes::of(name));
  return std::ranges::any_of(found.matches, [&](const PatternSearch::Match& match) {
    const Form& form = forms_[match.pattern];
    const std::uint64_t end = match.at + (match.length > 0 ? match.length : form.bytes.size());
    return (form.tail == Tail::none || form.tail == Tail::hex_digest) && !(match.at > 0 && belongs(form.neighbours, name[match.at - 1], form.bytes.front())) && !(end < name.size() && belongs(form.neighbours, name[end], form.bytes.back()));
  });
}

std::vector<LeakSearch::Place> LeakSearch::places(Bytes bytes) {
  std::vector<Place> places;
  const char* over = nullptr;
  bool begun = false, within = false;
  (void)unwrap(bytes, "bytes", {}, limits_, [&](const Node& node) {
    const std::vector<LeakHit> hits = look(node, over);
    if (std::exchange(begun, true)) within = within || !hits.empty();
    else for (const LeakHit& hit : hits) places.push_back({hit.from, hit.to});
  });
  if (within || over) return {{0, bytes.size()}};
  return places;
}

LeakSearch::Found LeakSearch::search(const Connection& on, const Content& content) {
  Found found;
  std::string path(content.place);
  if (!content.name.empty()) path.append(".").append(path_name(content.name));
  if (!content.coding.empty()) path.append("/").append(content.coding);
  std::vector<LeakHit> hits;
  bool first = true;
  const Unwrapped unwrapped = unwrap(content.bytes, std::move(path), content.type, limits_, [&](const Node& node) {
    if (hits.size() >= kMostLeaks) {
      found.over = "leaks";
      return;
    }
    std::vector<LeakHit> here = look(node, found.over);
    // The first node is the content itself.
    if (std::exchange(first, false) && content.shown > 0) std::erase_if(here, [&](const LeakHit& hit) { return hit.to <= content.shown; });
    fold_alike(here);
    if (here.size() > kMostLeaks - hits.size()) {
      here.resize(kMostLeaks - hits.size());
      found.over = "leaks";
    }
    std::ranges::move(here, std::back_inserter(hits));
  });
  if (!found.over) found.over = unwrapped.over;
  found.closed = unwrapped.closed;
  found.held = !hits.empty();
  if (hits.empty()) {
    // A later message ends what an earlier one was waiting for.
    if (const auto seen = seen_.find(on.number); seen != seen_.end() && seen->second.message != content.message) seen_.erase(seen);
    return found;
  }
  keep_best(hits);
  fold_alike(hits);
  if (seen_.size() >= kMostSeen) seen_.clear();
  Seen& seen = seen_[on.number];
  if (seen.message != content.message) seen = {content.message, {}, {}, {}};
  // A stream that nobody reads goes on for hours: there the two halves of a place must stand near one another.
  if (content.place == kStreamPlace) seen.axes.clear(), seen.waiting.clear();
  for (LeakHit& hit : hits) {
    hit.leak.place = content.place;
    if (hit.axis != Axis::none) {
      std::uint8_t& axes = seen.axes[hit.leak.identifier];
      axes = static_cast<std::uint8_t>(axes | (is_first(hit.axis) ? 1 : 2));
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
