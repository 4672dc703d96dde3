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

bool unsqueezed(std::string_view small, std::string& out) {
  const unsigned long long size = ZSTD_getFrameContentSize(small.data(), small.size());
  if (size == ZSTD_CONTENTSIZE_ERROR || size == ZSTD_CONTENTSIZE_UNKNOWN || size > kLargest) return false;
  out.resize(size);
  const std::size_t got = ZSTD_decompress(out.data(), out.size(), small.data(), small.size());
  return !ZSTD_isError(got) && got == size;
}

}  // namespace klik::flow
