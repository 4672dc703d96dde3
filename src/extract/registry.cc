#include "extract/columns.h"

namespace klik {

#define KLIK_EXTRACTOR(name) extern const Extractor extractor_##name;
#define KLIK_IMAGE_EXTRACTOR(name) extern const ImageExtractor image_extractor_##name;
#include "extract/extract.def"
#undef KLIK_EXTRACTOR
#undef KLIK_IMAGE_EXTRACTOR

std::span<const Extractor* const> extractors() {
  static constexpr const Extractor* all[] = {
#define KLIK_EXTRACTOR(name) &extractor_##name,
#define KLIK_IMAGE_EXTRACTOR(name)
#include "extract/extract.def"
#undef KLIK_EXTRACTOR
#undef KLIK_IMAGE_EXTRACTOR
      nullptr};
  return std::span(all).first(std::size(all) - 1);
}

std::span<const ImageExtractor* const> image_extractors() {
  static constexpr const ImageExtractor* all[] = {
#define KLIK_EXTRACTOR(name)
#define KLIK_IMAGE_EXTRACTOR(name) &image_extractor_##name,
#include "extract/extract.def"
#undef KLIK_EXTRACTOR
#undef KLIK_IMAGE_EXTRACTOR
      nullptr};
  return std::span(all).first(std::size(all) - 1);
}

const FactKind* find_kind(std::string_view name) {
  const auto in = [&](std::span<const FactKind* const> kinds) -> const FactKind* {
    const auto at = std::ranges::find(kinds, name, [](const FactKind* k) { return k->name; });
    return at == kinds.end() ? nullptr : *at;
  };
  for (const Extractor* e : extractors())
    if (const FactKind* kind = in(e->emits)) return kind;
  for (const ImageExtractor* e : image_extractors())
    if (const FactKind* kind = in(e->emits)) return kind;
  return nullptr;
}

}  // namespace klik
