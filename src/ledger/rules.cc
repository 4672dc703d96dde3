#include "ledger/rules.h"

#include <algorithm>

#include "base/hash.h"

namespace klik {
namespace {

std::string_view trimmed(std::string_view s) {
  while (!s.empty() && (s.front() == ' ' || s.front() == '\r')) s.remove_prefix(1);
  while (!s.empty() && (s.back() == ' ' || s.back() == '\r')) s.remove_suffix(1);
  return s;
}

template <class Words>
bool is_one_of(std::string_view word, const Words& words) {
  return std::ranges::find(words, word) != std::end(words);
}

bool is_name(std::string_view s) {
  return !s.empty() && std::ranges::all_of(s, [](char c) { return (c >= 'a' && c <= 'z') || c == '_' || (c >= '0' && c <= '9'); });
}

class RuleParser {
 public:
  explicit RuleParser(std::string_view file) : file_(file) {}

  ParsedRule parse(std::string_view text) {
    while (!text.empty()) {
      const auto end = text.find('\n');
      take(text.substr(0, end));
      text.remove_prefix(end == text.npos ? text.size() : end + 1);
    }
    finish();
    check();
    return std::move(parsed_);
  }

 private:
  void wrong(std::string what) { parsed_.errors.push_back(std::string(file_) + ": " + std::move(what)); }

  void take(std::string_view line) {
    Rule& rule = parsed_.rule;
    if (!line.starts_with("--")) {
      finish();
      if (rule.sql.empty() && trimmed(line).empty()) return;
      rule.sql.append(line).append("\n");
      return;
    }
    if (line.starts_with("--   ") && !key_.empty()) {
      value_.append(" ").append(trimmed(line.substr(2)));
      return;
    }
    finish();
    const auto colon = line.find(':');
    if (!rule.sql.empty() || !line.starts_with("-- ") || colon == line.npos) return;
    key_ = line.substr(3, colon - 3);
    value_ = trimmed(line.substr(colon + 1));
  }

  void finish() {
    if (key_.empty()) return;
    Rule& rule = parsed_.rule;
    struct Slot {
      std::string_view key;
      std::string* to;
    };
    const Slot slots[] = {{"rule", &rule.id}, {"theme", &rule.theme}, {"severity", &rule.severity}, {"strength", &rule.strength}, {"title.en", &rule.title.en}, {"title.nl", &rule.title.nl},
                          {"says.en", &rule.says.en}, {"says.nl", &rule.says.nl}, {"explain.en", &rule.explain.en}, {"explain.nl", &rule.explain.nl}, {"reference", &rule.reference}, {"limits", &rule.limits}};
    if (key_ == "needs") {
      std::string_view rest = value_;
      while (!rest.empty()) {
        const auto comma = rest.find(',');
        rule.needs.emplace_back(trimmed(rest.substr(0, comma)));
        rest.remove_prefix(comma == rest.npos ? rest.size() : comma + 1);
      }
    } else if (const auto slot = std::ranges::find(slots, key_, &Slot::key); slot == std::end(slots)) {
      wrong("unknown key '" + key_ + "'");
    } else if (!slot->to->empty()) {
      wrong("'" + key_ + "' is said twice");
    } else {
      *slot->to = value_;
    }
    key_.clear();
    value_.clear();
  }

  void check() {
    Rule& rule = parsed_.rule;
    while (!rule.sql.empty() && (rule.sql.back() == '\n' || rule.sql.back() == ';' || rule.sql.back() == ' ')) rule.sql.pop_back();
    if (!is_name(rule.id) || file_ != rule.id + ".sql") wrong("'rule' is not the name of the file");
    if (!is_one_of(rule.theme, kRuleThemes)) wrong("unknown theme '" + rule.theme + "'");
    if (!is_one_of(rule.severity, kSeverityWords)) wrong("unknown severity '" + rule.severity + "'");
    if (!is_one_of(rule.strength, kStrengthWords)) wrong("unknown strength '" + rule.strength + "'");
    for (const auto& [text, name] : {std::pair{&rule.title, "title"}, {&rule.explain, "explain"}})
      if (text->en.empty() || text->nl.empty()) wrong(std::string("lacks ") + name + ".en or " + name + ".nl");
    if (rule.says.en.empty() != rule.says.nl.empty()) wrong("lacks says.en or says.nl");
    if (rule.reference.empty()) wrong("lacks a reference");
    if (rule.needs.empty() || !std::ranges::all_of(rule.needs, is_name)) wrong("'needs' is not a list of views");
    for (const std::string& view : rule.needs)
      if (rule.sql.find(view) == rule.sql.npos) wrong("needs '" + view + "', which its SQL does not name");
    if (rule.sql.empty()) wrong("has no SQL");
  }

  std::string_view file_;
  std::string key_, value_;
  ParsedRule parsed_;
};

}  // namespace

int severity_rank(std::string_view word) {
  const auto found = std::ranges::find(kSeverityWords, word);
  return found == std::end(kSeverityWords) ? -1 : static_cast<int>(found - std::begin(kSeverityWords));
}

ParsedRule parse_rule(std::string_view file_name, std::string_view text) { return RuleParser(file_name).parse(text); }

const std::vector<Rule>& rules() {
  static const std::vector<Rule> all = [] {
    std::vector<Rule> made;
    for (const EmbeddedFile& file : embedded_rules()) {
      ParsedRule parsed = parse_rule(file.name, file.text);
      if (parsed.errors.empty()) made.push_back(std::move(parsed.rule));
    }
    std::ranges::sort(made, {}, &Rule::id);
    return made;
  }();
  return all;
}

const Rule* find_rule(std::string_view id) {
  const auto found = std::ranges::find(rules(), id, &Rule::id);
  return found == rules().end() ? nullptr : &*found;
}

std::string text_of_rules() {
  std::string text;
  for (const Rule& r : rules()) text += r.sql + "\n";
  return text;
}

const std::string& rules_digest() {
  static const std::string digest = [] {
    // In the order of names, whatever order the build embedded them in.
    std::vector<const EmbeddedFile*> files;
    for (const EmbeddedFile& file : embedded_rules()) files.push_back(&file);
    std::ranges::sort(files, {}, [](const EmbeddedFile* f) { return f->name; });
    Hasher hasher;
    for (const EmbeddedFile* f : files) hasher.update(Bytes::of(std::string(f->name) + " " + std::to_string(f->text.size()) + "\n" + std::string(f->text)));
    return hex(as_bytes(hasher.finish_sha256()));
  }();
  return digest;
}

}  // namespace klik
