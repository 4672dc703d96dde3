#include "ledger/rules.h"

#include <algorithm>

#include "base/hash.h"

namespace klik {
namespace {

template <class Words>
bool is_one_of(std::string_view word, const Words& words) {
  return std::ranges::find(words, word) != std::end(words);
}

}  // namespace

int severity_rank(std::string_view word) {
  const auto found = std::ranges::find(kSeverityWords, word);
  return found == std::end(kSeverityWords) ? -1 : static_cast<int>(found - std::begin(kSeverityWords));
}

ParsedRule parse_rule(std::string_view file_name, std::string_view text) {
  ParsedRule parsed;
  Rule& rule = parsed.rule;
  std::string needs;
  const SqlFileKey keys[] = {{"rule", &rule.id}, {"theme", &rule.theme}, {"severity", &rule.severity}, {"strength", &rule.strength}, {"title.en", &rule.title.en}, {"title.nl", &rule.title.nl},
                             {"says.en", &rule.says.en}, {"says.nl", &rule.says.nl}, {"explain.en", &rule.explain.en}, {"explain.nl", &rule.explain.nl}, {"reference", &rule.reference},
                             {"limits", &rule.limits}, {"needs", &needs}};
  rule.sql = read_sql_file(text, keys, parsed.errors);
  rule.needs = comma_list(needs);
  const auto wrong = [&](std::string what) { parsed.errors.push_back(std::move(what)); };
  if (!is_plain_name(rule.id) || file_name != rule.id + ".sql") wrong("'rule' is not the name of the file");
  if (!is_one_of(rule.theme, kRuleThemes)) wrong("unknown theme '" + rule.theme + "'");
  if (!is_one_of(rule.severity, kSeverityWords)) wrong("unknown severity '" + rule.severity + "'");
  if (!is_one_of(rule.strength, kStrengthWords)) wrong("unknown strength '" + rule.strength + "'");
  for (const auto& [words, name] : {std::pair{&rule.title, "title"}, {&rule.explain, "explain"}})
    if (words->en.empty() || words->nl.empty()) wrong(std::string("lacks ") + name + ".en or " + name + ".nl");
  if (rule.says.en.empty() != rule.says.nl.empty()) wrong("lacks says.en or says.nl");
  if (rule.reference.empty()) wrong("lacks a reference");
  if (rule.needs.empty() || !std::ranges::all_of(rule.needs, is_plain_name)) wrong("'needs' is not a list of views");
  for (const std::string& view : rule.needs)
    if (rule.sql.find(view) == rule.sql.npos) wrong("needs '" + view + "', which its SQL does not name");
  for (std::string& error : parsed.errors) error = std::string(file_name) + ": " + error;
  return parsed;
}

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

std::vector<std::string_view> queries_of_rules() {
  std::vector<std::string_view> out;
  for (const Rule& r : rules()) out.push_back(r.sql);
  return out;
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
