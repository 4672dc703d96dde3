#include "formats/android/avb_refusal.h"

#include <algorithm>

namespace klik::avb {
namespace {

constexpr std::uint32_t kRollbackLocations = 32;   // AVB_MAX_NUMBER_OF_ROLLBACK_INDEX_LOCATIONS

}  // namespace

const char* refusal(const VbMeta& meta, Role role) {
  if (meta.size > kMaxSize) return "the structure is larger than a boot loader reads";
  // libavb refuses a broken descriptor; behind a broken length it sees none at all. No maker's tool writes either.
  if (meta.descriptors_end) return "the descriptors of the structure are damaged";
  const bool chains = std::ranges::any_of(meta.descriptors, [](const Descriptor& d) { return std::holds_alternative<Chain>(d.is); });
  if (role == Role::chained) {
    if (meta.flags != 0) return "a chained structure with flags, which only the main one may have";
    return chains ? "a chained structure with chain descriptors, which only the main one may have" : "";
  }
  if (meta.rollback_location >= kRollbackLocations) return "a rollback location that boot loaders do not have";
  for (const Descriptor& d : meta.descriptors)
    if (const auto* c = std::get_if<Chain>(&d.is)) {
      // Location 0 is the main structure's own.
      if (c->rollback_location == 0 || c->rollback_location >= kRollbackLocations) return "a chain descriptor with a rollback location that boot loaders do not take";
    }
  return "";
}

}  // namespace klik::avb
