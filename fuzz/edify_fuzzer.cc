// Reads the input as the script of an update.
// links: klik_formats
#include "formats/android/updater_script.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const klik::Bytes bytes(data, size);
  const auto inside = [&](klik::edify::Range r) { return r.at <= size && r.length <= size - r.at; };
  const auto script = klik::edify::parse(bytes);
  for (std::size_t i = 0; i < script.nodes.size(); ++i) {
    if (!inside(script.nodes[i].range)) __builtin_trap();
    for (const std::uint32_t part : script.nodes[i].parts)   // a tree without circles
      if (part >= i) __builtin_trap();
  }
  for (const auto& step : klik::updater::read_steps(bytes).steps)
    if (!inside(step.range) || step.function.empty()) __builtin_trap();
  return 0;
}
