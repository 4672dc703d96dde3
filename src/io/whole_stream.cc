#include "io/whole_stream.h"

#include <brotli/decode.h>
#include <bzlib.h>
#include <lzma.h>
#include <zstd.h>
#include <zstd_errors.h>

#include <algorithm>
#include <limits>
#include <memory>

namespace klik {
namespace {

// The updater's own decoder stops at a dictionary of 64 MiB.
constexpr std::uint64_t kXzMemory = std::uint64_t{80} << 20;
constexpr std::size_t kMost = std::numeric_limits<unsigned>::max();

// One per thread: a new operation with the same dictionary size uses the memory of the one before.
class XzState {
 public:
  ~XzState() { lzma_end(&stream_); }
  lzma_stream& stream() { return stream_; }
  void drop() {
    lzma_end(&stream_);
    stream_ = LZMA_STREAM_INIT;
  }

 private:
  lzma_stream stream_ = LZMA_STREAM_INIT;
};

// A data frame, or one that is to be skipped (RFC 8878, 3.1).
bool is_zstd_frame(Bytes bytes) {
  const auto magic = bytes.get<U32le>(0);
  return magic && (*magic == ZSTD_MAGICNUMBER || (*magic & ZSTD_MAGIC_SKIPPABLE_MASK) == ZSTD_MAGIC_SKIPPABLE_START);
}

}  // namespace

Result<std::uint64_t> decode_xz(Bytes in, MutableBytes out) {
  thread_local XzState state;
  lzma_stream& stream = state.stream();
  if (lzma_stream_decoder(&stream, kXzMemory, 0) != LZMA_OK) return fail(Code::internal, 0, "no xz decoder");
  stream.next_in = in.data();
  stream.avail_in = in.size();
  stream.next_out = out.data();
  stream.avail_out = out.size();
  lzma_ret code = lzma_code(&stream, LZMA_FINISH);
  const bool full = stream.avail_out == 0;
  if (code == LZMA_OK && full) {   // the end marker may follow, or more data
    std::uint8_t more = 0;
    stream.next_out = &more;
    stream.avail_out = 1;
    code = lzma_code(&stream, LZMA_FINISH);
    if (stream.avail_out == 0) return fail(Code::bad_value, stream.total_in, "the xz stream is longer than its place");
  }
  const std::uint64_t done = stream.total_out, at = stream.total_in;
  switch (code) {
    case LZMA_STREAM_END: return done;
    case LZMA_OK:
    case LZMA_BUF_ERROR: return fail(Code::truncated, at, "the xz stream does not end");
    case LZMA_MEMLIMIT_ERROR: state.drop(); return fail(Code::over_budget, at, "the xz dictionary is larger than a device allows");
    case LZMA_FORMAT_ERROR: return fail(Code::bad_magic, at, "not an xz stream");
    case LZMA_OPTIONS_ERROR: return fail(Code::unsupported, at, "the xz stream uses a filter that is not known");
    case LZMA_MEM_ERROR: state.drop(); return fail(Code::over_budget, at, "no memory for the xz dictionary");
    default: return fail(Code::bad_value, at, "the xz stream is broken");
  }
}

Result<std::uint64_t> decode_bzip2(Bytes in, MutableBytes out) {
  bz_stream stream{};
  if (BZ2_bzDecompressInit(&stream, 0, 0) != BZ_OK) return fail(Code::internal, 0, "no bzip2 decoder");
  struct End {
    void operator()(bz_stream* s) const { BZ2_bzDecompressEnd(s); }
  };
  const std::unique_ptr<bz_stream, End> end(&stream);
  std::uint64_t read = 0, written = 0;   // up to here both sides have been handed over
  std::uint8_t more = 0;
  for (;;) {   // each round hands over bytes, ends, or fails
    if (stream.avail_in == 0 && read < in.size()) {
      const std::size_t n = std::min<std::uint64_t>(in.size() - read, kMost);
      const auto part = in.slice(read, n);
      if (!part) return fail(part.error());
      stream.next_in = const_cast<char*>(part->text().data());   // not written to: an old interface
      stream.avail_in = static_cast<unsigned>(n);
      read += n;
    }
    if (stream.avail_out == 0) {
      const MutableBytes rest = out.subspan(written);
      const std::size_t n = std::min<std::size_t>(rest.size(), kMost);
      const MutableBytes next = n > 0 ? rest.first(n) : MutableBytes(&more, 1);
      stream.next_out = static_cast<char*>(static_cast<void*>(next.data()));
      stream.avail_out = static_cast<unsigned>(next.size());
      written += n;
    }
    const unsigned in_before = stream.avail_in, out_before = stream.avail_out;
    const int code = BZ2_bzDecompress(&stream);
    const std::uint64_t at = read - stream.avail_in;
    const std::uint64_t total = (std::uint64_t{stream.total_out_hi32} << 32) | stream.total_out_lo32;
    if (total > out.size()) return fail(Code::bad_value, at, "the bzip2 stream is longer than its place");
    if (code == BZ_STREAM_END) return total;
    if (code == BZ_MEM_ERROR) return fail(Code::over_budget, at, "no memory for bzip2");
    if (code == BZ_DATA_ERROR_MAGIC) return fail(Code::bad_magic, at, "not a bzip2 stream");
    if (code != BZ_OK) return fail(Code::bad_value, at, "the bzip2 stream is broken");
    if (stream.avail_in == in_before && stream.avail_out == out_before && read == in.size())
      return fail(Code::truncated, at, "the bzip2 stream does not end");
  }
}

Result<std::uint64_t> decode_zstd(Bytes in, MutableBytes out) {
  struct Free {
    void operator()(ZSTD_DCtx* context) const { ZSTD_freeDCtx(context); }
  };
  thread_local const std::unique_ptr<ZSTD_DCtx, Free> context(ZSTD_createDCtx());
  if (!context) return fail(Code::over_budget, 0, "no memory for zstd");
  // Frames may follow each other; the size of each is known before it is decoded.
  std::uint64_t read = 0, written = 0;
  for (;;) {
    KLIK_TRY(const Bytes rest, in.from(read));
    if (read > 0 && !is_zstd_frame(rest)) return written;
    const MutableBytes room = out.subspan(written);
    const std::size_t frame = ZSTD_findFrameCompressedSize(rest.data(), rest.size());
    if (ZSTD_isError(frame)) {
      if (!is_zstd_frame(rest)) return fail(Code::bad_magic, read, "not a zstd frame");
      return fail(Code::truncated, read, "the zstd frame does not end");
    }
    const std::size_t done = ZSTD_decompressDCtx(context.get(), room.data(), room.size(), rest.data(), frame);
    if (ZSTD_isError(done)) {
      const bool room_short = ZSTD_getErrorCode(done) == ZSTD_error_dstSize_tooSmall;
      return fail(Code::bad_value, read, room_short ? "the zstd frame is longer than its place" : "the zstd frame is broken");
    }
    read += frame;   // at least a header
    written += done;
  }
}

Result<std::vector<std::uint8_t>> decode_brotli(Bytes in, std::uint64_t most) {
  struct Free {
    void operator()(BrotliDecoderState* state) const { BrotliDecoderDestroyInstance(state); }
  };
  const std::unique_ptr<BrotliDecoderState, Free> state(BrotliDecoderCreateInstance(nullptr, nullptr, nullptr));
  if (!state) return fail(Code::internal, 0, "no brotli decoder");
  std::vector<std::uint8_t> out;
  std::size_t left = in.size(), done = 0;
  const std::uint8_t* next_in = in.data();
  for (;;) {   // each round makes bytes, ends, or fails
    if (done == out.size()) out.resize(std::min<std::uint64_t>(most + 1, std::max<std::uint64_t>(out.size() * 2, std::uint64_t{1} << 16)));
    const MutableBytes room = MutableBytes(out).subspan(done);
    std::size_t free = room.size();
    std::uint8_t* next_out = room.data();
    const auto code = BrotliDecoderDecompressStream(state.get(), &left, &next_in, &free, &next_out, nullptr);
    done = out.size() - free;
    const std::uint64_t at = in.size() - left;
    if (done > most) return fail(Code::over_budget, at, "the brotli stream has more than the budget for one piece allows");
    if (code == BROTLI_DECODER_RESULT_ERROR) return fail(Code::bad_value, at, "the brotli stream is broken");
    if (code == BROTLI_DECODER_RESULT_NEEDS_MORE_INPUT) return fail(Code::truncated, at, "the brotli stream does not end");
    if (code == BROTLI_DECODER_RESULT_SUCCESS) break;
  }
  out.resize(done);
  return out;
}

}  // namespace klik
