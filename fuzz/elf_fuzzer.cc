// Reads the input as ELF with its symbols, relocations, strings and tables of native methods.
// links: klik_formats
#include "formats/native/jni.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const klik::Bytes bytes(data, size);
  const auto inside = [&](std::uint64_t at, std::uint64_t length) {
    if (at > size || length > size - at) __builtin_trap();
  };
  const auto file = klik::elf::File::read(bytes);
  if (!file) return 0;
  for (const auto& table : {file->symbols(), file->static_symbols()})
    for (std::uint64_t i = 0; i < table.size(); ++i)
      if (const auto symbol = table.get(i)) {
        inside(symbol->at, symbol->length);
        if (!symbol->name.text.empty()) inside(symbol->name.at, symbol->name.text.size());
        (void)klik::jni::demangled(symbol->name.text);
      }
  std::uint64_t last = 0;   // strings come in order and do not overlap
  klik::elf::for_each_string(*file, 4, [&](std::uint64_t at, std::string_view text) {
    inside(at, text.size());
    if (at < last) __builtin_trap();
    last = at + text.size();
  });
  if (const auto id = file->build_id()) inside(id->at, id->length);
  klik::jni::for_each_table_entry(*file, klik::elf::read_pointers(*file), [&](const klik::jni::TableEntry& e) { inside(e.at, e.length); });
  return 0;
}
