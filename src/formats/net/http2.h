// The frames of HTTP/2: headers, and what padding and priorities leave of a payload.
// Source: RFC 9113 (HTTP/2) §3.4 preface, §4.1 frame header, §6 frame types.
#pragma once

#include <cstdint>
#include <string_view>

#include "base/bytes.h"

namespace klik::net::http2 {

inline constexpr std::string_view kPreface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

namespace frame_type {
constexpr std::uint8_t data = 0, headers = 1, priority = 2, rst_stream = 3, settings = 4, push_promise = 5, ping = 6, goaway = 7, window_update = 8, continuation = 9;
}
namespace frame_flag {
constexpr std::uint8_t end_stream = 1, ack = 1, end_headers = 4, padded = 8, priority = 32;
}

struct FrameHeader {
  std::uint8_t length[3];
  std::uint8_t type, flags;
  U32be stream_field;   // the highest bit is reserved

  std::uint32_t size() const { return static_cast<std::uint32_t>(length[0] << 16 | length[1] << 8 | length[2]); }
  std::uint32_t stream() const { return stream_field & 0x7fffffffu; }
  bool has(std::uint8_t flag) const { return (flags & flag) != 0; }
};
static_assert(sizeof(FrameHeader) == 9 && alignof(FrameHeader) == 1);

// Whether the fields agree with each other as RFC 9113 §6 demands and the type is one of its: how frames are found again after bytes
// that are missing. Frames over 16,384 bytes, the size everybody must take, are not believed.
bool is_plausible(const FrameHeader& header);

// The piece of a header block in a HEADERS, PUSH_PROMISE or CONTINUATION frame: payload without padding, priority and promised id.
// Errors: truncated, bad_value (padding longer than the payload).
struct BlockPart {
  Bytes block;
  std::uint32_t promised = 0;   // of PUSH_PROMISE: the stream it announces
};
Result<BlockPart> block_part(const FrameHeader& header, Bytes payload);

}  // namespace klik::net::http2
