// xz, one or many streams. liblzma decodes and checks each block.
#include "containers/lzma_decoder.h"

namespace klik {
namespace {

constexpr Magic kMagics[] = {{0, std::string_view("\xfd" "7zXZ\0", 6)}};
constexpr Suffix kSuffixes[] = {{".txz", ".tar"}, {".xz", ""}};

Result<Contents> open(const SourceRef& source, OpenContext& context) {
  LzmaDecoder decoder(LzmaDecoder::Kind::xz);
  return open_stream({"xz", kSuffixes}, decoder, source, context);
}

}  // namespace

extern const Container container_xz;
constexpr Container container_xz{
    .name = "xz",
    .title = "xz stream",
    .spec = "tukaani.org, The .xz File Format 1.2",
    .limits = "dictionaries that need more than 512 MiB are refused",
    .magics = kMagics,
    .open = open,
};

}  // namespace klik
