// Finds any of very many literals in bytes: tens of thousands of forms of identifiers in every body of a capture.
//
// Each literal is known by a few neighbouring windows of its bytes, as many as the steps in which a text is walked, so one of them stands where a step ends. There a
// filter of some bits a window tells whether any literal may have it; only those few places are compared. An automaton over as many literals, as Hyperscan builds,
// searches about as fast and takes fifty times as long to make.
#pragma once

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"

namespace klik::traffic {

class PatternSearch {
 public:
  struct Match {
    std::uint64_t at;        // of its first byte in the text
    std::uint32_t pattern;   // its place in the list given
    std::uint32_t length = 0;   // in the text, where that is not the literal's (other searches)
    friend auto operator<=>(const Match&, const Match&) = default;
  };

  // `any_case`: of each literal, whether letters of ASCII count in either case; its own are small then. Short: no more of them do.
  // REQUIRES: no literal is empty; fewer than 2^31 of them, none of 4 GiB.
  explicit PatternSearch(std::vector<std::string> literals, std::vector<bool> any_case = {});

  // All occurrences, overlapping ones too, in order of place, then of literal. Stops when `most` are found; `cut` is then true.
  struct Found {
    std::vector<Match> matches;
    bool cut = false;
  };
  Found find(Bytes text, std::size_t most) const;

 private:
  struct Entry {
    std::uint64_t window;
    std::uint32_t pattern, offset;   // of the window in the literal
  };
  struct Literal {
    std::string bytes;
    bool any_case;
  };
  // Literals that are at least `shortest` bytes long.
  class Group {
   public:
    Group(const std::vector<Literal>& literals, const std::vector<std::uint32_t>& members, std::size_t shortest);
    void find(Bytes text, const std::vector<Literal>& literals, std::size_t most, Found& found) const;

   private:
    std::uint32_t best_offset(std::string_view literal, const std::vector<std::uint32_t>& load) const;
    bool compare(std::string_view text, std::uint64_t at, std::uint64_t window, const std::vector<Literal>& literals, std::size_t most, Found& found) const;

    unsigned width_, step_;                   // in bytes: of a window, from one place that is looked at to the next
    unsigned word_shift_ = 0, bucket_shift_ = 0;
    std::vector<std::uint64_t> filter_;       // Bloom's, with both bits of a window in one word
    std::vector<std::uint32_t> bucket_end_;   // by hash: where its entries end; they begin where those of the bucket before end
    std::vector<Entry> entries_;
  };

  std::vector<Literal> literals_;
  std::vector<Group> plain_, all_;   // plain text, which most bodies are, can hold those of ASCII only
};

}  // namespace klik::traffic
