#include "traffic/wifi_fragments.h"

#include <algorithm>
#include <utility>

namespace klik::traffic {
namespace {

bool too_far(std::int64_t a, std::int64_t b) {
  std::int64_t apart = 0;
  return __builtin_sub_overflow(a, b, &apart) || apart > WifiFragments::kPatience_ns || apart < -WifiFragments::kPatience_ns;
}

}  // namespace

std::uint64_t WifiFragments::drop(Place place) {
  const std::uint64_t lost = place->waiting;
  bytes_ -= place->size;
  by_key_.erase(place->key);
  open_.erase(place);
  return lost;
}

// Returns how many parts were waiting in it.
std::uint64_t WifiFragments::close(Msdu& msdu, Msdu::State state) {
  msdu.state = state;
  msdu.parts = {};
  bytes_ -= std::exchange(msdu.size, 0);
  return std::exchange(msdu.waiting, 0);
}

std::uint64_t WifiFragments::end() {
  std::uint64_t lost = 0;
  for (const Msdu& m : open_) lost += m.waiting;
  open_.clear();
  by_key_.clear();
  bytes_ = 0;
  return lost;
}

WifiFragments::Added WifiFragments::add(const net::WifiFragment& part, bool whole_part, std::uint32_t interface, Origin frame, std::uint64_t at, std::int64_t time_ns) {
  const Bytes body = part.body;
  std::uint64_t lost = 0;
  const Key key{part.from, part.to, part.category, part.sequence, interface};
  auto found = by_key_.find(key);
  if (found != by_key_.end()) {
    // Sequence numbers come round: a first part that is no repeat begins another MSDU.
    const Msdu& known = *found->second;
    const bool begins = part.number == 0 && !part.retry && (known.state != Msdu::State::open || (!known.parts[0].empty() && !std::ranges::equal(known.parts[0], body)));
    if (begins || too_far(time_ns, known.started_ns)) {
      lost += drop(found->second);
      found = by_key_.end();
    }
  }
  if (found == by_key_.end()) {
    while (open_.size() >= kMostOpen) lost += drop(open_.begin());
    open_.push_back({.key = key, .started_ns = time_ns, .aggregate = part.aggregate});
    found = by_key_.emplace(key, std::prev(open_.end())).first;
  }
  Msdu& msdu = *found->second;
  if (msdu.state != Msdu::State::open) return {.lost = lost + (msdu.state == Msdu::State::given_up ? 1u : 0u)};
  if (!whole_part || body.empty() || body.size() > kLargest - msdu.size) {
    ++msdu.waiting;
    return {.lost = lost + close(msdu, Msdu::State::given_up)};
  }
  Added out = store(msdu, part, frame, at);
  out.lost += lost;
  while (bytes_ > kMostBytes) out.lost += drop(open_.begin());
  return out;
}

WifiFragments::Added WifiFragments::store(Msdu& msdu, const net::WifiFragment& part, Origin frame, std::uint64_t at) {
  const Bytes body = part.body;
  std::vector<std::uint8_t>& place = msdu.parts[part.number];
  if (!place.empty() && std::ranges::equal(place, body)) return {};   // sent again, since its acknowledgement was lost
  ++msdu.waiting;
  const bool behind_last = msdu.last && (part.number > *msdu.last || part.more == (part.number == *msdu.last));
  const bool ends_early = !part.more && std::any_of(msdu.parts.begin() + part.number, msdu.parts.end(), [](const auto& p) { return !p.empty(); });
  // A receiver that joins parts of an A-MSDU to those of another kind reads what nobody sent (CVE-2020-24588).
  if (!place.empty() || behind_last || ends_early || part.aggregate != msdu.aggregate) return {.conflict = true, .lost = close(msdu, Msdu::State::given_up)};
  place.assign(body.begin(), body.end());
  msdu.size += body.size();
  bytes_ += body.size();
  if (part.number == 0) msdu.frame = frame, msdu.at = at;
  if (!part.more) msdu.last = part.number;
  if (!msdu.last || std::any_of(msdu.parts.begin(), msdu.parts.begin() + *msdu.last + 1, [](const auto& p) { return p.empty(); })) return {};
  finished_.clear();
  for (const auto& p : msdu.parts) finished_.insert(finished_.end(), p.begin(), p.end());
  Added out;
  out.whole = Whole{.bytes = Bytes(finished_), .aggregate = msdu.aggregate, .frame = msdu.frame, .at = msdu.at};
  close(msdu, Msdu::State::done);
  return out;
}

}  // namespace klik::traffic
