// Feeds the input to every container's open() and reads what it offers.
#include "containers/container.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static klik::Scratch scratch("", std::uint64_t{1} << 40);
  klik::Budget budget;
  budget.floor_bytes = budget.item_bytes = budget.metadata_bytes = 1u << 24;
  budget.unit_bytes = 1u << 22;
  budget.children = 4096;
  const auto source = klik::memory_source(std::vector<std::uint8_t>(data, data + size));
  for (const klik::Container* c : klik::containers()) {
    klik::OpenContext context{.budget = budget, .scratch = scratch, .name = "input.bin"};
    const auto contents = c->open(source, context);
    if (!contents) continue;
    std::uint64_t read = 0;
    for (const klik::Child& child : contents->children) {
      for (const klik::Extent& e : child.extents)  // a child may not lie outside its parent
        if (e.at > size || e.length > size - e.at) __builtin_trap();
      if (!child.source) continue;
      if (child.source->size() != child.size) __builtin_trap();
      if (child.size < (1u << 20) && (read += child.size) < (1u << 24)) (void)child.source->load();
    }
  }
  return 0;
}
