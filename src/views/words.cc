#include "views/words.h"

#include <array>

#include "views/embedded.h"
#include "views/lines.h"

namespace klik::views {
namespace {

constexpr std::array<std::string_view, 4> kTones{"plain", "quiet", "mark", "loss"};

}  // namespace

std::optional<Language> language_named(std::string_view name) {
  if (name == "en") return Language::en;
  if (name == "nl") return Language::nl;
  return std::nullopt;
}

std::string_view language_name(Language language) { return language == Language::nl ? "nl" : "en"; }

std::optional<Tone> tone_named(std::string_view name) {
  for (std::size_t i = 0; i < kTones.size(); ++i) {
    if (kTones[i] == name) return static_cast<Tone>(i);
  }
  return std::nullopt;
}

std::string_view tone_name(Tone tone) { return kTones[static_cast<std::size_t>(tone)]; }

const Word* Words::find(std::string_view set, std::string_view value) const {
  const auto found = sets.find(set);
  if (found == sets.end()) return nullptr;
  const auto word = found->second.find(value);
  return word == found->second.end() ? nullptr : &word->second;
}

const std::string& Words::label(std::string_view name, Language language) const {
  static const std::string missing = "?";
  const Word* word = find("ui", name);
  return word ? word->text.in(language) : missing;
}

Words parse_words(std::string_view text) {
  Words words;
  std::size_t number = 0;
  for (const std::string_view line : lines_of(text)) {
    ++number;
    if (trimmed(line).empty() || line.front() == '#') continue;
    const auto wrong = [&](std::string_view what) {
      words.errors.push_back("words.txt, line " + std::to_string(number) + ": " + std::string(what));
    };
    const auto fields = fields_of(line);
    if (fields.size() != 5 && fields.size() != 7) {
      wrong("a word has 5 fields, or 7 with its meaning");
      continue;
    }
    const auto tone = tone_named(fields[2]);
    if (!tone) {
      wrong("unknown tone '" + std::string(fields[2]) + "'");
      continue;
    }
    Word word{.tone = *tone, .text = {std::string(fields[3]), std::string(fields[4])}, .meaning = {}};
    if (fields.size() == 7) word.meaning = {std::string(fields[5]), std::string(fields[6])};
    if (!word.text.complete() || word.meaning.en.empty() != word.meaning.nl.empty()) {
      wrong("a text is missing in one language");
      continue;
    }
    if (!words.sets[std::string(fields[0])].emplace(fields[1], std::move(word)).second) wrong("said twice");
  }
  return words;
}

const Words& report_words() {
  static const Words words = parse_words(embedded_words().front().text);
  return words;
}

}  // namespace klik::views
