// lz4 frames, one or many, skippable ones between them. liblz4 decodes and checks each frame.
#include <lz4frame.h>

#include "containers/skippable.h"
#include "containers/stream.h"

namespace klik {
namespace {

constexpr std::uint32_t kFrame = 0x184D2204u;

class Lz4Decoder final : public StreamDecoder {
 public:
  Lz4Decoder() { ready_ = !::LZ4F_isError(::LZ4F_createDecompressionContext(&context_, LZ4F_VERSION)); }
  ~Lz4Decoder() override {
    if (ready_) ::LZ4F_freeDecompressionContext(context_);
  }
  Lz4Decoder(const Lz4Decoder&) = delete;
  Lz4Decoder& operator=(const Lz4Decoder&) = delete;

  Step step(Bytes in, MutableBytes out) override {
    if (!ready_) return Step{}.failed(Code::internal, "liblz4 cannot be started");
    std::size_t taken = in.size(), made = out.size();
    const std::size_t ended = ::LZ4F_decompress(context_, out.data(), &made, in.data(), &taken, nullptr);
    if (::LZ4F_isError(ended)) return Step{}.failed(Code::bad_value, "the lz4 frame is broken or its checksum does not match");
    return Step{taken, made, ended == 0};
  }

  bool restart(Bytes rest) override {
    const auto magic = rest.get<U32le>(0);
    return magic && (*magic == kFrame || is_skippable(*magic));
  }

 private:
  LZ4F_dctx* context_ = nullptr;
  bool ready_;
};

constexpr Magic kMagics[] = {{0, "\x04\x22\x4d\x18"}};
constexpr Suffix kSuffixes[] = {{".lz4", ""}};

bool recognise(const Source& source, std::string_view) { return magic_behind_skippable(source) == kFrame; }

Result<Contents> open(const SourceRef& source, OpenContext& context) {
  Lz4Decoder decoder;
  return open_stream({"lz4", kSuffixes}, decoder, source, context);
}

}  // namespace

extern const Container container_lz4;
constexpr Container container_lz4{
    .name = "lz4",
    .title = "lz4 frame stream",
    .spec = "lz4 project, LZ4 Frame Format 1.6.3",
    .limits = "no dictionaries",
    .magics = kMagics,
    .recognise = recognise,
    .open = open,
};

}  // namespace klik
