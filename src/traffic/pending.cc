#include "traffic/pending.h"

#include <algorithm>

#include "base/release.h"

namespace klik::traffic {

void Pending::take(const Piece& piece) {
  if (piece.bytes.empty()) return;
  while (!marks_.empty() && marks_.front().left == 0) marks_.pop_front();
  marks_.push_back({piece.bytes.size(), piece.bytes.size(), piece.origin, piece.time_ns});
  if (rest_.empty()) {
    rest_ = piece.bytes;
    borrowed_ = true;
    return;
  }
  // Used bytes go when they are the larger part, so each byte moves a bounded number of times.
  const std::uint64_t used = kept_.size() - rest_.size();
  if (used > rest_.size()) kept_.erase(kept_.begin(), kept_.begin() + static_cast<std::ptrdiff_t>(used));
  const std::uint64_t start = used > rest_.size() ? 0 : used;
  kept_.insert(kept_.end(), piece.bytes.begin(), piece.bytes.end());
  rest_ = Bytes(std::span(kept_).subspan(start));
}

void Pending::use(std::uint64_t n) {
  rest_ = Bytes(rest_.span().subspan(n));
  while (n > 0) {
    Mark& first = marks_.front();
    const std::uint64_t part = std::min(first.left, n);
    first.left -= part;
    n -= part;
    if (first.left == 0 && marks_.size() > 1) marks_.pop_front();
  }
}

void Pending::keep() {
  if (borrowed_) kept_.assign(rest_.begin(), rest_.end());
  else if (rest_.empty()) kept_.clear();
  if (borrowed_) rest_ = Bytes(kept_);
  borrowed_ = false;
  if (kept_.empty() && kept_.capacity() > 4096) release(kept_);
}

void Pending::clear() {
  release(kept_);
  rest_ = {};
  borrowed_ = false;
  if (marks_.size() > 1) marks_.erase(marks_.begin(), marks_.end() - 1);
  if (!marks_.empty()) marks_.front().left = 0;
}

Origin Pending::origin() const {
  if (marks_.empty()) return {};
  const Mark& first = marks_.front();
  const std::uint64_t used = first.size - first.left;
  if (first.origin.length != first.size || used == first.size) return first.origin;
  return {first.origin.at + used, first.origin.length - used};
}

std::int64_t Pending::time_ns() const { return marks_.empty() ? 0 : marks_.front().time_ns; }

}  // namespace klik::traffic
