// Header fields that were searched before and held nothing. Header compression sends a long value once and then with one byte a time, so to
// search it as often would take a thousandfold of the capture; in ordinary traffic most fields repeat as well.
#pragma once

#include <cstdint>
#include <string>

#include "extract/known_by_digest.h"
#include "traffic/events.h"

namespace klik {

class SearchedFields {
 public:
  // What is known of a content; all at first sight.
  enum class Before : std::uint8_t { unknown, empty, too_often };
  // Asked of each content before it is searched. empty: the same was searched and held nothing. too_often: the same long value held something
  // so many times that it is not searched again.
  Before ask(const traffic::Content& content);
  // What came of the search of the content that was asked about last.
  void searched(bool held);

 private:
  struct Times {
    bool held;
    std::uint32_t times;
  };
  static constexpr std::size_t kShortest = 64;       // searched in less time than it takes to know them again
  static constexpr std::uint64_t kLong = 4'096;      // longer than what programs say with each message
  static constexpr std::uint32_t kMostTimes = 256;   // that a long value is searched

  KnownByDigest<Times> known_;
  std::uint32_t times_ = 0;   // that the one that was asked about was searched
  bool asked_ = false;
  std::string text_;
};

}  // namespace klik
