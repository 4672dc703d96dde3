// bzip2, one or many streams. libbz2 decodes and checks each block.
#include <bzlib.h>

#include <array>

#include "containers/stream.h"

namespace klik {
namespace {

bool starts_stream(Bytes bytes) {
  return bytes.size() >= 10 && bytes.starts_with("BZh") && bytes[3] >= '1' && bytes[3] <= '9' &&
         (bytes.text().substr(4, 6) == "1AY&SY" || bytes.text().substr(4, 6) == "\x17\x72\x45\x38\x50\x90");
}

class Bzip2Decoder final : public StreamDecoder {
 public:
  Bzip2Decoder() : ready_(start()) {}
  ~Bzip2Decoder() override { end(); }
  Bzip2Decoder(const Bzip2Decoder&) = delete;
  Bzip2Decoder& operator=(const Bzip2Decoder&) = delete;

  Step step(Bytes in, MutableBytes out) override {
    if (!ready_) return Step{}.failed(Code::internal, "libbz2 cannot be started");
    z_.next_in = const_cast<char*>(in.text().data());   // libbz2's interface is older than const
    z_.avail_in = static_cast<unsigned>(in.size());
    z_.next_out = static_cast<char*>(static_cast<void*>(out.data()));
    z_.avail_out = static_cast<unsigned>(out.size());
    const int ended = ::BZ2_bzDecompress(&z_);
    Step step{in.size() - z_.avail_in, out.size() - z_.avail_out, ended == BZ_STREAM_END};
    if (ended == BZ_OK || ended == BZ_STREAM_END) return step;
    if (ended == BZ_DATA_ERROR_MAGIC) return step.failed(Code::bad_magic, "not a bzip2 stream");
    return step.failed(Code::bad_value, "a bzip2 block is broken or its checksum does not match");
  }

  bool restart(Bytes rest) override {
    if (!starts_stream(rest)) return false;
    end();
    return ready_ = start();
  }

 private:
  bool start() {
    z_ = {};
    return ::BZ2_bzDecompressInit(&z_, 0, 0) == BZ_OK;
  }
  void end() {
    if (ready_) ::BZ2_bzDecompressEnd(&z_);
  }

  bz_stream z_{};
  bool ready_;
};

constexpr Suffix kSuffixes[] = {{".tbz2", ".tar"}, {".tbz", ".tar"}, {".bz2", ""}};

// "BZh" alone is text that could stand anywhere; with the first block's magic it is not.
bool recognise(const Source& source, std::string_view) {
  std::array<std::uint8_t, 10> start{};
  return source.read(0, start) && starts_stream(Bytes(start));
}

Result<Contents> open(const SourceRef& source, OpenContext& context) {
  Bzip2Decoder decoder;
  return open_stream({"bzip2", kSuffixes}, decoder, source, context);
}

}  // namespace

extern const Container container_bzip2;
constexpr Container container_bzip2{
    .name = "bzip2",
    .title = "bzip2 stream",
    .spec = "sourceware.org/bzip2, manual 1.0.8",
    .limits = "",
    .recognise = recognise,
    .open = open,
};

}  // namespace klik
