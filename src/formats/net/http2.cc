#include "formats/net/http2.h"

namespace klik::net::http2 {

bool is_plausible(const FrameHeader& header) {
  const std::uint32_t size = header.size(), stream = header.stream();
  if ((header.stream_field >> 31) != 0 || size > 16'384) return false;
  const auto flags_only = [&](int known) { return (header.flags & ~known) == 0; };
  switch (header.type) {
    case frame_type::data: return stream != 0 && flags_only(frame_flag::end_stream | frame_flag::padded);
    case frame_type::headers: return stream != 0 && size > 0 && flags_only(frame_flag::end_stream | frame_flag::end_headers | frame_flag::padded | frame_flag::priority);
    case frame_type::priority: return stream != 0 && size == 5 && header.flags == 0;
    case frame_type::rst_stream: return stream != 0 && size == 4 && header.flags == 0;
    case frame_type::settings: return stream == 0 && flags_only(frame_flag::ack) && (header.flags == 0 ? size % 6 == 0 : size == 0);
    case frame_type::push_promise: return stream != 0 && size > 4 && flags_only(frame_flag::end_headers | frame_flag::padded);
    case frame_type::ping: return stream == 0 && size == 8 && flags_only(frame_flag::ack);
    case frame_type::goaway: return stream == 0 && size >= 8 && header.flags == 0;
    case frame_type::window_update: return size == 4 && header.flags == 0;
    default: return false;   // CONTINUATION cannot be read without what it continues
  }
}

Result<BlockPart> block_part(const FrameHeader& header, Bytes payload) {
  std::uint64_t skip = 0, padding = 0;
  BlockPart part;
  if (header.type == frame_type::continuation) {
    part.block = payload;
    return part;
  }
  if (header.has(frame_flag::padded)) {
    KLIK_TRY(padding, payload.get<std::uint8_t>(0));
    skip = 1;
  }
  if (header.type == frame_type::push_promise) {
    KLIK_TRY(const U32be promised, payload.get<U32be>(skip));
    part.promised = promised & 0x7fffffffu;
    skip += 4;
  } else if (header.has(frame_flag::priority)) {
    skip += 5;
  }
  if (skip > payload.size() || padding > payload.size() - skip) return fail(Code::bad_value, 0, "padding is longer than the frame");
  KLIK_TRY(part.block, payload.slice(skip, payload.size() - skip - padding));
  return part;
}

}  // namespace klik::net::http2
