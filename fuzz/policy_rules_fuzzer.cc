// links: klik_flow
// Packed rules of a policy that are read point inside their tables, and are written as they were read.
#include <cstddef>
#include <cstdint>

#include "flow/policy_rules.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace klik;
  const auto rules = flow::unpacked_rules(Bytes(data, size));
  if (!rules) return 0;
  for (const auto& type : rules->types) {
    if (type.name >= rules->names.size()) __builtin_trap();
    for (const std::uint32_t g : type.groups)
      if (g >= rules->types.size()) __builtin_trap();
  }
  for (const auto& rule : rules->rules) {
    if (rule.source >= rules->types.size() || rule.target >= rules->types.size() || rule.object_class >= rules->names.size()) __builtin_trap();
    for (const std::uint32_t p : rule.permissions)
      if (p >= rules->names.size()) __builtin_trap();
  }
  const std::string raw = flow::packed(*rules);
  const auto again = flow::unpacked_rules(Bytes::of(raw));
  if (!again || flow::packed(*again) != raw) __builtin_trap();
  return 0;
}
