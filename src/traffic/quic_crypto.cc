#include "traffic/quic_crypto.h"

#include <algorithm>

namespace klik::traffic {

void QuicCrypto::hand_on(Bytes bytes, Origin origin, std::int64_t time_ns) {
  if (start_.empty()) start_origin_ = origin;
  const std::uint64_t room = longest_ - std::min<std::uint64_t>(longest_, start_.size());
  const Bytes kept = *bytes.slice(0, std::min(room, bytes.size()));
  start_.insert(start_.end(), kept.begin(), kept.end());
  if (messages_.between_messages()) origin_ = origin, time_ns_ = time_ns;
  newest_origin_ = origin, newest_time_ns_ = time_ns;
  messages_.add(bytes);
}

QuicReorder::Took QuicCrypto::take(std::uint64_t offset, Bytes bytes, Origin origin, std::int64_t time_ns) {
  QuicReorder::Took took = QuicReorder::Took::all;
  // What was handed on already must come again as it was.
  if (offset < start_.size()) {
    const std::uint64_t both = std::min<std::uint64_t>(start_.size() - offset, bytes.size());
    if (!std::ranges::equal(bytes.slice(0, both)->span(), Bytes(start_).slice(offset, both)->span())) took = QuicReorder::Took::conflict;
  }
  if (const Bytes fresh = order_.pass(offset, bytes); !fresh.empty()) {
    hand_on(fresh, origin, time_ns);
    return took;
  }
  if (const auto waiting = order_.take(offset, bytes, origin, time_ns, longest_); waiting != QuicReorder::Took::all) took = waiting;
  while (const auto part = order_.next()) hand_on(Bytes(part->bytes), part->origin, part->time_ns);
  return took;
}

std::optional<QuicCrypto::Message> QuicCrypto::next() {
  const auto message = messages_.next();
  if (!message) return {};
  Message out{*message, origin_, time_ns_};
  origin_ = newest_origin_, time_ns_ = newest_time_ns_;
  return out;
}

}  // namespace klik::traffic
