// The handshake messages in the CRYPTO frames of one way at one encryption level (RFC 9000 §7, §19.6): frames come split, in any order,
// over several packets.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "formats/net/tls_handshake.h"
#include "traffic/quic_reorder.h"

namespace klik::traffic {

class QuicCrypto {
 public:
  // `longest`: bytes of one message, and of what waits for its turn.
  explicit QuicCrypto(std::uint64_t longest) : longest_(longest), messages_(longest) {}

  QuicReorder::Took take(std::uint64_t offset, Bytes bytes, Origin origin, std::int64_t time_ns);

  struct Message {
    tls::HandshakeMessage message;   // its body lives until the next call of anything here
    Origin origin;                   // of the packet that brought its first byte
    std::int64_t time_ns = 0;
  };
  std::optional<Message> next();

  // The first bytes of the stream in order, up to `longest`, as far as they came: for a handshake that is not TLS.
  Bytes start() const { return Bytes(start_); }
  Origin start_origin() const { return start_origin_; }

 private:
  void hand_on(Bytes bytes, Origin origin, std::int64_t time_ns);

  std::uint64_t longest_;
  QuicReorder order_;
  tls::HandshakeAssembler messages_;
  std::vector<std::uint8_t> start_;   // kept to compare repeats with
  Origin start_origin_;
  Origin origin_, newest_origin_;     // of the message that is being put together; of what came last
  std::int64_t time_ns_ = 0, newest_time_ns_ = 0;
};

}  // namespace klik::traffic
