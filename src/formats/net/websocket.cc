#include "formats/net/websocket.h"

#include <algorithm>

namespace klik::net::websocket {

std::string_view opcode_name(std::uint8_t code) {
  switch (code) {
    case opcode::text: return "text";
    case opcode::binary: return "binary";
    case opcode::close: return "close";
    case opcode::ping: return "ping";
    case opcode::pong: return "pong";
    default: return "other";
  }
}

Result<FrameHeader> read_header(Bytes bytes) {
  KLIK_TRY(const std::uint8_t first, bytes.get<std::uint8_t>(0));
  KLIK_TRY(const std::uint8_t second, bytes.get<std::uint8_t>(1));
  FrameHeader h;
  h.fin = (first & 0x80) != 0;
  h.rsv1 = (first & 0x40) != 0;
  h.reserved = (first & 0x30) != 0;
  h.opcode = first & 0x0f;
  h.masked = (second & 0x80) != 0;
  h.length = second & 0x7f;
  h.size = 2;
  if (h.is_control() && (h.length > 125 || !h.fin)) return fail(Code::bad_value, 0, "a control frame is long or a fragment");
  if (h.length == 126) {
    KLIK_TRY(const U16be length, bytes.get<U16be>(2));
    h.length = length;
    h.size = 4;
  } else if (h.length == 127) {
    KLIK_TRY(const U64be length, bytes.get<U64be>(2));
    h.length = length;
    h.size = 10;
    if ((h.length >> 63) != 0) return fail(Code::bad_value, 2, "a frame's length is negative");
  }
  if (h.masked) {
    KLIK_TRY(const Bytes mask, bytes.slice(h.size, h.mask.size()));
    std::ranges::copy(mask.span(), h.mask.begin());
    h.size += 4;
  }
  return h;
}

void unmask(MutableBytes bytes, const std::array<std::uint8_t, 4>& mask, std::uint64_t from) {
  for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] ^= mask[(from + i) % mask.size()];
}

}  // namespace klik::net::websocket
