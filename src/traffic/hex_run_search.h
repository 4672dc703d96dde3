// Finds literals that are hexadecimal digits with none beside them: digests, most of what is searched for. They can only stand where a run
// of such digits begins, so a look at the runs finds any number of them in one step, and the general search has fewer. Digests are also
// found cut at either end, and written in parts: as a UUID, or byte by byte.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "traffic/pattern_search.h"

namespace klik::traffic {

// Without what stands between them.
std::string hex_digits_of(std::string_view text);

class HexRunSearch {
 public:
  // Of a digest this much at least: 56 bits, for which chance needs more runs than a capture has.
  static constexpr std::size_t kShortest = 14;
  static bool takes(std::string_view literal);   // kShortest hexadecimal digits or more

  // REQUIRES: takes(literal). `pattern`: what a match names. A literal may have more behind it.
  void add(std::string_view literal, std::uint32_t pattern);
  // The whole of a digest: a run must be it, or its start or end. REQUIRES: takes(digest).
  // `ends`: whether its end alone counts too.
  void add_digest(std::string_view digest, std::uint32_t pattern, bool ends);
  // Appends matches, in order of place, then of adding; of digests with their length in the text. What follows a literal is not looked
  // at. False when `most` are in `found`.
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
    std::string digits;
    std::uint32_t pattern;
    bool digest;
  };
  using Index = std::unordered_multimap<Key, std::uint32_t, KeyHash>;   // places in literals_
  static Key key_of(std::string_view fourteen);
  bool look_up(std::string_view run, std::uint64_t at, std::uint64_t length, std::vector<PatternSearch::Match>& found, std::size_t most) const;

  std::vector<Literal> literals_;
  Index starts_;   // by their first digits
  Index ends_;     // digests by their last
};

}  // namespace klik::traffic
