// One way of a TCP connection put in order (RFC 9293 §3.4, §3.10.7.4): overlaps are taken once, holes are waited for and told.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <vector>

#include "traffic/context.h"
#include "traffic/packet.h"
#include "traffic/stream.h"

namespace klik::traffic {

// Bytes held back by all ways of all connections of one capture, with what keeping them costs.
struct Waiting {
  std::uint64_t bytes = 0;
};

// Reads bytes of the capture file again, to compare a repeated segment with its first copy. False when they cannot be had.
using Reread = std::function<bool(std::uint64_t at, MutableBytes out)>;

class TcpStream {
 public:
  // Takes the payload of one packet; what has become readable goes to `reader`. Bytes for a hole that was given up go to `late`. More than
  // limits.waiting_bytes do not wait; that all ways together do not hold more than they may is the caller's to see to, by give_up().
  using Late = std::function<void(const Piece&)>;
  void take(const Packet& packet, Way way, StreamReader& reader, const Limits& limits, Waiting& waiting, const Late& late = {});
  // The first hole is no longer waited for, since too much waits behind it.
  void give_up(Way way, StreamReader& reader, Waiting& waiting);
  // The other side says that it has everything before `sequence`: a hole below it was lost by the capture, not by the network.
  void acknowledged(std::uint32_t sequence, Way way, StreamReader& reader, Waiting& waiting);
  // The number that a packet of the other side acknowledges, unless it is a reset: what it has of this way before that number is told when
  // this way's own packets do not show where it began, or where it ended.
  void hear(std::uint32_t acknowledged) {
    if (!heard_) heard_ = true, begins_ = reached_ = acknowledged, heard_first_ = !begun_;
    else if (static_cast<std::int32_t>(acknowledged - reached_) > 0) reached_ = acknowledged;
  }
  // Nothing more comes: what waits behind holes is handed on, and what was acknowledged and never seen is missing.
  void finish(Way way, StreamReader& reader, Waiting& waiting);

  bool begun() const { return begun_; }
  bool finished() const { return fin_ && static_cast<std::int32_t>(next_ - fin_at_) >= 0; }
  std::uint32_t start() const { return start_; }
  // Payload: that was handed on or came late, without repeats; that the capture lacks; that came late.
  std::uint64_t bytes() const { return read_ + late_; }
  std::uint64_t missing() const { return missing_; }
  std::uint64_t late() const { return late_; }
  // What waits, as counted in Waiting.
  std::uint64_t held() const { return held_; }
  // Holes that were given up because of a limit.
  std::uint64_t given_up() const { return given_up_; }
  // Bytes of the stream that came before with other values.
  struct Contradiction {
    Origin first;        // where the earlier copy stands
    bool read = false;   // it was handed on: the later one is not read
  };
  // Whether the packet, which take() has not been given yet, contradicts a copy that waits (the nearest 64 of them: more lie about one packet only
  // where somebody wants to make work), or one of the last 64 segments that were handed on. Without `reread` only those that wait are compared.
  std::optional<Contradiction> contradicts(const Packet& packet, const Reread& reread) const;
  // Whether it may hold bytes that came before.
  bool overlaps(const Packet& packet) const { return begun_ && !packet.payload.empty() && (static_cast<std::int32_t>(first_byte(packet) - next_) < 0 || !waiting_.empty()); }

 private:
  struct Segment {
    std::uint32_t sequence;
    std::uint32_t cut;                 // bytes after these that the capture left out
    std::vector<std::uint8_t> bytes;
    std::uint64_t cost() const { return bytes.size() + sizeof(Segment) + 64; }   // with the map's node and the heap's own
    Origin origin;
    std::int64_t time_ns;
  };
  struct Seen {
    std::uint32_t sequence = 0, length = 0;
    std::uint64_t at = 0;
  };
  static constexpr std::size_t kRemembered = 64, kCompared = 64;
  static constexpr std::uint32_t kPatience = 64;      // acknowledgements seen before an acknowledged hole is given up
  static constexpr std::size_t kHoles = 64;           // remembered, so that what comes for them late is known
  static constexpr std::int32_t kFarthest = 1 << 30;  // the largest window (RFC 7323 §2.3): so much may be on its way unacknowledged

  static std::uint32_t first_byte(const Packet& p) { return p.sequence + ((p.flags & tcp_flag::syn) != 0); }
  bool only_asks(const Packet& packet, std::uint32_t sequence) const;
  void begin_with(const Packet& packet, std::uint32_t sequence);
  void remember(std::uint32_t length, std::uint64_t at);
  // A segment that does not lie behind a hole: what of it is new goes to the reader.
  void hand_on(Way way, std::uint32_t sequence, Bytes bytes, std::uint32_t cut, Origin origin, std::int64_t time_ns, StreamReader& reader);
  void wait(const Packet& packet, std::uint32_t sequence, std::uint64_t place, Waiting& waiting);
  void forget(std::map<std::uint64_t, Segment>::iterator segment, Waiting& waiting);
  void fill_holes(const Packet& packet, std::uint32_t sequence, Way way, const Late& late);
  // The next `bytes` of the stream are not read.
  void lack(std::uint32_t bytes, Way way, StreamReader& reader);
  void drain(Way way, StreamReader& reader, Waiting& waiting);
  void skip_hole(Way way, StreamReader& reader, Waiting& waiting);

  bool begun_ = false, fin_ = false;
  bool heard_ = false, heard_first_ = false;          // first: before any byte of this way
  std::uint8_t remembered_ = 0;        // of seen_: the oldest, once it is full
  std::uint32_t start_ = 0, next_ = 0, fin_at_ = 0, patience_ = 0;
  std::uint32_t begins_ = 0, reached_ = 0;            // by the acknowledgements heard: the first, the furthest
  std::uint64_t read_ = 0, missing_ = 0, late_ = 0, given_up_ = 0;
  std::uint64_t place_ = std::uint64_t{1} << 32;   // of next_, in numbers that do not wrap
  std::uint64_t held_ = 0;             // cost of `waiting_`
  std::vector<Seen> seen_;             // the last that were handed on, up to kRemembered
  std::map<std::uint64_t, Segment> waiting_;   // by place, behind place_
  struct Hole {
    std::uint64_t begin, end;          // places
  };
  std::vector<Hole> holes_;            // the last that were given up, in order, up to kHoles
  std::uint32_t longest_ = 0;          // of all that waited so far
};

}  // namespace klik::traffic
