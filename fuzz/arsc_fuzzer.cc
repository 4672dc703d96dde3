// Opens the input as a resource table and looks up what its first packages could hold.
// links: klik_formats
#include "formats/android/arsc.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto table = klik::arsc::Table::open(klik::Bytes(data, size));
  if (!table) return 0;
  for (const std::uint32_t package : {0x7fu, 0x01u, 0x00u})
    for (std::uint32_t type = 0; type < 8; ++type)
      for (std::uint32_t index = 0; index < 16; ++index) {
        const std::uint32_t id = package << 24 | type << 16 | index;
        for (const auto& e : table->entries(id)) {
          if (e.at > size || e.length > size - e.at) __builtin_trap();   // a value may not leave the file
          (void)table->config_name(e);
          for (const auto& item : table->items(e))
            if (item.at >= size) __builtin_trap();
        }
        (void)table->resolve(id);
        (void)table->name(id);
      }
  return 0;
}
