// gzip, one or many members. zlib decodes and checks each member's CRC-32 and length.
#include <zlib.h>

#include "containers/stream.h"

namespace klik {
namespace {

class ZlibDecoder final : public StreamDecoder {
 public:
  // As in inflateInit2(): -15 for raw deflate, 15 + 16 for gzip.
  explicit ZlibDecoder(int window_bits) : window_bits_(window_bits) { ready_ = ::inflateInit2(&z_, window_bits) == Z_OK; }
  ~ZlibDecoder() override {
    if (ready_) ::inflateEnd(&z_);
  }
  ZlibDecoder(const ZlibDecoder&) = delete;
  ZlibDecoder& operator=(const ZlibDecoder&) = delete;

  Step step(Bytes in, MutableBytes out) override {
    if (!ready_) return Step{}.failed(Code::internal, "zlib cannot be started");
    z_.next_in = const_cast<Bytef*>(in.data());   // zlib's interface is older than const
    z_.avail_in = static_cast<uInt>(in.size());
    z_.next_out = out.data();
    z_.avail_out = static_cast<uInt>(out.size());
    const int ended = ::inflate(&z_, Z_NO_FLUSH);
    Step step{in.size() - z_.avail_in, out.size() - z_.avail_out, ended == Z_STREAM_END};
    switch (ended) {
      case Z_OK:
      case Z_STREAM_END:
      case Z_BUF_ERROR: return step;
      case Z_NEED_DICT: return step.failed(Code::unsupported, "a deflate stream with a preset dictionary");
      default: return step.failed(Code::bad_value, "the deflate stream is broken or its checksum does not match");
    }
  }

  bool restart(Bytes rest) override {
    return window_bits_ > 15 && rest.starts_with("\x1f\x8b\x08") && ::inflateReset(&z_) == Z_OK;
  }

 private:
  z_stream z_{};
  int window_bits_;
  bool ready_;
};

constexpr Magic kMagics[] = {{0, "\x1f\x8b\x08"}};
constexpr Suffix kSuffixes[] = {{".tgz", ".tar"}, {".gz", ""}, {".gzip", ""}};

Result<Contents> open(const SourceRef& source, OpenContext& context) {
  ZlibDecoder decoder(15 + 16);
  return open_stream({"gzip", kSuffixes}, decoder, source, context);
}

}  // namespace

std::unique_ptr<StreamDecoder> raw_deflate_decoder() { return std::make_unique<ZlibDecoder>(-15); }

extern const Container container_gzip;
constexpr Container container_gzip{
    .name = "gzip",
    .title = "gzip stream",
    .spec = "RFC 1952",
    .limits = "the name stored in the header is not used",
    .magics = kMagics,
    .open = open,
};

}  // namespace klik
