// Bytes of one way that were given and not used yet, with the place in the capture of each. A reader that stops in the middle of a
// line or a frame keeps the rest here; what is used at once is never copied.
#pragma once

#include <cstdint>
#include <deque>
#include <vector>

#include "traffic/stream.h"

namespace klik::traffic {

class Pending {
 public:
  // Adds the piece. Its bytes may be looked at through rest() until keep().
  void take(const Piece& piece);
  // What is not used yet. Ends being valid at the next call of take(), keep() or clear().
  Bytes rest() const { return rest_; }
  // REQUIRES: n <= rest().size().
  void use(std::uint64_t n);
  // Copies what is left, so that the piece may go. Called once after each take().
  void keep();
  void clear();

  // Of the first byte of rest(), or of the last piece when there is none. A piece whose bytes are the very bytes of the capture
  // gives the place within it; of anything decoded the whole of it is the place.
  Origin origin() const;
  std::int64_t time_ns() const;

 private:
  struct Mark {
    std::uint64_t left;    // bytes of this piece that are not used yet
    std::uint64_t size;
    Origin origin;
    std::int64_t time_ns;
  };
  std::vector<std::uint8_t> kept_;
  std::deque<Mark> marks_;   // never empty once something was taken
  Bytes rest_;
  bool borrowed_ = false;    // rest_ lies in the piece, not in kept_
};

}  // namespace klik::traffic
