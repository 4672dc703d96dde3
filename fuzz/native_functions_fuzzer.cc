// Finds and reads the functions of the input as ELF, for whichever machine it says it is.
// links: klik_formats
#include "formats/native/functions.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto file = klik::elf::File::read(klik::Bytes(data, size));
  if (!file || !klik::elf::has_functions(*file)) return 0;
  const klik::elf::Functions all = klik::elf::read_functions(*file);
  std::uint64_t end = 0;   // functions come in order and lie apart
  for (const klik::elf::Function& f : all.list) {
    if (f.address < end) __builtin_trap();
    end = f.address + f.size;
    for (const klik::elf::Use& u : f.uses) {
      const std::size_t most = u.kind == klik::elf::UseKind::function ? all.list.size() : u.kind == klik::elf::UseKind::import ? all.imports.size() : all.texts.size();
      if (u.index >= most) __builtin_trap();
    }
  }
  if (all.covered_bytes > all.code_bytes) __builtin_trap();
  return 0;
}
