// Finds numbers that are written in groups: telephone numbers, IMEIs and the like, with blanks, dots, dashes, slashes and brackets between
// their digits wherever a country or a program puts them. One search for all ways of grouping; without groups a number is a literal as any other.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "traffic/pattern_search.h"

namespace klik::traffic {

class NumberRunSearch {
 public:
  static constexpr std::size_t kFewestDigits = 8, kMostDigits = 20;

  // Digits only, as many as these bounds allow; others are passed over. `pattern`: what a match names.
  void add(std::string_view digits, std::uint32_t pattern);
  // Appends numbers in two groups or more, with their length in the text, in order of place. No digit stands directly beside them.
  // False when `most` are in `found`.
  bool find(Bytes text, std::vector<PatternSearch::Match>& found, std::size_t most) const;

 private:
  struct Group {
    std::size_t from, to;
  };
  bool find_in(std::string_view text, const std::vector<Group>& groups, std::vector<PatternSearch::Match>& found, std::size_t most) const;

  struct Number {
    std::string digits;
    std::uint32_t pattern;
  };
  std::unordered_map<std::uint64_t, std::vector<Number>> numbers_;   // by value modulo 2^64
  std::vector<bool> starts_;                                        // by their first four digits
};

}  // namespace klik::traffic
