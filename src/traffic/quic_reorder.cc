#include "traffic/quic_reorder.h"

#include <algorithm>

namespace klik::traffic {

Bytes QuicReorder::pass(std::uint64_t offset, Bytes bytes) {
  if (!parts_.empty() || offset > at_ || at_ - offset >= bytes.size()) return {};
  const Bytes fresh = *bytes.from(at_ - offset);
  at_ += fresh.size();
  return fresh;
}

QuicReorder::Took QuicReorder::take(std::uint64_t offset, Bytes bytes, Origin origin, std::int64_t time_ns, std::uint64_t most) {
  const std::uint64_t end = offset + bytes.size();   // offsets are below 2^62: Frames sees to that
  std::uint64_t from = std::max(offset, at_);
  Took result = Took::all;
  auto after = parts_.upper_bound(from);
  if (after != parts_.begin()) --after;
  while (from < end) {
    while (after != parts_.end() && after->first + after->second.bytes.size() <= from) ++after;
    const std::uint64_t hole_end = after == parts_.end() ? end : std::clamp(after->first, from, end);
    if (from < hole_end) {
      if (hole_end - from > most - std::min(most, held_) || parts_.size() >= kMostParts) return Took::full;
      const Bytes fresh = *bytes.slice(from - offset, hole_end - from);
      parts_.emplace_hint(after, from, Part{{fresh.begin(), fresh.end()}, origin, time_ns});
      held_ += fresh.size();
      from = hole_end;
      continue;
    }
    const Part& there = after->second;
    const std::uint64_t both = std::min(after->first + there.bytes.size(), end) - from;
    if (!std::ranges::equal(bytes.slice(from - offset, both)->span(), Bytes(there.bytes).slice(from - after->first, both)->span())) result = Took::conflict;
    from += both;
  }
  return result;
}

std::optional<QuicReorder::Part> QuicReorder::next() {
  if (parts_.empty() || parts_.begin()->first != at_) return {};
  Part part = std::move(parts_.begin()->second);
  parts_.erase(parts_.begin());
  at_ += part.bytes.size();
  held_ -= part.bytes.size();
  return part;
}

std::uint64_t QuicReorder::skip_to(std::uint64_t offset) {
  const std::uint64_t missing = offset - at_;
  at_ = offset;
  return missing;
}

}  // namespace klik::traffic
