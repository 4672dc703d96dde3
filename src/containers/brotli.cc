// brotli. The format has neither magic nor checksum, so only its suffix tells.
#include <brotli/decode.h>

#include "containers/stream.h"

namespace klik {
namespace {

class BrotliDecoder final : public StreamDecoder {
 public:
  BrotliDecoder() : state_(::BrotliDecoderCreateInstance(nullptr, nullptr, nullptr)) {}
  ~BrotliDecoder() override {
    if (state_) ::BrotliDecoderDestroyInstance(state_);
  }
  BrotliDecoder(const BrotliDecoder&) = delete;
  BrotliDecoder& operator=(const BrotliDecoder&) = delete;

  Step step(Bytes in, MutableBytes out) override {
    if (!state_) return Step{}.failed(Code::internal, "libbrotli cannot be started");
    std::size_t left = in.size(), room = out.size();
    const std::uint8_t* next_in = in.data();
    std::uint8_t* next_out = out.data();
    const auto ended = ::BrotliDecoderDecompressStream(state_, &left, &next_in, &room, &next_out, nullptr);
    Step step{in.size() - left, out.size() - room, ended == BROTLI_DECODER_RESULT_SUCCESS};
    if (ended == BROTLI_DECODER_RESULT_ERROR) return step.failed(Code::bad_value, "the brotli stream is broken");
    return step;
  }

  bool restart(Bytes) override { return false; }

 private:
  BrotliDecoderState* state_;
};

constexpr Suffix kSuffixes[] = {{".br", ""}};

// ".new.dat.br" is one part of a transfer list and read with it.
bool recognise(const Source& source, std::string_view name) {
  return source.size() > 0 && name.ends_with(".br") && !name.ends_with(".new.dat.br");
}

Result<Contents> open(const SourceRef& source, OpenContext& context) {
  BrotliDecoder decoder;
  return open_stream({"brotli", kSuffixes}, decoder, source, context);
}

}  // namespace

extern const Container container_brotli;
constexpr Container container_brotli{
    .name = "brotli",
    .title = "brotli stream",
    .spec = "RFC 7932",
    .limits = "recognised by the suffix .br only; no large windows; the format has no checksum",
    .recognise = recognise,
    .open = open,
};

}  // namespace klik
