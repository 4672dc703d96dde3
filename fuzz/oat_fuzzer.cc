// Reads the input as what the symbol oatdata points to, and as an ELF file that has one.
#include "containers/oat_elf.h"
#include "formats/android/oat.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (const auto read = klik::oat::read(klik::Bytes(data, size))) {
    for (const auto& e : read->entries) {
      if (e.at > size || e.length > size - e.at || e.dex_at > size || e.dex_size > size - e.dex_at) __builtin_trap();
      (void)klik::oat::dex_of(e.location);
      (void)klik::oat::file_of(e.location);
    }
    for (const auto& s : read->settings)
      if (s.at > size || s.length > size - s.at) __builtin_trap();
  }
  const auto source = klik::memory_source(std::vector<std::uint8_t>(data, data + size));
  if (const auto where = klik::find_oatdata(*source); where && (where->at > size || where->length > size - where->at)) __builtin_trap();
  return 0;
}
