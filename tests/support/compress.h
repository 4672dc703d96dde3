// Compressors for fixtures, with the settings an update is made with.
#pragma once

#include <bzlib.h>
#include <lzma.h>
#include <zstd.h>

#include <cstdint>
#include <vector>

namespace klik::test {

inline std::vector<std::uint8_t> xz(std::vector<std::uint8_t> in, std::uint32_t dictionary = 1u << 20) {
  lzma_options_lzma options;
  lzma_lzma_preset(&options, 6);
  options.dict_size = dictionary;
  lzma_filter filters[] = {{LZMA_FILTER_LZMA2, &options}, {LZMA_VLI_UNKNOWN, nullptr}};
  std::vector<std::uint8_t> out(lzma_stream_buffer_bound(in.size()));
  std::size_t n = 0;
  if (lzma_stream_buffer_encode(filters, LZMA_CHECK_NONE, nullptr, in.data(), in.size(), out.data(), &n, out.size()) != LZMA_OK) return {};
  out.resize(n);
  return out;
}

inline std::vector<std::uint8_t> bzip2(std::vector<std::uint8_t> in) {
  std::vector<std::uint8_t> out(in.size() + in.size() / 100 + 600);
  auto n = static_cast<unsigned>(out.size());
  if (BZ2_bzBuffToBuffCompress(reinterpret_cast<char*>(out.data()), &n, reinterpret_cast<char*>(in.data()), static_cast<unsigned>(in.size()), 9, 0, 0) != BZ_OK) return {};
  out.resize(n);
  return out;
}

inline std::vector<std::uint8_t> zstd(const std::vector<std::uint8_t>& in) {
  std::vector<std::uint8_t> out(ZSTD_compressBound(in.size()));
  const std::size_t n = ZSTD_compress(out.data(), out.size(), in.data(), in.size(), 3);
  if (ZSTD_isError(n)) return {};
  out.resize(n);
  return out;
}

}  // namespace klik::test
