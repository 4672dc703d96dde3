#include <iterator>

#include "compare/comparer.h"

namespace klik::compare {

#define KLIK_COMPARER(name) extern const Comparer comparer_##name;
#include "compare/comparers.def"
#undef KLIK_COMPARER

std::span<const Comparer* const> comparers() {
  static constexpr const Comparer* all[] = {
#define KLIK_COMPARER(name) &comparer_##name,
#include "compare/comparers.def"
#undef KLIK_COMPARER
      nullptr};
  return std::span(all).first(std::size(all) - 1);
}

}  // namespace klik::compare
