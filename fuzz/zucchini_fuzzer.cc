// Applies a patch to an old image: the size of the image, the image, the patch. The patch always names the image that it has.
// links: klik_formats
#include "base/hash.h"
#include "formats/patch/zucchini.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const klik::Bytes input(data, size);
  const auto length = input.get<klik::U32le>(0);
  if (!length) return 0;
  const auto old_image = input.slice(4, *length);
  const auto rest = old_image ? input.from(4 + old_image->size()) : old_image;
  if (!rest || rest->size() < 28) return 0;
  std::vector<std::uint8_t> patch(rest->begin(), rest->end());
  const std::uint32_t crc = klik::crc32(*old_image);
  for (std::size_t i = 0; i < 4; ++i) {
    patch[8 + i] = static_cast<std::uint8_t>(*length >> (8 * i));
    patch[12 + i] = static_cast<std::uint8_t>(crc >> (8 * i));
  }
  klik::Budget budget;
  budget.unit_bytes = 1u << 22;
  const auto result = klik::zucchini::apply(*old_image, klik::Bytes(patch), budget);
  const std::uint32_t new_size = *klik::Bytes(patch).get<klik::U32le>(16), new_crc = *klik::Bytes(patch).get<klik::U32le>(20);
  if (result && (result->size() != new_size || klik::crc32(klik::Bytes(*result)) != new_crc)) __builtin_trap();   // what the patch promised
  return 0;
}
