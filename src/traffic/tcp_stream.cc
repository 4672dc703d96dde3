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

std::uint64_t TcpStream::take(const Packet& p, Way way, StreamReader& reader, const Limits& limits, Waiting& waiting) {
  const std::uint32_t sequence = first_byte(p);
  if (!begun_ && ((p.flags & tcp_flag::syn) || !p.payload.empty() || p.cut > 0)) begin_with(p, sequence);
  const auto length = static_cast<std::uint32_t>(p.payload.size());
  if (p.flags & tcp_flag::fin) fin_ = true, fin_at_ = sequence + length + p.cut;
  if (length == 0 && p.cut == 0) return 0;

  const Origin origin{p.payload_at, length};
  const std::int32_t ahead = after(next_, sequence);
  if (ahead <= 0) {
    const auto known = static_cast<std::uint32_t>(-ahead);
    if (known >= length + p.cut) return 0;
    if (known >= length) {
      const std::uint32_t lost = length + p.cut - known;
      next_ += lost, missing_ += lost;
      reader.gap(way, lost);
    } else {
      hand_on(way, Bytes(p.payload.span().subspan(known)), p.cut, {origin.at + known, length - known}, p.time_ns, reader);
    }
    if (!waiting_.empty()) drain(way, reader, waiting);
    return length > known ? length - known : 0;
  }

  const auto at = std::ranges::lower_bound(waiting_, ahead, {}, [&](const Segment& s) { return after(next_, s.sequence); });
  // A segment with no byte beyond one that waits already is a repeat.
  if (at != waiting_.end() && at->sequence == sequence && at->bytes.size() + at->cut >= length + p.cut) return 0;
  waiting_.insert(at, {sequence, p.cut, {p.payload.begin(), p.payload.end()}, origin, p.time_ns});
  longest_ = std::max(longest_, length);
  held_ += length;
  waiting.bytes += length;
  while (!waiting_.empty() && (held_ > limits.waiting_bytes || waiting.bytes > limits.waiting_total || waiting_.size() > kMostSegments)) skip_hole(way, reader, waiting);
  return length;
}

void TcpStream::remember(std::uint32_t length, std::uint64_t at) {
  if (seen_.empty()) seen_.reserve(8);   // most connections are short
  if (seen_.size() < kRemembered) return seen_.push_back({next_, length, at});
  seen_[remembered_] = {next_, length, at};
  remembered_ = static_cast<std::uint8_t>((remembered_ + 1) % kRemembered);
}

void TcpStream::hand_on(Way way, Bytes bytes, std::uint32_t cut, Origin origin, std::int64_t time_ns, StreamReader& reader) {
  remember(static_cast<std::uint32_t>(bytes.size()), origin.at);
  next_ += static_cast<std::uint32_t>(bytes.size());
  patience_ = 0;
  if (!bytes.empty()) reader.read({way, bytes, origin, time_ns});
  if (cut > 0) {
    next_ += cut, missing_ += cut;
    reader.gap(way, cut);
  }
}

void TcpStream::drain(Way way, StreamReader& reader, Waiting& waiting) {
  std::size_t done = 0;
  for (; done < waiting_.size(); ++done) {
    Segment& s = waiting_[done];
    const std::int32_t ahead = after(next_, s.sequence);
    if (ahead > 0) break;
    const auto known = static_cast<std::uint32_t>(-ahead);
    const auto length = static_cast<std::uint32_t>(s.bytes.size());
    if (known < length) hand_on(way, Bytes(s.bytes.data() + known, length - known), s.cut, {s.origin.at + known, length - known}, s.time_ns, reader);
    held_ -= length;
    waiting.bytes -= length;
  }
  waiting_.erase(waiting_.begin(), waiting_.begin() + static_cast<std::ptrdiff_t>(done));
}

void TcpStream::skip_hole(Way way, StreamReader& reader, Waiting& waiting) {
  if (waiting_.empty()) return;
  const auto lost = static_cast<std::uint32_t>(after(next_, waiting_.front().sequence));
  next_ = waiting_.front().sequence;
  missing_ += lost;
  patience_ = 0;
  reader.gap(way, lost);
  drain(way, reader, waiting);
}

void TcpStream::acknowledged(std::uint32_t sequence, Way way, StreamReader& reader, Waiting& waiting) {
  if (waiting_.empty() || after(next_, sequence) <= 0 || after(waiting_.front().sequence, sequence) < 0) return;
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
  const std::int32_t least = after(next_, from - std::min(longest_, from - next_));
  const auto first = after(next_, from) <= 0 ? waiting_.begin() : std::ranges::lower_bound(waiting_, least, {}, [&](const Segment& s) { return after(next_, s.sequence); });
  const auto last = first + std::min(waiting_.end() - first, std::ptrdiff_t{kCompared});
  for (auto s = first; s != last && after(s->sequence, from + length) > 0; ++s)
    if (const auto [at, part] = overlap(s->sequence, s->bytes.size()); !std::ranges::equal(part, Bytes(s->bytes).span().subspan(at, part.size()))) return Contradiction{.first = {s->origin.at + at, part.size()}, .read = false};
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
