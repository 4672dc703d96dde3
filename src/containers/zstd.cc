// zstd, one or many frames, skippable ones between them. libzstd decodes and checks each frame.
#include <zstd.h>
#include <zstd_errors.h>

#include "containers/skippable.h"
#include "containers/stream.h"

namespace klik {
namespace {

constexpr std::uint32_t kFrame = 0xFD2FB528u;
constexpr int kWindowLog = 31;   // what `zstd --long=31` makes; memory is touched only as far as data goes

class ZstdDecoder final : public StreamDecoder {
 public:
  ZstdDecoder() : context_(::ZSTD_createDCtx()) {
    if (context_) ::ZSTD_DCtx_setParameter(context_, ZSTD_d_windowLogMax, kWindowLog);
  }
  ~ZstdDecoder() override { ::ZSTD_freeDCtx(context_); }
  ZstdDecoder(const ZstdDecoder&) = delete;
  ZstdDecoder& operator=(const ZstdDecoder&) = delete;

  Step step(Bytes in, MutableBytes out) override {
    if (!context_) return Step{}.failed(Code::internal, "libzstd cannot be started");
    ZSTD_inBuffer from{in.data(), in.size(), 0};
    ZSTD_outBuffer to{out.data(), out.size(), 0};
    const std::size_t ended = ::ZSTD_decompressStream(context_, &to, &from);
    Step step{from.pos, to.pos, ended == 0};
    if (!::ZSTD_isError(ended)) return step;
    switch (::ZSTD_getErrorCode(ended)) {
      case ZSTD_error_frameParameter_windowTooLarge:
      case ZSTD_error_memory_allocation: return step.failed(Code::over_budget, "the frame asks for more than 2 GiB of window");
      case ZSTD_error_checksum_wrong: return step.failed(Code::bad_checksum, "the frame's checksum does not match");
      case ZSTD_error_dictionary_wrong: return step.failed(Code::unsupported, "the frame needs a dictionary");
      case ZSTD_error_prefix_unknown: return step.failed(Code::bad_magic, "not a zstd frame");
      default: return step.failed(Code::bad_value, "the zstd frame is broken");
    }
  }

  bool restart(Bytes rest) override {
    const auto magic = rest.get<U32le>(0);
    return magic && (*magic == kFrame || is_skippable(*magic));
  }

 private:
  ZSTD_DCtx* context_;
};

constexpr Magic kMagics[] = {{0, "\x28\xb5\x2f\xfd"}};
constexpr Suffix kSuffixes[] = {{".tzst", ".tar"}, {".zst", ""}, {".zstd", ""}};

bool recognise(const Source& source, std::string_view) { return magic_behind_skippable(source) == kFrame; }

Result<Contents> open(const SourceRef& source, OpenContext& context) {
  ZstdDecoder decoder;
  return open_stream({"zstd", kSuffixes}, decoder, source, context);
}

}  // namespace

extern const Container container_zstd;
constexpr Container container_zstd{
    .name = "zstd",
    .title = "Zstandard stream",
    .spec = "RFC 8878",
    .limits = "no dictionaries; no frames from before format 0.8; windows over 2 GiB are refused",
    .magics = kMagics,
    .recognise = recognise,
    .open = open,
};

}  // namespace klik
