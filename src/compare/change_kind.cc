#include "compare/change_kind.h"

#include <algorithm>

#include "ledger/rules.h"

namespace klik {
std::span<const EmbeddedFile> embedded_changes();
}

namespace klik::compare {

std::span<const EmbeddedFile> change_files() { return embedded_changes(); }

ParsedChangeKind parse_change_kind(std::string_view file_name, std::string_view text) {
  ParsedChangeKind parsed;
  ChangeKind& kind = parsed.kind;
  std::string columns, needs;
  const SqlFileKey keys[] = {{"change", &kind.id}, {"theme", &kind.theme}, {"effect", &kind.effect}, {"severity", &kind.severity}, {"title.en", &kind.title.en}, {"title.nl", &kind.title.nl},
                             {"says.en", &kind.says.en}, {"says.nl", &kind.says.nl}, {"why.en", &kind.why.en}, {"why.nl", &kind.why.nl}, {"limits", &kind.limits}, {"words", &columns}, {"needs", &needs}};
  kind.sql = read_sql_file(text, keys, parsed.errors);
  for (std::size_t at = 0; at < columns.size();) {
    const std::size_t end = std::min(columns.find(' ', at), columns.size());
    if (end > at) kind.words.push_back(columns.substr(at, end - at));
    at = end + 1;
  }
  const auto wrong = [&](std::string what) { parsed.errors.push_back(std::move(what)); };
  if (!is_plain_name(kind.id) || file_name != kind.id + ".sql") wrong("'change' is not the name of the file");
  if (std::ranges::find(kRuleThemes, kind.theme) == std::end(kRuleThemes)) wrong("unknown theme '" + kind.theme + "'");
  if (std::ranges::find(kEffects, kind.effect) == std::end(kEffects)) wrong("unknown effect '" + kind.effect + "'");
  kind.needs_whole = needs == "whole";
  if (!needs.empty() && !kind.needs_whole) wrong("'needs' is whole or nothing");
  if (severity_rank(kind.severity) < 0) wrong("unknown severity '" + kind.severity + "'");
  for (const auto& [words, name] : {std::pair{&kind.title, "title"}, {&kind.says, "says"}, {&kind.why, "why"}})
    if (words->en.empty() || words->nl.empty()) wrong(std::string("lacks ") + name + ".en or " + name + ".nl");
  for (std::string& error : parsed.errors) error = std::string(file_name) + ": " + error;
  return parsed;
}

const std::vector<ChangeKind>& change_kinds() {
  static const std::vector<ChangeKind> all = [] {
    std::vector<ChangeKind> made;
    for (const EmbeddedFile& file : change_files()) {
      ParsedChangeKind parsed = parse_change_kind(file.name, file.text);
      if (parsed.errors.empty()) made.push_back(std::move(parsed.kind));
    }
    std::ranges::sort(made, {}, &ChangeKind::id);
    return made;
  }();
  return all;
}

}  // namespace klik::compare
