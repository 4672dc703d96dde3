// The frames and stream types of HTTP/3, on the variable-length integers of QUIC.
// Source: RFC 9114 §6.2 (stream types), §7 (frames), §7.2.4 (SETTINGS); RFC 9204 §5; RFC 9000 §16 (integers).
#pragma once

#include <cstdint>

#include "base/bytes.h"

namespace klik::net::http3 {

struct Integer {
  std::uint64_t value = 0;   // below 2^62
  std::uint32_t size = 0;    // 1, 2, 4 or 8 bytes
};
// Errors: truncated.
Result<Integer> read_integer(Bytes bytes, std::uint64_t at);

namespace stream_type {
constexpr std::uint64_t control = 0, push = 1, qpack_encoder = 2, qpack_decoder = 3;
}
namespace frame_type {
constexpr std::uint64_t data = 0, headers = 1, settings = 4, push_promise = 5, webtransport_stream = 0x41;
}
namespace setting {
constexpr std::uint64_t qpack_max_table_capacity = 1;
}

struct FrameHeader {
  std::uint64_t type = 0, length = 0;
  std::uint32_t size = 0;    // of the header itself
};
// Errors: truncated.
Result<FrameHeader> read_frame_header(Bytes bytes);

}  // namespace klik::net::http3
