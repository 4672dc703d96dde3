// Algorithms: LZ4 block format; MicroLZMA as in liblzma (lzma/container.h); RFC 1951; RFC 8878.
#include "containers/erofs/decode.h"

#include <lz4.h>
#include <lzma.h>
#include <zlib.h>
#include <zstd.h>

#include <algorithm>
#include <memory>

namespace klik::erofs {
namespace {

// Compressed data never starts with a zero byte, so what is in front of it is padding.
Bytes strip_padding(Bytes in) {
  const auto first = std::ranges::find_if(in.span(), [](std::uint8_t b) { return b != 0; });
  return in.span().subspan(static_cast<std::size_t>(first - in.span().begin()));
}

Result<void> lz4(Bytes in, MutableBytes out) {
  // Lengths fit an int: a cluster has at most 1 MiB, its content at most 12.
  const int size = static_cast<int>(out.size());
  const int got = LZ4_decompress_safe_partial(in.text().data(), static_cast<char*>(static_cast<void*>(out.data())), static_cast<int>(in.size()), size, size);
  if (got != size) return fail(Code::bad_value, 0, "LZ4 data that does not decode to its length");
  return {};
}

Result<void> lzma(Bytes in, std::uint32_t dictionary, MutableBytes out) {
  lzma_stream stream = LZMA_STREAM_INIT;
  const std::unique_ptr<lzma_stream, decltype(&lzma_end)> ended(&stream, &lzma_end);
  if (lzma_microlzma_decoder(&stream, in.size(), out.size(), false, dictionary) != LZMA_OK) return fail(Code::internal, 0, "liblzma cannot start");
  stream.next_in = in.data();
  stream.avail_in = in.size();
  stream.next_out = out.data();
  stream.avail_out = out.size();
  const lzma_ret ret = lzma_code(&stream, LZMA_FINISH);
  if ((ret != LZMA_STREAM_END && ret != LZMA_OK) || stream.avail_out != 0) return fail(Code::bad_value, 0, "LZMA data that does not decode to its length");
  return {};
}

Result<void> deflate(Bytes in, MutableBytes out) {
  z_stream stream{};
  if (inflateInit2(&stream, -15) != Z_OK) return fail(Code::internal, 0, "zlib cannot start");
  const std::unique_ptr<z_stream, decltype(&inflateEnd)> ended(&stream, &inflateEnd);
  stream.next_in = const_cast<Bytef*>(in.data());   // zlib does not write there
  stream.avail_in = static_cast<uInt>(in.size());
  stream.next_out = out.data();
  stream.avail_out = static_cast<uInt>(out.size());
  const int ret = inflate(&stream, Z_SYNC_FLUSH);
  if ((ret != Z_OK && ret != Z_STREAM_END && ret != Z_BUF_ERROR) || stream.avail_out != 0) return fail(Code::bad_value, 0, "deflate data that does not decode to its length");
  return {};
}

Result<void> zstd(Bytes in, MutableBytes out) {
  struct Free {
    void operator()(ZSTD_DCtx* c) const { ZSTD_freeDCtx(c); }
  };
  // Making one costs more than a small cluster.
  thread_local const std::unique_ptr<ZSTD_DCtx, Free> context(ZSTD_createDCtx());
  if (!context) return fail(Code::internal, 0, "zstd cannot start");
  ZSTD_DCtx_reset(context.get(), ZSTD_reset_session_and_parameters);
  ZSTD_DCtx_setParameter(context.get(), ZSTD_d_windowLogMax, 20);
  ZSTD_inBuffer from{in.data(), in.size(), 0};
  ZSTD_outBuffer to{out.data(), out.size(), 0};
  while (to.pos < to.size) {
    const std::size_t in_before = from.pos, out_before = to.pos;
    const std::size_t ret = ZSTD_decompressStream(context.get(), &to, &from);
    if (ZSTD_isError(ret) || (from.pos == in_before && to.pos == out_before) || (ret == 0 && to.pos < to.size))
      return fail(Code::bad_value, 0, "zstd data that does not decode to its length");
  }
  return {};
}

}  // namespace

Result<void> decode_cluster(Codec codec, Bytes in, std::uint64_t start, const DecodeRules& rules, MutableBytes out) {
  switch (codec) {
    case Codec::shifted: {
      KLIK_TRY(const Bytes part, in.slice(0, out.size()));
      copy_bytes(out, 0, part);
      return {};
    }
    case Codec::interlaced: {
      // The block lies as it would in a plain file: its end is followed by its start.
      const std::uint64_t turn = start & (rules.block_size - 1);
      const std::uint64_t right = std::min<std::uint64_t>(rules.block_size - turn, out.size());
      KLIK_TRY(const Bytes first, in.slice(turn, right));
      KLIK_TRY(const Bytes second, in.slice(0, out.size() - right));
      copy_bytes(out, 0, first);
      copy_bytes(out, right, second);
      return {};
    }
    default: break;
  }
  const Bytes data = codec == Codec::lz4 && !rules.zero_padding ? in : strip_padding(in);
  if (data.empty()) return fail(Code::bad_value, 0, "a compressed cluster that is empty");
  switch (codec) {
    case Codec::lz4: return lz4(data, out);
    case Codec::lzma: return lzma(data, rules.lzma_dictionary, out);
    case Codec::deflate: return deflate(data, out);
    default: return zstd(data, out);
  }
}

}  // namespace klik::erofs
