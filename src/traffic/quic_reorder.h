// Bytes of one way of a QUIC stream that come in any order, twice and overlapping: each is handed on once, in order (RFC 9000 §2.2).
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include "traffic/stream.h"

namespace klik::traffic {

class QuicReorder {
 public:
  struct Part {
    std::vector<std::uint8_t> bytes;
    Origin origin;               // of the packet that brought them
    std::int64_t time_ns = 0;
  };
  enum class Took : std::uint8_t { all, conflict, full };   // conflict: other bytes than before, the first ones stay

  // What need not be held: the new bytes, when they are the next ones and nothing waits. They count as handed on.
  Bytes pass(std::uint64_t offset, Bytes bytes);
  // Holds what is new, up to `most` bytes in all; the rest is dropped.
  Took take(std::uint64_t offset, Bytes bytes, Origin origin, std::int64_t time_ns, std::uint64_t most);
  // The next bytes in order, when they are there.
  std::optional<Part> next();
  // Gives the bytes before `offset` up. Returns how many. REQUIRES: at() <= offset, and nothing is held before it.
  std::uint64_t skip_to(std::uint64_t offset);

  std::uint64_t at() const { return at_; }           // offset of the byte that is handed on next
  std::uint64_t held() const { return held_; }
  // Where the first held byte stands; at() when nothing is held.
  std::uint64_t first_held() const { return parts_.empty() ? at_ : parts_.begin()->first; }

 private:
  static constexpr std::size_t kMostParts = 4096;
  std::uint64_t at_ = 0, held_ = 0;
  std::map<std::uint64_t, Part> parts_;              // by offset, without overlap, none before at_
};

}  // namespace klik::traffic
