#include "flow/packing.h"

#include <zstd.h>

namespace klik::flow {
namespace {

constexpr unsigned long long kLargest = 256u << 20;   // unpacked; the largest real ones have 20 MiB

}  // namespace

std::string squeezed(std::string_view raw) {
  std::string out(ZSTD_compressBound(raw.size()), '\0');
  const std::size_t size = ZSTD_compress(out.data(), out.size(), raw.data(), raw.size(), 1);
  if (ZSTD_isError(size)) return {};
  out.resize(size);
  return out;
}

std::uint64_t unsqueezed_size(std::string_view head) {
  const unsigned long long size = ZSTD_getFrameContentSize(head.data(), head.size());
  return size == ZSTD_CONTENTSIZE_ERROR || size == ZSTD_CONTENTSIZE_UNKNOWN || size > kLargest ? 0 : size;
}

bool unsqueezed(std::string_view small, std::string& out) {
  const std::uint64_t size = unsqueezed_size(small);
  if (size == 0) return false;
  out.resize(size);
  const std::size_t got = ZSTD_decompress(out.data(), out.size(), small.data(), small.size());
  return !ZSTD_isError(got) && got == size;
}

}  // namespace klik::flow
