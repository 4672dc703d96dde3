// Dutch for what klikspaan itself writes into the values of changes: whole phrases, with {} where something out of the phone
// stands, which stays as it is. The phrases are data of the report (reports/words.txt, set "change").
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace klik::compare {

class Phrases {
 public:
  Phrases() = default;
  explicit Phrases(const std::vector<std::pair<std::string, std::string>>& phrases);   // "{} places", "{} plaatsen"

  // A phrase, or several after each other, parted by ", ", "; " or ". ". What follows the first part that is no phrase stays
  // as it is. Absent when the text does not begin with a phrase.
  std::optional<std::string> find(std::string_view text) const;
  std::string dutch(std::string_view text) const { return find(text).value_or(std::string(text)); }

 private:
  struct Pattern {
    std::vector<std::string> parts, dutch;   // around the holes
    std::size_t said = 0;                    // bytes outside of holes
  };
  static std::vector<std::string> around_holes(std::string_view phrase);
  static std::optional<std::string> filled(const Pattern& pattern, std::string_view text);
  std::optional<std::string> around(std::string_view text) const;

  std::map<std::string, std::string, std::less<>> whole_;
  std::vector<Pattern> patterns_;            // what says most first
};

}  // namespace klik::compare
