#include "formats/net/http3.h"

namespace klik::net::http3 {

Result<Integer> read_integer(Bytes bytes, std::uint64_t at) {
  KLIK_TRY(const std::uint8_t first, bytes.get<std::uint8_t>(at));
  const std::uint32_t size = 1u << (first >> 6);
  KLIK_TRY(const Bytes rest, bytes.slice(at, size));
  std::uint64_t value = first & 0x3f;
  for (std::size_t i = 1; i < size; ++i) value = value << 8 | rest[i];
  return Integer{value, size};
}

Result<FrameHeader> read_frame_header(Bytes bytes) {
  KLIK_TRY(const Integer type, read_integer(bytes, 0));
  KLIK_TRY(const Integer length, read_integer(bytes, type.size));
  return FrameHeader{type.value, length.value, type.size + length.size};
}

}  // namespace klik::net::http3
