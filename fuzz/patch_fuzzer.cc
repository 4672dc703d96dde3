// The input's first byte chooses a format, its second the share of it that is the old file; the rest is the patch.
#include "containers/patch/bsdiff.h"
#include "containers/patch/lz4diff.h"
#include "containers/patch/puff.h"
#include "containers/patch/puffin.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2) return 0;
  const klik::Budget budget{.unit_bytes = 1u << 20};
  const std::span<const std::uint8_t> rest = std::span(data, size).subspan(2);
  const klik::Bytes old_bytes(rest.first(rest.size() * data[1] / 256)), patch(rest.subspan(old_bytes.size()));
  switch (data[0] % 4) {
    case 0: {
      const auto made = klik::patch::apply_bsdiff(old_bytes, patch, budget.unit_bytes);
      std::uint64_t steps = 1u << 24;
      const auto share = klik::patch::bsdiff_share(patch, budget.unit_bytes, steps);
      if (made && (made->size() > budget.unit_bytes || !share || share->size != made->size() || share->copied > share->size)) __builtin_trap();
      break;
    }
    case 1: {
      const auto made = klik::patch::apply_puffin(old_bytes, patch, budget);
      if (made && made->size() > budget.unit_bytes) __builtin_trap();
      break;
    }
    case 2: (void)klik::patch::apply_lz4diff(old_bytes, patch, budget); break;
    default: {
      const auto puffed = klik::patch::puff(patch, 0, budget.unit_bytes);
      klik::patch::BitWriter out;
      if (puffed) (void)klik::patch::huff(klik::Bytes(*puffed), out);
    }
  }
  return 0;
}
