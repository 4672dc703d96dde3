#include "traffic/leak_hits.h"

#include <set>
#include <string_view>
#include <tuple>
#include <utility>

namespace klik::traffic {
namespace {

// Paths by identifier.
using Places = std::set<std::pair<std::uint32_t, std::string_view>>;

// Calls for every step of a path with what stands before it: "a", "a/b" of "a/b/c". Ends when `is` does not return false.
template <typename Is>
bool any_above(std::string_view path, const Is& is) {
  for (auto step = path.find('/'); step != path.npos; step = path.find('/', step + 1))
    if (is(path.substr(0, step), path.substr(step))) return true;
  return false;
}

template <typename Is>
void drop(std::vector<LeakHit>& hits, const Is& is) {
  // Paths are compared with one another, so none goes before all are judged.
  std::vector<bool> gone;
  gone.reserve(hits.size());
  for (const LeakHit& hit : hits) gone.push_back(is(hit));
  std::size_t nth = 0;
  std::erase_if(hits, [&](const LeakHit&) { return static_cast<bool>(gone[nth++]); });
}

}  // namespace

void keep_best(std::vector<LeakHit>& hits) {
  Places above, above_weak;
  for (const LeakHit& hit : hits)
    any_above(hit.leak.path, [&](std::string_view outer, std::string_view) {
      (hit.leak.weak ? above_weak : above).emplace(hit.leak.identifier, outer);
      return false;
    });
  drop(hits, [&](const LeakHit& hit) {
    const Places::value_type place{hit.leak.identifier, hit.leak.path};
    return hit.tried && (above.contains(place) || (hit.leak.weak && above_weak.contains(place)));
  });
  Places first;
  for (const LeakHit& hit : hits)
    if (!hit.second_reading) first.emplace(hit.leak.identifier, hit.leak.path);
  drop(hits, [&](const LeakHit& hit) { return hit.second_reading && first.contains({hit.leak.identifier, hit.leak.path}); });
  // A digest in hex is also bytes in hex: the same find, told once, at the outer place.
  Places places;
  for (const LeakHit& hit : hits) places.emplace(hit.leak.identifier, hit.leak.path);
  drop(hits, [&](const LeakHit& hit) {
    return any_above(hit.leak.path, [&](std::string_view outer, std::string_view step) { return (step.starts_with("/hex") || step.starts_with("/base64")) && places.contains({hit.leak.identifier, outer}); });
  });
}

}  // namespace klik::traffic
