#include "views/phrases.h"

#include <map>
#include <set>

#include "views/embedded.h"
#include "views/lines.h"
#include "views/words.h"

namespace klik::views {
namespace {

std::string_view set_of(const EmbeddedFile& file) { return file.name.substr(0, file.name.find('.')); }

std::size_t holes(std::string_view phrase) {
  std::size_t n = 0;
  for (std::size_t at = 0; (at = phrase.find("{}", at)) != phrase.npos; at += 2) ++n;
  return n;
}

using Sets = std::map<std::string, compare::Phrases, std::less<>>;

Sets all_sets() {
  Sets sets;
  std::vector<std::pair<std::string, std::string>> of_changes;
  if (const auto set = report_words().sets.find(kChangeWords); set != report_words().sets.end())
    for (const auto& [english, word] : set->second) of_changes.emplace_back(english, word.text.nl);
  sets.emplace(kChangeWords, compare::Phrases(of_changes));
  for (const EmbeddedFile& file : embedded_phrases())
    if (const std::string_view set = set_of(file); !sets.contains(set)) sets.emplace(set, compare::Phrases(parse_phrases(set, embedded_phrases()).phrases));
  return sets;
}

}  // namespace

ParsedPhrases parse_phrases(std::string_view set, std::span<const EmbeddedFile> files) {
  ParsedPhrases parsed;
  std::set<std::string_view> said;
  for (const EmbeddedFile& file : files) {
    if (set_of(file) != set) continue;
    std::size_t number = 0;
    for (const std::string_view line : lines_of(file.text)) {
      ++number;
      if (trimmed(line).empty() || line.front() == '#') continue;
      const auto fields = fields_of(line);
      const char* wrong = nullptr;
      if (fields.size() != 2 || fields[0].empty() || fields[1].empty()) wrong = "a phrase is: English | Dutch";
      else if (holes(fields[0]) != holes(fields[1])) wrong = "its holes are not as many in both languages";
      else if (!said.insert(fields[0]).second) wrong = "said twice";
      if (wrong) parsed.errors.push_back(std::string(file.name) + ", line " + std::to_string(number) + ": " + wrong);
      else parsed.phrases.emplace_back(fields[0], fields[1]);
    }
  }
  return parsed;
}

const compare::Phrases* phrases_named(std::string_view set) {
  static const Sets sets = all_sets();
  const auto found = sets.find(set);
  return found == sets.end() ? nullptr : &found->second;
}

}  // namespace klik::views
