#include "compare/phrases.h"

#include <algorithm>

namespace klik::compare {
namespace {

// What klikspaan writes is short; a longer value is mostly the phone's, and hostile ones must not cost more than they are worth.
constexpr std::size_t kLongest = 4096, kMostEnds = 64;

bool is_edge(char c) { return c == ' ' || c == ',' || c == ';' || c == ':'; }

// Where a phrase may end: before ", " and "; ", behind the "." of ". ", and at the end.
std::size_t next_end(std::string_view text, std::size_t from) {
  for (std::size_t i = from; i + 1 < text.size(); ++i) {
    if (text[i + 1] != ' ') continue;
    if (text[i] == ',' || text[i] == ';') return i;
    if (text[i] == '.') return i + 1;
  }
  return text.size();
}

}  // namespace

std::vector<std::string> Phrases::around_holes(std::string_view phrase) {
  std::vector<std::string> out;
  for (;;) {
    const auto hole = phrase.find("{}");
    out.emplace_back(phrase.substr(0, hole));
    if (hole == phrase.npos) return out;
    phrase.remove_prefix(hole + 2);
  }
}

Phrases::Phrases(const std::vector<std::pair<std::string, std::string>>& phrases) {
  for (const auto& [english, dutch] : phrases) {
    if (!english.contains("{}")) {
      whole_.emplace(english, dutch);
      continue;
    }
    Pattern p{around_holes(english), around_holes(dutch)};
    for (const std::string& part : p.parts) p.said += part.size();
    if (p.said > 0 && p.parts.size() == p.dutch.size()) patterns_.push_back(std::move(p));
  }
  std::ranges::sort(patterns_, [](const Pattern& x, const Pattern& y) { return x.said != y.said ? x.said > y.said : x.parts < y.parts; });
}

std::optional<std::string> Phrases::filled(const Pattern& pattern, std::string_view text) {
  const std::string &first = pattern.parts.front(), &last = pattern.parts.back();
  if (text.size() < pattern.said || !text.starts_with(first) || !text.ends_with(last)) return std::nullopt;
  std::string_view inner = text.substr(first.size(), text.size() - first.size() - last.size());
  std::string out = pattern.dutch.front();
  for (std::size_t i = 1; i < pattern.parts.size(); ++i) {
    const bool at_end = i + 1 == pattern.parts.size();
    const std::size_t end = at_end ? inner.size() : inner.find(pattern.parts[i]);
    if (end == inner.npos) return std::nullopt;
    out += inner.substr(0, end);
    out += pattern.dutch[i];
    inner.remove_prefix(at_end ? end : end + pattern.parts[i].size());
  }
  return out;
}

std::optional<std::string> Phrases::around(std::string_view text) const {
  for (const Pattern& p : patterns_)
    if (auto out = filled(p, text)) return out;
  return std::nullopt;
}

std::optional<std::string> Phrases::find(std::string_view text) const {
  if (text.size() > kLongest) return std::nullopt;
  std::string out;
  bool any = false;
  std::size_t ends = 0;
  while (!text.empty()) {
    // Between phrases, and where a value goes on a sentence: ", with …".
    while (!text.empty() && is_edge(text.front())) {
      out += text.front();
      text.remove_prefix(1);
    }
    std::string_view core = text;
    while (!core.empty() && core.back() == ' ') core.remove_suffix(1);
    if (core.empty()) break;
    std::optional<std::string> found;
    std::size_t end = core.size();
    // Whole phrases first, the longest: what fits around a hole may be the middle of a sentence.
    for (std::size_t from = 0, tried = 0; tried < kMostEnds; ++tried) {
      const std::size_t at = next_end(core, from);
      if (const auto whole = whole_.find(core.substr(0, at)); whole != whole_.end()) found = whole->second, end = at;
      if (at == core.size()) break;
      from = at + 1;
    }
    for (std::size_t from = 0; !found && ends++ < kMostEnds;) {
      end = next_end(core, from);
      found = around(core.substr(0, end));
      if (end == core.size()) break;
      from = end + 1;
    }
    if (!found) break;
    any = true;
    out += *found;
    text.remove_prefix(end);
  }
  out += text;
  return any ? std::optional(out) : std::nullopt;
}

}  // namespace klik::compare
