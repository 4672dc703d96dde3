// Reads the input as a manifest, once alone and once with itself as resources.
// links: klik_apps
#include "apps/manifest.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const klik::Bytes file(data, size);
  for (const klik::Bytes resources : {klik::Bytes(), file}) {
    const auto manifest = klik::apk::read_manifest(file, resources);
    if (!manifest) continue;
    for (const auto& c : manifest->components) {
      if (c.element.at > size || c.element.length > size - c.element.at) __builtin_trap();
      // What is unknown must say so.
      if (c.exported.has_value() == (c.exported_why == klik::apk::ExportedWhy::unknown_reference)) __builtin_trap();
    }
  }
  return 0;
}
