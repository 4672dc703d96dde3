// The words of the report in both languages: plain text for the values that columns of kind `state` hold, and
// the labels of the report itself (set "ui"). Data in reports/words.txt, one value per line.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace klik::views {

enum class Language : std::uint8_t { en, nl };

std::optional<Language> language_named(std::string_view name);
std::string_view language_name(Language language);

struct Localized {
  std::string en;
  std::string nl;
  const std::string& in(Language language) const { return language == Language::nl ? nl : en; }
  bool complete() const { return !en.empty() && !nl.empty(); }
  bool empty() const { return en.empty() && nl.empty(); }
};

// How much a value asks for attention. There is no "good": nothing here proves that all is well.
enum class Tone : std::uint8_t { plain, quiet, mark, loss };

std::optional<Tone> tone_named(std::string_view name);
std::string_view tone_name(Tone tone);

struct Word {
  Tone tone;
  Localized text;
  Localized meaning;   // may be empty
};

using WordSet = std::map<std::string, Word, std::less<>>;   // by raw value

struct Words {
  std::map<std::string, WordSet, std::less<>> sets;
  std::vector<std::string> errors;   // one sentence per line that breaks the format, with its number

  const Word* find(std::string_view set, std::string_view value) const;
  // A label of the report. REQUIRES: the set "ui" has it (checked by a test over all labels used).
  const std::string& label(std::string_view name, Language language) const;
};

// The set of phrases that changes between builds are told with; no column is of it.
inline constexpr std::string_view kChangeWords = "change";

Words parse_words(std::string_view text);
const Words& report_words();

}  // namespace klik::views
