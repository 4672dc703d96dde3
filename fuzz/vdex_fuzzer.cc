// Reads the input as vdex and undoes its quickening.
// links: klik_formats
#include "formats/android/vdex_unquicken.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const klik::Bytes bytes(data, size);
  const auto read = klik::vdex::read(bytes);
  if (!read) return 0;
  klik::vdex::Unquickener unquickener(read->file, bytes);
  for (std::size_t i = 0; i < read->file.dex.size() && i < 16; ++i) {
    const klik::vdex::Range own = read->file.dex[i].own;
    if (own.at > size || own.length > size - own.at) __builtin_trap();   // a DEX may not leave the file
    if (unquickener.undo(i, own).bytes.size() != own.length) __builtin_trap();
  }
  return 0;
}
