// links: klik_formats
// Opens the input as a compiled SELinux policy: what is not refused must hang together.
#include "formats/android/sepolicy.h"

namespace {
void need(bool holds) {
  if (!holds) __builtin_trap();
}
}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto policy = klik::sepolicy::Policy::open(klik::Bytes(data, size));
  if (!policy) return 0;
  for (const auto& rule : policy->rules()) {
    need(rule.at <= size && rule.length <= size - rule.at);
    need(rule.source < policy->types().size() && rule.target < policy->types().size());
    (void)policy->permissions(rule.object_class, rule.data);
  }
  for (const auto& type : policy->types())
    for (const auto related : type.related) need(related < policy->types().size());
  return 0;
}
