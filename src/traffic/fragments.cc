#include "traffic/fragments.h"

#include <algorithm>
#include <utility>

#include "base/release.h"

namespace klik::traffic {
namespace {

constexpr std::uint32_t kLargestPayload = 65'535;
// What a datagram and a part take besides their bytes, roughly: nodes of lists and maps.
constexpr std::uint64_t kDatagramCost = 256, kPartCost = 80;

bool too_far(std::int64_t a, std::int64_t b) {
  std::int64_t apart = 0;
  return __builtin_sub_overflow(a, b, &apart) || apart > Fragments::kPatience_ns || apart < -Fragments::kPatience_ns;
}

}  // namespace

std::uint64_t Fragments::cost(const Datagram& datagram) const { return kDatagramCost + datagram.data.size() + datagram.parts.size() * kPartCost; }

// Returns how many fragments are lost with it.
std::uint64_t Fragments::drop(Place place) {
  const std::uint64_t lost = place->count;
  bytes_ -= cost(*place);
  by_key_.erase(place->key);
  open_.erase(place);
  return lost;
}

std::uint64_t Fragments::reject(Datagram& datagram) {
  const std::uint64_t lost = datagram.count;
  bytes_ -= cost(datagram);
  datagram.rejected = true;
  datagram.count = 0;
  datagram.parts.clear();
  release(datagram.data);
  bytes_ += cost(datagram);
  return lost;
}

std::uint64_t Fragments::end() {
  std::uint64_t lost = 0;
  for (const Datagram& d : open_) lost += d.count;
  open_.clear();
  by_key_.clear();
  bytes_ = 0;
  return lost;
}

Fragments::Added Fragments::add(const net::IpPacket& fragment, std::uint32_t interface, Origin frame, std::uint64_t at, std::int64_t time_ns) {
  Added out;
  const Key key{fragment.from, fragment.to, fragment.fragment_id, interface, fragment.version == 6 ? std::uint8_t{0} : fragment.protocol};
  auto found = by_key_.find(key);
  // Numbers come round again: what is too old is not of the same datagram. Files that were merged also go back in time.
  if (found != by_key_.end() && too_far(time_ns, found->second->started_ns)) {
    out.lost += drop(found->second);
    found = by_key_.end();
  }
  if (found == by_key_.end()) {
    while (open_.size() >= kMostOpen) out.lost += drop(open_.begin());
    open_.push_back({.key = key, .started_ns = time_ns});
    found = by_key_.emplace(key, std::prev(open_.end())).first;
    bytes_ += cost(open_.back());
  }
  Datagram& d = *found->second;
  ++d.count;
  if (d.rejected) {
    out.lost += std::exchange(d.count, 0);
    return out;
  }
  const std::uint64_t begin = fragment.fragment_offset, end = begin + fragment.payload.size();
  // A part that the capture cut, one that leaves no room for the next to begin at a multiple of eight, one past the largest packet.
  if (fragment.cut != 0 || fragment.payload.empty() || (fragment.more_fragments && fragment.payload.size() % 8 != 0) || end > kLargestPayload) {
    out.lost += reject(d);
    return out;
  }
  const auto after = d.parts.lower_bound(static_cast<std::uint32_t>(begin));
  const auto before = after == d.parts.begin() ? d.parts.end() : std::prev(after);
  const bool repeat = after != d.parts.end() && after->first == begin && after->second.end == end &&
                      std::equal(fragment.payload.begin(), fragment.payload.end(), d.data.begin() + static_cast<std::ptrdiff_t>(begin));
  if (repeat) {
    --d.count;   // nothing is lost with it
    return out;
  }
  const bool over_next = after != d.parts.end() && after->first < end;
  const bool over_previous = before != d.parts.end() && before->second.end > begin;
  const bool past_end = d.length && (end > *d.length || (!fragment.more_fragments && end != *d.length));
  const bool early_end = !fragment.more_fragments && d.data.size() > end;
  if (over_next || over_previous || past_end || early_end) {
    out.conflict = true;
    out.conflict_at = over_next ? after->second.at : over_previous ? before->second.at : d.parts.empty() ? at : d.parts.rbegin()->second.at;
    out.lost += reject(d);
    return out;
  }
  bytes_ -= cost(d);
  if (d.data.size() < end) d.data.resize(end);
  std::copy(fragment.payload.begin(), fragment.payload.end(), d.data.begin() + static_cast<std::ptrdiff_t>(begin));
  d.parts.emplace_hint(after, static_cast<std::uint32_t>(begin), Part{static_cast<std::uint32_t>(end), at});
  d.received += end - begin;
  bytes_ += cost(d);
  if (!fragment.more_fragments) d.length = static_cast<std::uint32_t>(end);
  if (begin == 0) d.first = Whole{.payload = {}, .protocol = fragment.protocol, .frame = frame, .payload_at = at};
  if (d.length && d.received == *d.length) {
    out.whole = *d.first;   // without holes, so the first is there
    bytes_ -= cost(d);
    finished_ = std::move(d.data);
    out.whole->payload = Bytes(finished_);
    const Place place = found->second;
    by_key_.erase(found);
    open_.erase(place);
    return out;
  }
  while (bytes_ > kMostBytes) out.lost += drop(open_.begin());   // the oldest first
  return out;
}

}  // namespace klik::traffic
