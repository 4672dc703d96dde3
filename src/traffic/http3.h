// HTTP/3 over the streams of one QUIC connection: what the phone asks and what it is answered. The QUIC reader puts each stream's
// bytes in order and hands them in; this class tells Message and Content events, protocol "h3".
// Format: RFC 9114 (frames §7.2, stream types §6.2), RFC 9204 (QPACK), RFC 9220 (CONNECT over it), RFC 9297
// (datagrams).
#pragma once

#include <cstdint>
#include <memory>

#include "traffic/context.h"

namespace klik::traffic {

class Http3 {
 public:
  // `context` outlives this object. The caller of QUIC says connection.speaks("quic") and, at ALPN "h3", speaks("h3").
  explicit Http3(Context& context);
  ~Http3();
  Http3(const Http3&) = delete;
  Http3& operator=(const Http3&) = delete;

  // The next bytes of one way of one stream, in order and without repeats. `id` as in the packet (RFC 9000 §2.1: bit 0 the side that
  // opened it, bit 1 one-way). `fin`: nothing follows on this way; may come with no bytes. Bytes are used during the call only.
  void stream_data(std::uint64_t id, Way way, Bytes bytes, bool fin, Origin origin, std::int64_t time_ns);
  // Bytes of this way of the stream are not in the capture and will not come, or were reset (RESET_STREAM): its frames cannot be followed
  // further. The message so far is told as damaged. Later bytes of it pass.
  void stream_gap(std::uint64_t id, Way way);
  // The payload of a DATAGRAM frame: a quarter of the id of the stream it belongs to, and what it carries (RFC 9297 §2.1).
  void datagram(Way way, Bytes bytes, Origin origin, std::int64_t time_ns);
  // Nothing follows. Tells what is open: messages without an end, header blocks that still wait for QPACK's table. Called once.
  void end();

 private:
  class State;
  std::unique_ptr<State> state_;
};

}  // namespace klik::traffic
