// Finds any of very many literals in bytes: tens of thousands of forms of identifiers in every body of a capture.
// Hyperscan does the work (elsewhere than on amd64: Vectorscan, which has the same interface).
#pragma once

#include <compare>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/bytes.h"

namespace klik::traffic {

class PatternSearch {
 public:
  struct Match {
    std::uint64_t at;        // of its first byte in the text
    std::uint32_t pattern;   // its place in the list given
    friend auto operator<=>(const Match&, const Match&) = default;
  };

  // Errors: unsupported (the library takes no literals on this processor). REQUIRES: no literal is empty; fewer than 2^31 of them.
  static Result<PatternSearch> of(const std::vector<std::string>& literals);
  PatternSearch(PatternSearch&&) noexcept;
  ~PatternSearch();

  // All occurrences, overlapping ones too, in order of place, then of literal. Stops when `most` are found; `cut` is then true.
  // Not for two threads at a time.
  struct Found {
    std::vector<Match> matches;
    bool cut = false;
  };
  Found find(Bytes text, std::size_t most);

 private:
  struct State;
  explicit PatternSearch(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace klik::traffic
