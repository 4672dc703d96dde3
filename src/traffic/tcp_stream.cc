#include "traffic/tcp_stream.h"

#include <algorithm>

namespace klik::traffic {
namespace {

// How far b lies behind a; negative before it. Sequence numbers wrap (RFC 9293 §3.4).
std::int32_t after(std::uint32_t a, std::uint32_t b) { return static_cast<std::int32_t>(b - a); }

}  // namespace

std::uint64_t TcpStream::take(const Packet& p, Way way, StreamReader& reader, const Limits& limits, Waiting& waiting) {
  const std::uint32_t sequence = first_byte(p);
  if (!begun_ && ((p.flags & tcp_flag::syn) || !p.payload.empty() || p.cut > 0)) begun_ = true, start_ = next_ = sequence;
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
  held_ += length;
  waiting.bytes += length;
  while (!waiting_.empty() && (held_ > limits.waiting_bytes || waiting.bytes > limits.waiting_total || waiting_.size() > kMostSegments)) skip_hole(way, reader, waiting);
  return length;
}

void TcpStream::hand_on(Way way, Bytes bytes, std::uint32_t cut, Origin origin, std::int64_t time_ns, StreamReader& reader) {
  seen_[remembered_] = {next_, static_cast<std::uint32_t>(bytes.size()), origin.at};
  remembered_ = static_cast<std::uint8_t>((remembered_ + 1) % kRemembered);
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
}

bool TcpStream::contradicts(const Packet& p, const Reread& reread, Origin& first) const {
  const std::uint32_t from = first_byte(p);
  const auto length = static_cast<std::uint32_t>(p.payload.size());
  std::vector<std::uint8_t> then;
  for (const Seen& s : seen_) {
    if (s.length == 0) continue;
    const std::int32_t shift = after(s.sequence, from);   // of the repeat in the first copy
    const std::int64_t begin = std::max<std::int64_t>(shift, 0), end = std::min<std::int64_t>(std::int64_t{shift} + length, s.length);
    if (begin >= end) continue;
    then.resize(static_cast<std::size_t>(end - begin));
    if (!reread(s.at + static_cast<std::uint64_t>(begin), then)) continue;
    if (!std::ranges::equal(then, p.payload.span().subspan(static_cast<std::size_t>(begin - shift), then.size()))) {
      first = {s.at + static_cast<std::uint64_t>(begin), then.size()};
      return true;
    }
  }
  return false;
}

}  // namespace klik::traffic
