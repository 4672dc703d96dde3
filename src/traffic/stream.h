// What passes between the layers of one connection: bytes in order, each piece with the place in the capture that brought it.
#pragma once

#include <cstdint>

#include "base/bytes.h"

namespace klik::traffic {

// Up: from the side that opened the connection (the phone, as a rule); down: to it.
enum class Way : std::uint8_t { up, down };
constexpr Way other(Way way) { return way == Way::up ? Way::down : Way::up; }

// Bytes of the capture file that brought something: the part of a frame, the first of several when a thing spans frames.
struct Origin {
  std::uint64_t at = 0, length = 0;
};

struct Piece {
  Way way;
  Bytes bytes;               // valid during the call only
  Origin origin;
  std::int64_t time_ns;      // since 1970-01-01 UTC, as the capture says
};

// One layer's reader of a stream (TCP, what TLS opened, a QUIC stream). Owned by the layer below. Bad bytes are events, never
// errors: a reader that cannot go on says so once and lets the rest pass.
class StreamReader {
 public:
  virtual ~StreamReader() = default;
  virtual void read(const Piece& piece) = 0;
  // `bytes` of this way are not in the capture (0: an unknown number). What follows is not certain to start at a boundary.
  virtual void gap(Way way, std::uint64_t bytes) = 0;
  // Nothing follows, of either way. Called once, before destruction.
  virtual void end() = 0;
};

// Whether a datagram between other addresses goes on with a connection.
struct Claim {
  enum class By : std::uint8_t { nothing, id, keys } by = By::nothing;   // id: it bears one of the connection's; keys: it opens under its keys
  Way way = Way::up;          // that it goes
  Way client_way = Way::up;   // of the end that may move: RFC 9000 §9
};

// The same for messages that keep their bounds: UDP.
class DatagramReader {
 public:
  virtual ~DatagramReader() = default;
  virtual void read(const Piece& datagram) = 0;
  // Asked of a reader that has an id in the datagram (Context::ids); it is read later, if at all.
  virtual Claim claim(Bytes datagram) { return (void)datagram, Claim(); }
  virtual void end() = 0;
};

}  // namespace klik::traffic
