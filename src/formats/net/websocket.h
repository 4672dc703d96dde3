// The frames of WebSocket.
// Source: RFC 6455 §5.2.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "base/bytes.h"

namespace klik::net::websocket {

namespace opcode {
constexpr std::uint8_t continuation = 0, text = 1, binary = 2, close = 8, ping = 9, pong = 10;
}
// Of one that begins a message: "text", "binary", "close", "ping", "pong"; "other".
std::string_view opcode_name(std::uint8_t code);

struct FrameHeader {
  bool fin = false;
  bool rsv1 = false;          // the first frame of a message that is deflated (RFC 7692 §7.2.3.1)
  bool reserved = false;      // RSV2 or RSV3: no registered extension sets them
  std::uint8_t opcode = 0;
  bool masked = false;
  std::array<std::uint8_t, 4> mask{};
  std::uint64_t length = 0;   // of the payload: below 2^63
  std::uint32_t size = 0;     // of the header itself: 2 … 14

  bool is_control() const { return opcode >= 8; }
};

// Errors: truncated when the header is not whole, bad_value for a length with its highest bit set and for a control frame that is longer
// than 125 bytes or a fragment.
Result<FrameHeader> read_header(Bytes bytes);

// Unmasks in place. `from`: how many bytes of the payload came before.
void unmask(MutableBytes bytes, const std::array<std::uint8_t, 4>& mask, std::uint64_t from);

}  // namespace klik::net::websocket
