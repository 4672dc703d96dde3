#include "traffic/coding_stream.h"

#include <brotli/decode.h>
#include <zlib.h>
#include <zstd.h>

#include <algorithm>
#include <array>

namespace klik::traffic {
namespace {

constexpr std::size_t kStep = 16 << 10;

class Inflate final : public CodingStream {
 public:
  // window_bits as inflateInit2 takes them: 31 gzip, 15 zlib, -15 bare deflate.
  explicit Inflate(int window_bits) : members_(window_bits == 31), usable_(inflateInit2(&z_, window_bits) == Z_OK) {}
  ~Inflate() override { inflateEnd(&z_); }
  bool usable() const { return usable_; }

  CodingEnd add(Bytes in, const Out& out) override {
    if (ended_ && !(members_ && begins_member(in))) return CodingEnd::whole;
    if (ended_ && !again()) return CodingEnd::whole;
    std::uint64_t at = 0;   // zlib counts in 32 bits, so a body is fed in parts
    z_.avail_in = 0;
    while (true) {
      if (z_.avail_in == 0 && at < in.size()) {
        const std::uint64_t part = std::min<std::uint64_t>(in.size() - at, std::uint64_t{1} << 30);
        z_.next_in = const_cast<Bytef*>(in.data() + at);
        z_.avail_in = static_cast<uInt>(part);
        at += part;
      }
      z_.next_out = buffer_.data();
      z_.avail_out = kStep;
      const int got = inflate(&z_, Z_NO_FLUSH);
      const std::size_t made = kStep - z_.avail_out;
      if (made > 0 && !out(Bytes(buffer_.data(), made))) return CodingEnd::over_limit;
      if (got == Z_STREAM_END) {
        ended_ = true;
        const Bytes rest(z_.next_in, z_.avail_in);
        if (!members_ || !begins_member(rest) || !again()) return CodingEnd::whole;
        continue;
      }
      if (got != Z_OK && got != Z_BUF_ERROR) return CodingEnd::broken;
      if (z_.avail_out != 0 && z_.avail_in == 0 && at == in.size()) return CodingEnd::early;
    }
  }

 private:
  // A gzip body may be several members one after another (RFC 1952 §2.2); anything else that follows is padding.
  static bool begins_member(Bytes in) { return in.size() >= 2 && in[0] == 0x1f && in[1] == 0x8b; }
  bool again() {
    ended_ = inflateReset(&z_) != Z_OK;
    return !ended_;
  }

  z_stream z_{};
  bool members_, usable_, ended_ = false;
  std::array<std::uint8_t, kStep> buffer_;
};

class Brotli final : public CodingStream {
 public:
  bool usable() const { return decoder_ != nullptr; }
  CodingEnd add(Bytes in, const Out& out) override {
    if (ended_) return CodingEnd::whole;
    std::size_t avail_in = in.size();
    const std::uint8_t* next_in = in.data();
    while (true) {
      std::size_t avail_out = kStep;
      std::uint8_t* next_out = buffer_.data();
      const BrotliDecoderResult got = BrotliDecoderDecompressStream(decoder_.get(), &avail_in, &next_in, &avail_out, &next_out, nullptr);
      const std::size_t made = kStep - avail_out;
      if (made > 0 && !out(Bytes(buffer_.data(), made))) return CodingEnd::over_limit;
      ended_ = got == BROTLI_DECODER_RESULT_SUCCESS;
      if (ended_) return CodingEnd::whole;
      if (got == BROTLI_DECODER_RESULT_NEEDS_MORE_OUTPUT) continue;
      return got == BROTLI_DECODER_RESULT_ERROR ? CodingEnd::broken : CodingEnd::early;
    }
  }

 private:
  const std::unique_ptr<BrotliDecoderState, void (*)(BrotliDecoderState*)> decoder_{BrotliDecoderCreateInstance(nullptr, nullptr, nullptr), BrotliDecoderDestroyInstance};
  bool ended_ = false;
  std::array<std::uint8_t, kStep> buffer_;
};

class Zstd final : public CodingStream {
 public:
  Zstd() {
    if (decoder_) ZSTD_DCtx_setParameter(decoder_.get(), ZSTD_d_windowLogMax, 23);   // RFC 9659
  }
  bool usable() const { return decoder_ != nullptr; }
  CodingEnd add(Bytes in, const Out& out) override {
    ZSTD_inBuffer from{in.data(), in.size(), 0};
    while (true) {
      ZSTD_outBuffer to{buffer_.data(), kStep, 0};
      const std::size_t got = ZSTD_decompressStream(decoder_.get(), &to, &from);
      if (ZSTD_isError(got)) return CodingEnd::broken;
      if (to.pos > 0 && !out(Bytes(buffer_.data(), to.pos))) return CodingEnd::over_limit;
      if (from.pos < from.size || to.pos == to.size) continue;   // a frame may follow, or output waits
      return got != 0 ? CodingEnd::early : CodingEnd::whole;
    }
  }

 private:
  const std::unique_ptr<ZSTD_DCtx, std::size_t (*)(ZSTD_DCtx*)> decoder_{ZSTD_createDCtx(), ZSTD_freeDCtx};
  std::array<std::uint8_t, kStep> buffer_;
};

template <class Stream, class... Args>
std::unique_ptr<CodingStream> made(Args... args) {
  auto stream = std::make_unique<Stream>(args...);
  if (!stream->usable()) return nullptr;
  return stream;
}

}  // namespace

std::unique_ptr<CodingStream> coding_stream(Coding coding) {
  switch (coding) {
    case Coding::gzip: return made<Inflate>(31);
    case Coding::zlib: return made<Inflate>(15);
    case Coding::deflate: return made<Inflate>(-15);
    case Coding::brotli: return made<Brotli>();
    case Coding::zstd: return made<Zstd>();
    default: return nullptr;
  }
}

}  // namespace klik::traffic
