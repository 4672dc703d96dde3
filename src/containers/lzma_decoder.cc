#include "containers/lzma_decoder.h"

namespace klik {
namespace {

// A header may ask for 4 GiB of dictionary; no phone could decode that either.
constexpr std::uint64_t kMemory = std::uint64_t{512} << 20;

}  // namespace

LzmaDecoder::LzmaDecoder(Kind kind) : kind_(kind), ready_(start()) {}

LzmaDecoder::~LzmaDecoder() { ::lzma_end(&stream_); }

bool LzmaDecoder::start() {
  return (kind_ == Kind::xz ? ::lzma_stream_decoder(&stream_, kMemory, 0) : ::lzma_alone_decoder(&stream_, kMemory)) == LZMA_OK;
}

StreamDecoder::Step LzmaDecoder::step(Bytes in, MutableBytes out) {
  if (!ready_) return Step{}.failed(Code::internal, "liblzma cannot be started");
  stream_.next_in = in.data();
  stream_.avail_in = in.size();
  stream_.next_out = out.data();
  stream_.avail_out = out.size();
  const lzma_ret ended = ::lzma_code(&stream_, LZMA_RUN);
  Step step{in.size() - stream_.avail_in, out.size() - stream_.avail_out, ended == LZMA_STREAM_END};
  switch (ended) {
    case LZMA_OK:
    case LZMA_STREAM_END:
    case LZMA_BUF_ERROR: return step;
    case LZMA_MEMLIMIT_ERROR: return step.failed(Code::over_budget, "the stream asks for more than 512 MiB of memory");
    case LZMA_MEM_ERROR: return step.failed(Code::over_budget, "no memory for the stream's dictionary");
    case LZMA_FORMAT_ERROR: return step.failed(Code::bad_magic, "not an xz or lzma stream");
    case LZMA_OPTIONS_ERROR: return step.failed(Code::unsupported, "an xz filter or option that is not known");
    default: return step.failed(Code::bad_value, "the xz or lzma stream is broken");
  }
}

bool LzmaDecoder::restart(Bytes rest) {
  return kind_ == Kind::xz && rest.starts_with(std::string_view("\xfd" "7zXZ\0", 6)) && (ready_ = start());
}

}  // namespace klik
