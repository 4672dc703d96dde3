// Containers that hold one compressed stream: what all of them share.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "containers/container.h"

namespace klik {

// A decoder of one member of a stream; files may hold several after each other.
class StreamDecoder {
 public:
  struct Step {
    std::uint64_t taken = 0, made = 0;
    bool done = false;   // the member ended at `taken`
    std::optional<Error> error{};   // what stands behind the bytes made; its offset counts from the input's start

    Step& failed(Code code, const char* what) {
      error = fail(code, taken, what).error();
      return *this;
    }
  };
  virtual ~StreamDecoder() = default;
  // Decodes some of `in` into some of `out`; not called again after an error. `in` is empty at the end of
  // the source only. Nothing taken and nothing made: it needs more input than `in` holds.
  virtual Step step(Bytes in, MutableBytes out) = 0;
  // After a member: whether another starts with `rest`; then the decoder is ready for it.
  virtual bool restart(Bytes rest) = 0;
};

struct Suffix {
  std::string_view from, to;   // ".tgz" becomes ".tar"
};

struct StreamFormat {
  std::string_view transform;           // a literal
  std::span<const Suffix> suffixes;
};

// Decodes the whole stream into one child. A stream that breaks off keeps what came before.
// Errors: those of the first byte, when nothing at all could be decoded.
Result<Contents> open_stream(const StreamFormat& format, StreamDecoder& decoder, const SourceRef& source, OpenContext& context);

struct StreamEnd {
  std::uint64_t taken;           // of the source
  std::optional<Error> error;    // what ended it early; offsets count in the source
};

// The loop underneath: everything that decodes goes to `writer`.
StreamEnd decode_stream(StreamDecoder& decoder, const Source& source, SpillWriter& writer);

// A raw deflate stream, as in a zip.
std::unique_ptr<StreamDecoder> raw_deflate_decoder();

}  // namespace klik
