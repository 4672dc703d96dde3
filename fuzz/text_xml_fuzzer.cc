// Reads the input as textual XML.
// links: klik_formats
#include "formats/text_xml.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (const auto document = klik::xml::read(klik::Bytes(data, size)))
    for (std::size_t i = 0; i < document->elements.size(); ++i) {   // a tag lies in the file, a parent before its children
      const auto& e = document->elements[i];
      if (e.at > size || e.length > size - e.at || e.parent > i) __builtin_trap();
    }
  return 0;
}
