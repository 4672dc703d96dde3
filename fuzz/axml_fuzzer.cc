// Reads the input as binary XML.
// links: klik_formats
#include "formats/android/axml.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const klik::Bytes file(data, size);
  if (const auto document = klik::axml::Document::read(file))
    for (const auto& e : document->elements()) {
      if (e.at > size || e.length > size - e.at || e.close > size) __builtin_trap();
      for (const auto& a : document->attributes(e)) {   // an attribute may not leave its element
        if (a.at < e.at || a.at - e.at > e.length || a.length > e.length - (a.at - e.at)) __builtin_trap();
        (void)document->strings().get(a.value.data);
      }
    }
  return 0;
}
