// Finds literals that are hexadecimal digits with none beside them: digests, most of what is searched for. They can only stand where a run
// of such digits begins, so a look at the runs finds any number of them in one step, and the general search has fewer.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "traffic/pattern_search.h"

namespace klik::traffic {

class HexRunSearch {
 public:
  static constexpr std::size_t kShortest = 16;
  static bool takes(std::string_view literal);   // kShortest hexadecimal digits or more

  // REQUIRES: takes(literal). `pattern`: what a match names.
  void add(std::string_view literal, std::uint32_t pattern);
  // Appends literals that stand at the start of a run, in order of place, then of adding. What follows a literal is not looked at.
  // False when `most` are in `found`.
  bool find(Bytes text, std::vector<PatternSearch::Match>& found, std::size_t most) const;

 private:
  struct Key {
    std::uint64_t low, high;
    friend bool operator==(const Key&, const Key&) = default;
  };
  struct KeyHash {
    std::size_t operator()(const Key& key) const { return static_cast<std::size_t>((key.low ^ (key.high * 0x9e3779b97f4a7c15ull)) * 0xff51afd7ed558ccdull >> 16); }
  };
  struct Literal {
    std::string rest;
    std::uint32_t pattern;
  };
  std::unordered_map<Key, std::vector<Literal>, KeyHash> literals_;   // by their first sixteen digits
};

}  // namespace klik::traffic
