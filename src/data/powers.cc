#include "data/powers.h"

#include <algorithm>
#include <charconv>

#include "data/table.h"

namespace klik::data {

}  // namespace klik::data

namespace klik {
std::span<const EmbeddedFile> embedded_powers();    // data/powers/*.txt
std::span<const EmbeddedFile> embedded_dynamic();   // data/dynamic/*.txt
}

namespace klik::data {

namespace {

ApiPattern parse_pattern(std::string_view text) {
  ApiPattern p;
  const std::size_t with = text.find(" with ");
  std::string_view method = text.substr(0, with);
  if (with != text.npos) p.arguments = items_of(text.substr(with + 6));
  const std::size_t arrow = method.find(";->");
  if (arrow == method.npos) return p;
  p.classes = items_of(method.substr(0, arrow));
  p.name = method.substr(arrow + 3);
  p.prefix = p.name.ends_with('*');
  if (p.prefix) p.name.remove_suffix(1);
  return p;
}

constexpr std::string_view kNone = "none";

void take(Power& p, std::string_view key, std::string_view value) {
  if (key == "title.en") p.title_en = value;
  else if (key == "title.nl") p.title_nl = value;
  else if (key == "over") p.over = value;
  else if (key == "explain.en") p.explain_en.push_back(value);
  else if (key == "explain.nl") p.explain_nl.push_back(value);
  else if (key == "uid") p.uids.push_back(value);
  else if (key == "capability") p.capabilities.push_back(value);
  else if (key == "call") p.calls.push_back(parse_pattern(value));
  else if (key == "receiver") p.receivers.push_back(value);
  else if (key == "service") p.services.push_back(value);
  else if (key == "extends") p.extends.push_back(value);
  else if (key == "native_text") p.native_texts.push_back(value);
  else if (key == "native") p.natives.push_back(value);
  else if (key == "all") p.all.push_back(items_of(value));
  else if (key == "manifest") p.needs_cleartext = value == "cleartext";
  else if (key == "texts") p.texts = value == "yes";
  else if (key == "guard") p.guard = true;
  else if (key == "right" && !value.starts_with(kNone)) p.rights.push_back(value);
  else if (key == "right") {
    p.none_until = 10'000;
    const std::vector<std::string_view> words = items_of(value);   // none until 29
    int level = 0;
    if (words.size() == 3 && std::from_chars(words[2].data(), words[2].data() + words[2].size(), level).ec == std::errc()) p.none_until = level;
  }
}

std::vector<Power> parse_all(std::span<const EmbeddedFile> files) {
  std::vector<Power> out;
  for (const EmbeddedFile& f : files) out.push_back(parse_power(f.name.substr(0, f.name.rfind('.')), f.text));
  std::ranges::sort(out, {}, &Power::id);
  return out;
}

}  // namespace

bool glob_matches(std::string_view pattern, std::string_view text) {
  // Only the last star needs to be returned to, so this is linear in practice and never worse than the product.
  std::size_t p = 0, t = 0, star = pattern.npos, mark = 0;
  while (t < text.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      mark = t;
    } else if (p < pattern.size() && pattern[p] == text[t]) {
      ++p, ++t;
    } else if (star != pattern.npos) {
      p = star + 1;
      t = ++mark;
    } else {
      return false;
    }
  }
  while (p < pattern.size() && pattern[p] == '*') ++p;
  return p == pattern.size();
}

bool ApiPattern::matches_name(std::string_view class_name, std::string_view method) const {
  return (prefix ? method.starts_with(name) : method == name) && std::ranges::find(classes, class_name) != classes.end();
}

bool ApiPattern::matches_argument(std::string_view constant) const {
  return arguments.empty() || std::ranges::any_of(arguments, [&](std::string_view glob) { return glob_matches(glob, constant); });
}

Power parse_power(std::string_view id, std::string_view text) {
  Power p;
  p.id = id;
  std::string_view key;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(end == text.npos ? text.size() : end + 1);
    if (line.empty() || line.starts_with('#')) continue;
    if (line.starts_with("  ")) {
      take(p, key, line.substr(2));
      continue;
    }
    const std::size_t colon = line.find(": ");
    if (colon == line.npos) continue;
    key = line.substr(0, colon);
    take(p, key, line.substr(colon + 2));
  }
  return p;
}

std::span<const Power> powers() {
  static const std::vector<Power> all = parse_all(embedded_powers());
  return all;
}

std::span<const Power> dynamic_kinds() {
  static const std::vector<Power> all = parse_all(embedded_dynamic());
  return all;
}

const Power* find_power(std::string_view id) {
  const auto at = std::ranges::lower_bound(powers(), id, {}, &Power::id);
  return at != powers().end() && at->id == id ? &*at : nullptr;
}

}  // namespace klik::data
