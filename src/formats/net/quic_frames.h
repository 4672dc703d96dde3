// The frames inside an opened QUIC packet, one after the other.
// Source: RFC 9000 §19, RFC 9221 (DATAGRAM), draft-ietf-quic-ack-frequency, draft-huitema-quic-ts; for the versions with frames of gQUIC, those that its first
// packets hold: Chromium, net/third_party/quiche, and draft-hamilton-quic-transport-protocol.
#pragma once

#include <cstdint>
#include <optional>

#include "base/bytes.h"
#include "formats/net/cursor.h"

namespace klik::quic {

enum class FrameKind : std::uint8_t {
  padding, ping, ack, reset_stream, stop_sending, crypto, new_token, stream, flow, new_connection_id, retire_connection_id, path, connection_close, handshake_done, datagram,
};   // flow: limits and reports of being blocked

struct Frame {
  FrameKind kind = FrameKind::padding;
  std::uint64_t type = 0;              // as on the wire
  std::uint64_t stream = 0;            // stream, reset_stream, stop_sending
  std::uint64_t offset = 0;            // stream, crypto: of `data`; below 2^62, and so is where the data ends
  Bytes data;                          // stream, crypto, datagram
  bool fin = false;                    // stream
  Bytes connection_id;                 // new_connection_id: 1 … 20 bytes
};

class Frames {
 public:
  Frames(Bytes payload, bool google_frames) : in_(payload), google_(google_frames) {}
  bool done() const { return in_.done(); }
  // A run of padding is one frame. Errors end the packet: truncated, bad_value, unsupported (a type nobody registered).
  // REQUIRES: not done().
  Result<Frame> next() { return google_ ? next_google() : next_ietf(); }

 private:
  Result<Frame> next_ietf();
  Result<Frame> next_google();
  Result<void> skip_varints(unsigned count);
  Result<void> read_ack(bool congestion_counts);
  Result<void> read_data(Frame& frame, bool has_length);
  void skip_zeros();

  net::Cursor in_;
  bool google_;
};

}  // namespace klik::quic
