#include "io/pull_stream.h"

#include <brotli/decode.h>
#include <bzlib.h>

#include <algorithm>

namespace klik {
namespace {

constexpr std::uint64_t kPart = std::uint64_t{1} << 30;   // bzip2 counts in 32 bits

class PlainStream final : public PullStream {
 public:
  explicit PlainStream(Bytes in) : in_(in) {}
  Result<void> read(MutableBytes out) override {
    KLIK_TRY(const Bytes part, in_.slice(at_, out.size()));
    copy_bytes(out, 0, part);
    at_ += out.size();
    return {};
  }

 private:
  Bytes in_;
  std::uint64_t at_ = 0;
};

class Bzip2Stream final : public PullStream {
 public:
  explicit Bzip2Stream(Bytes in) : in_(in) {}
  ~Bzip2Stream() override {
    if (started_) BZ2_bzDecompressEnd(&stream_);
  }
  bool start() { return started_ = BZ2_bzDecompressInit(&stream_, 0, 0) == BZ_OK; }

  Result<void> read(MutableBytes out) override {
    while (!out.empty()) {   // each round hands over bytes, or fails
      if (ended_) return fail(Code::truncated, at(), "the bzip2 stream ends too early");
      if (stream_.avail_in == 0 && given_ < in_.size()) {
        KLIK_TRY(const Bytes part, in_.slice(given_, std::min(kPart, in_.size() - given_)));
        stream_.next_in = const_cast<char*>(part.text().data());   // not written to: an old interface
        stream_.avail_in = static_cast<unsigned>(part.size());
        given_ += part.size();
      }
      const unsigned room = static_cast<unsigned>(std::min<std::uint64_t>(out.size(), kPart)), in_before = stream_.avail_in;
      stream_.next_out = static_cast<char*>(static_cast<void*>(out.data()));
      stream_.avail_out = room;
      const int code = BZ2_bzDecompress(&stream_);
      const unsigned made = room - stream_.avail_out;
      out = out.subspan(made);
      if (code == BZ_STREAM_END) ended_ = true;
      else if (code != BZ_OK) return fail(code == BZ_DATA_ERROR_MAGIC ? Code::bad_magic : Code::bad_value, at(), "the bzip2 stream is broken");
      else if (made == 0 && stream_.avail_in == in_before && given_ == in_.size()) return fail(Code::truncated, at(), "the bzip2 stream does not end");
    }
    return {};
  }

 private:
  std::uint64_t at() const { return given_ - stream_.avail_in; }

  Bytes in_;
  bz_stream stream_{};
  std::uint64_t given_ = 0;
  bool started_ = false, ended_ = false;
};

class BrotliStream final : public PullStream {
 public:
  explicit BrotliStream(Bytes in) : in_(in), state_(BrotliDecoderCreateInstance(nullptr, nullptr, nullptr)) {}
  ~BrotliStream() override {
    if (state_) BrotliDecoderDestroyInstance(state_);
  }
  bool started() const { return state_ != nullptr; }

  Result<void> read(MutableBytes out) override {
    while (!out.empty()) {
      KLIK_TRY(const Bytes rest, in_.from(at_));
      std::size_t left = rest.size(), room = out.size();
      const std::uint8_t* next_in = rest.data();
      std::uint8_t* next_out = out.data();
      const auto code = BrotliDecoderDecompressStream(state_, &left, &next_in, &room, &next_out, nullptr);
      at_ += rest.size() - left;
      out = out.subspan(out.size() - room);
      if (code == BROTLI_DECODER_RESULT_ERROR) return fail(Code::bad_value, at_, "the brotli stream is broken");
      if (out.empty()) return {};
      if (code == BROTLI_DECODER_RESULT_SUCCESS) return fail(Code::truncated, at_, "the brotli stream ends too early");
      if (code == BROTLI_DECODER_RESULT_NEEDS_MORE_INPUT) return fail(Code::truncated, at_, "the brotli stream does not end");
    }
    return {};
  }

 private:
  Bytes in_;
  std::uint64_t at_ = 0;
  BrotliDecoderState* state_;
};

}  // namespace

std::unique_ptr<PullStream> pull_plain(Bytes in) { return std::make_unique<PlainStream>(in); }

Result<std::unique_ptr<PullStream>> pull_bzip2(Bytes in) {
  auto stream = std::make_unique<Bzip2Stream>(in);
  if (!stream->start()) return fail(Code::internal, 0, "no bzip2 decoder");
  return stream;
}

Result<std::unique_ptr<PullStream>> pull_brotli(Bytes in) {
  auto stream = std::make_unique<BrotliStream>(in);
  if (!stream->started()) return fail(Code::internal, 0, "no brotli decoder");
  return stream;
}

}  // namespace klik
