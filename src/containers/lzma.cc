// The lzma format from before xz, as old ramdisks and kernels have it. It has no magic, so all of its
// 13 header bytes must be plausible.
#include <bit>

#include "containers/lzma_decoder.h"

namespace klik {
namespace {

struct Header {
  std::uint8_t properties;   // lc + 9 × (lp + 5 × pb)
  U32le dictionary;
  U64le size;                // all ones: until the end mark
  std::uint8_t first;        // of the range coder: always 0
};
static_assert(sizeof(Header) == 14);

constexpr std::uint64_t kMostPlausible = std::uint64_t{1} << 38;
constexpr Suffix kSuffixes[] = {{".tlz", ".tar"}, {".lzma", ""}};

bool recognise(const Source& source, std::string_view name) {
  const auto header = source.get<Header>(0);
  if (!header) return false;
  const std::uint32_t dictionary = header->dictionary;
  // Encoders write 2^n or 2^n + 2^(n-1).
  const bool round = std::has_single_bit(dictionary) || (dictionary % 3 == 0 && std::has_single_bit(dictionary / 3)) || dictionary == 0xFFFFFFFFu;
  const bool sized = header->size == ~std::uint64_t{0} || (header->size > 0 && header->size < kMostPlausible);
  // Other properties than the usual lc 3, lp 0, pb 2 are believed only when the name says lzma.
  const bool usual = header->properties == 0x5D || (name.ends_with(".lzma") && header->properties < 225);
  return usual && round && dictionary >= 4096 && sized && header->first == 0;
}

Result<Contents> open(const SourceRef& source, OpenContext& context) {
  LzmaDecoder decoder(LzmaDecoder::Kind::alone);
  return open_stream({"lzma", kSuffixes}, decoder, source, context);
}

}  // namespace

extern const Container container_lzma;
constexpr Container container_lzma{
    .name = "lzma",
    .title = "lzma stream (before xz)",
    .spec = "LZMA SDK, lzma-specification.txt",
    .limits = "unusual properties are recognised by the suffix .lzma only; more than 512 MiB of dictionary is refused",
    .recognise = recognise,
    .open = open,
};

}  // namespace klik
