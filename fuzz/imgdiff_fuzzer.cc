// Reads the input as a patch, and as the old file that it is applied to.
// links: klik_containers
#include "containers/patch/imgdiff.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  constexpr std::uint64_t kMost = 1 << 16;
  const klik::Bytes bytes(data, size);
  const auto made = klik::patch::apply_imgdiff(bytes, bytes, kMost);
  if (made && made->size() > kMost) __builtin_trap();
  return 0;
}
