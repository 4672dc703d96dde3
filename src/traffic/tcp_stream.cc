#include "traffic/tcp_stream.h"

#include <algorithm>

namespace klik::traffic {
namespace {

// How far b lies behind a; negative before it. Sequence numbers wrap (RFC 9293 §3.4).
std::int32_t after(std::uint32_t a, std::uint32_t b) { return static_cast<std::int32_t>(b - a); }

}  // namespace

void TcpStream::begin_with(const Packet& p, std::uint32_t sequence) {
  begun_ = true, start_ = next_ = sequence;
  // The other side has nothing behind what it acknowledges, so the stream goes on there, and what is before this packet is a hole.
  const std::int32_t ahead = after(begins_, sequence);
  if (heard_first_ && !(p.flags & tcp_flag::syn) && ahead > 0 && ahead <= kFarthest) start_ = next_ = begins_;
}

void TcpStream::take(const Packet& p, Way way, StreamReader& reader, const Limits& limits, Waiting& waiting, const Late& late) {
  const std::uint32_t sequence = first_byte(p);
  if (!begun_ && only_asks(p, sequence)) return;
  if (!begun_ && ((p.flags & tcp_flag::syn) || !p.payload.empty() || p.cut > 0)) begin_with(p, sequence);
  const auto length = static_cast<std::uint32_t>(p.payload.size());
  if (p.flags & tcp_flag::fin) fin_ = true, fin_at_ = sequence + length + p.cut;
  if (length == 0 && p.cut == 0) return;

  const std::int32_t ahead = after(next_, sequence);
  if (ahead > 0) {
    wait(p, sequence, place_ + static_cast<std::uint32_t>(ahead), waiting);
    while (!waiting_.empty() && held_ > limits.waiting_bytes) give_up(way, reader, waiting);
    return;
  }
  if (!holes_.empty() && ahead < 0) fill_holes(p, sequence, way, late);
  hand_on(way, sequence, p.payload, p.cut, {p.payload_at, length}, p.time_ns, reader);
  if (!waiting_.empty()) drain(way, reader, waiting);
}

// A keep-alive repeats the byte before the next one, or has any in its place (RFC 1122 §4.2.3.6), and pushes nothing. Where the capture has
// no more of its way, that is no start of a stream. A byte that the other side had not yet is one of the stream.
bool TcpStream::only_asks(const Packet& p, std::uint32_t sequence) const {
  return p.payload.size() == 1 && p.cut == 0 && (p.flags & (tcp_flag::syn | tcp_flag::fin | tcp_flag::psh)) == 0 && !(heard_first_ && after(begins_, sequence) >= 0);
}

void TcpStream::wait(const Packet& p, std::uint32_t sequence, std::uint64_t place, Waiting& waiting) {
  const auto length = static_cast<std::uint32_t>(p.payload.size());
  const auto known = waiting_.find(place);
  // A segment with no byte beyond one that waits already is a repeat.
  if (known != waiting_.end() && known->second.bytes.size() + known->second.cut >= std::uint64_t{length} + p.cut) return;
  if (known != waiting_.end()) forget(known, waiting);
  const Segment& s = waiting_.try_emplace(place, Segment{sequence, p.cut, {p.payload.begin(), p.payload.end()}, {p.payload_at, length}, p.time_ns}).first->second;
  longest_ = std::max(longest_, length);
  held_ += s.cost(), waiting.bytes += s.cost();
}

void TcpStream::forget(std::map<std::uint64_t, Segment>::iterator segment, Waiting& waiting) {
  held_ -= segment->second.cost(), waiting.bytes -= segment->second.cost();
  waiting_.erase(segment);
}

void TcpStream::fill_holes(const Packet& p, std::uint32_t sequence, Way way, const Late& late) {
  const std::uint64_t begin = place_ - static_cast<std::uint32_t>(after(sequence, next_)), end = std::min(begin + p.payload.size(), place_);
  std::vector<Hole> left;
  for (const Hole& h : holes_) {
    const std::uint64_t from = std::max(begin, h.begin), to = std::min(end, h.end);
    if (from >= to) {
      left.push_back(h);
      continue;
    }
    missing_ -= to - from, late_ += to - from;
    if (late) late({way, Bytes(p.payload.span().subspan(from - begin, to - from)), {p.payload_at + (from - begin), to - from}, p.time_ns});
    if (h.begin < from) left.push_back({h.begin, from});
    if (to < h.end) left.push_back({to, h.end});
  }
  if (left.size() > kHoles) left.erase(left.begin(), left.end() - kHoles);
  holes_ = std::move(left);
}

void TcpStream::lack(std::uint32_t bytes, Way way, StreamReader& reader) {
  if (holes_.size() == kHoles) holes_.erase(holes_.begin());
  holes_.push_back({place_, place_ + bytes});
  next_ += bytes, place_ += bytes, missing_ += bytes;
  reader.gap(way, bytes);
}

void TcpStream::remember(std::uint32_t length, std::uint64_t at) {
  if (seen_.empty()) seen_.reserve(8);   // most connections are short
  if (seen_.size() < kRemembered) return seen_.push_back({next_, length, at});
  seen_[remembered_] = {next_, length, at};
  remembered_ = static_cast<std::uint8_t>((remembered_ + 1) % kRemembered);
}

void TcpStream::hand_on(Way way, std::uint32_t sequence, Bytes bytes, std::uint32_t cut, Origin origin, std::int64_t time_ns, StreamReader& reader) {
  const auto known = static_cast<std::uint32_t>(after(sequence, next_)), length = static_cast<std::uint32_t>(bytes.size());
  if (known < length) {
    remember(length - known, origin.at + known);
    next_ += length - known, place_ += length - known, read_ += length - known;
    patience_ = 0;
    reader.read({way, Bytes(bytes.span().subspan(known)), {origin.at + known, length - known}, time_ns});
  }
  // What the capture cut off, as far as nothing before reached into it.
  if (const std::uint32_t beyond = std::max(known, length) - length; beyond < cut) patience_ = 0, lack(cut - beyond, way, reader);
}

void TcpStream::drain(Way way, StreamReader& reader, Waiting& waiting) {
  for (auto first = waiting_.begin(); first != waiting_.end() && first->first <= place_; first = waiting_.begin()) {
    const Segment& s = first->second;
    hand_on(way, s.sequence, Bytes(s.bytes), s.cut, s.origin, s.time_ns, reader);
    forget(first, waiting);
  }
}

void TcpStream::skip_hole(Way way, StreamReader& reader, Waiting& waiting) {
  if (waiting_.empty()) return;
  patience_ = 0;
  lack(static_cast<std::uint32_t>(waiting_.begin()->first - place_), way, reader);
  drain(way, reader, waiting);
}

void TcpStream::give_up(Way way, StreamReader& reader, Waiting& waiting) {
  if (!waiting_.empty()) ++given_up_;
  skip_hole(way, reader, waiting);
}

void TcpStream::acknowledged(std::uint32_t sequence, Way way, StreamReader& reader, Waiting& waiting) {
  if (waiting_.empty() || after(next_, sequence) <= 0 || after(waiting_.begin()->second.sequence, sequence) < 0) return;
  // Captures swap packets now and then; a hole is given up when many acknowledgements have passed over it.
  if (++patience_ >= kPatience) skip_hole(way, reader, waiting);
}

void TcpStream::finish(Way way, StreamReader& reader, Waiting& waiting) {
  while (!waiting_.empty()) skip_hole(way, reader, waiting);
  if (!heard_) return;
  if (!begun_) begun_ = true, start_ = next_ = begins_;
  // A FIN takes a number too. One that was not seen may be the last number acknowledged.
  const std::int32_t unseen = after(next_, fin_ && after(fin_at_, reached_) > 0 ? fin_at_ : reached_);
  if (unseen > (fin_ ? 0 : 1)) missing_ += static_cast<std::uint32_t>(unseen);
}

std::optional<TcpStream::Contradiction> TcpStream::contradicts(const Packet& p, const Reread& reread) const {
  const std::uint32_t from = first_byte(p);
  const auto length = static_cast<std::uint32_t>(p.payload.size());
  // Where both have bytes: its begin in the earlier copy, and the packet's part of it.
  const auto overlap = [&](std::uint32_t sequence, std::uint64_t known) {
    const std::int64_t shift = after(sequence, from);
    const std::int64_t begin = std::max<std::int64_t>(shift, 0), end = std::min<std::int64_t>(shift + length, static_cast<std::int64_t>(known));
    if (begin >= end) return std::pair(std::uint64_t{0}, Bytes());
    return std::pair(static_cast<std::uint64_t>(begin), Bytes(p.payload.span().subspan(static_cast<std::size_t>(begin - shift), static_cast<std::size_t>(end - begin))));
  };
  // What waits may be longer than what waits behind it, so all that could reach into the packet are looked at.
  const std::int64_t ahead = after(next_, from);
  const auto least = static_cast<std::int64_t>(place_) + ahead - std::int64_t{longest_};
  std::size_t compared = 0;
  const auto behind = static_cast<std::int64_t>(place_) + ahead + length;
  for (auto w = waiting_.lower_bound(static_cast<std::uint64_t>(std::max<std::int64_t>(behind, 0))); w != waiting_.begin() && compared < kCompared; ++compared) {
    --w;
    if (static_cast<std::int64_t>(w->first) < least) break;
    const Segment& s = w->second;
    if (const auto [at, part] = overlap(s.sequence, s.bytes.size()); !std::ranges::equal(part, Bytes(s.bytes).span().subspan(at, part.size()))) return Contradiction{.first = {s.origin.at + at, part.size()}, .read = false};
  }
  if (!reread || after(next_, from) >= 0) return {};
  std::vector<std::uint8_t> then;
  for (const Seen& s : seen_) {
    const auto [at, part] = overlap(s.sequence, s.length);
    // A keep-alive may repeat the last byte of a segment with anything in it: RFC 1122 §4.2.3.6.
    if (length == 1 && at + 1 == s.length) continue;
    then.resize(part.size());
    if (part.empty() || !reread(s.at + at, then)) continue;
    if (!std::ranges::equal(part, then)) return Contradiction{.first = {s.at + at, part.size()}, .read = true};
  }
  return {};
}

}  // namespace klik::traffic
