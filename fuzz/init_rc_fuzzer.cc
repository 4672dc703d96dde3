// Reads the input as a script of init.
// links: klik_formats
#include "formats/android/init_rc.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto file = klik::init_rc::parse(klik::Bytes(data, size));
  if (!file) return 0;
  const auto inside = [&](klik::init_rc::Range r) { return r.at <= size && r.length <= size - r.at; };
  for (const auto& s : file->services) {
    if (!inside(s.range) || s.name.empty()) __builtin_trap();
    for (const auto& socket : s.sockets)   // an option may not leave its service
      if (socket.range.at < s.range.at || socket.range.at + socket.range.length > s.range.at + s.range.length) __builtin_trap();
  }
  for (const auto& a : file->actions) {
    if (!inside(a.range)) __builtin_trap();
    for (const auto& line : a.commands)
      if (!inside(line.range) || line.words.empty()) __builtin_trap();
    (void)klik::init_rc::properties_of(a.trigger);
  }
  return 0;
}
