// Which of the newest numbers of packets or records were there before: a capture may hold one twice.
// Source: RFC 6347 §4.1.2.6 (the sliding window of RFC 4303 §3.4.3).
#pragma once

#include <cstdint>

namespace klik::traffic {

class SeenNumbers {
 public:
  // True when this number was asked for before. Of numbers too old to be known: false, for a copy too many does less harm than a loss.
  bool before(std::uint64_t number) {
    if (!any_ || number > newest_) {
      const std::uint64_t step = any_ ? number - newest_ : kWindow;
      seen_ = step >= kWindow ? 1 : seen_ << step | 1;
      newest_ = number;
      any_ = true;
      return false;
    }
    const std::uint64_t back = newest_ - number;
    if (back >= kWindow) return false;
    const std::uint64_t bit = std::uint64_t{1} << back;
    const bool seen = (seen_ & bit) != 0;
    seen_ |= bit;
    return seen;
  }

 private:
  static constexpr std::uint64_t kWindow = 64;
  bool any_ = false;
  std::uint64_t newest_ = 0, seen_ = 0;   // bit 0: the newest
};

}  // namespace klik::traffic
