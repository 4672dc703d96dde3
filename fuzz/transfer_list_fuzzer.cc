// Reads the input as a transfer list and works out what it does to an image.
// links: klik_containers
#include "containers/block_plan.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto list = klik::transfer::read_transfer_list(klik::Bytes(data, size));
  if (!list) return 0;
  klik::Budget budget;
  budget.item_bytes = 1 << 24;
  const auto plan = klik::transfer::make_plan(*list, 8, budget);
  if (!plan) return 0;
  plan->image.each([&](klik::transfer::Range r, std::uint32_t layer, std::uint64_t) {
    if (r.end <= r.first || r.end > plan->blocks || layer >= klik::transfer::kFirstLayer + plan->layers.size()) __builtin_trap();
  });
  for (std::size_t i = 0; i < plan->layers.size(); ++i)
    for (const auto& unit : plan->layers[i]) {
      std::uint64_t sum = 0;
      for (const auto& run : unit.reads) {
        sum += run.count;
        if (run.layer >= klik::transfer::kFirstLayer + i) __builtin_trap();   // reads only what is below it
      }
      if (sum != unit.read_blocks) __builtin_trap();
    }
  return 0;
}
