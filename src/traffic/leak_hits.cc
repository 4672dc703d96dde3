#include "traffic/leak_hits.h"

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>

namespace klik::traffic {
namespace {

// "json.list[*].id" of "json.list[2].id".
std::string without_numbers(std::string_view path) {
  std::string out;
  for (std::size_t i = 0; i < path.size(); ++i) {
    out += path[i];
    if (path[i] != '[') continue;
    const std::size_t end = path.find_first_not_of("0123456789", i + 1);
    if (end == path.npos || end == i + 1 || path[end] != ']') continue;
    out += '*';
    i = end - 1;
  }
  return out;
}

// Paths by identifier. Those of finds that were folded have no numbers, so such are added beside the others.
struct Places {
  std::set<std::pair<std::uint32_t, std::string>> of;
  void add(std::uint32_t identifier, std::string_view path) {
    of.emplace(identifier, path);
    if (path.contains('[')) of.emplace(identifier, without_numbers(path));
  }
  bool contain(std::uint32_t identifier, std::string_view path) const { return of.contains({identifier, std::string(path)}); }
};

// Whether one of the places above a path is: "a" and "a/b" of "a/b/c", each with what follows it. Stops at the first that is.
template <typename Is>
bool any_above(std::string_view path, const Is& is) {
  for (auto step = path.find('/'); step != path.npos; step = path.find('/', step + 1))
    if (is(path.substr(0, step), path.substr(step))) return true;
  return false;
}

void erase_marked(std::vector<LeakHit>& hits, const std::vector<bool>& gone) {
  std::size_t nth = 0;
  std::erase_if(hits, [&](const LeakHit&) { return static_cast<bool>(gone[nth++]); });
}

template <typename Is>
void drop(std::vector<LeakHit>& hits, const Is& is) {
  // Paths are compared with one another, so none goes before all are judged.
  std::vector<bool> gone;
  gone.reserve(hits.size());
  for (const LeakHit& hit : hits) gone.push_back(is(hit));
  erase_marked(hits, gone);
}

}  // namespace

void fold_alike(std::vector<LeakHit>& hits) {
  if (hits.size() <= kAlike) return;
  std::map<std::tuple<std::uint32_t, std::string, std::string_view, bool, bool, bool, Axis>, std::vector<std::size_t>> alike;
  for (std::size_t i = 0; i < hits.size(); ++i) {
    const LeakHit& hit = hits[i];
    alike[{hit.leak.identifier, without_numbers(hit.leak.path), hit.leak.form, hit.leak.weak, hit.tried, hit.second_reading, hit.axis}].push_back(i);
  }
  std::vector<bool> gone(hits.size());
  std::map<std::size_t, std::pair<std::string, std::uint64_t>> kept;   // by place: path and times
  for (const auto& [key, places] : alike) {
    if (places.size() <= kAlike) continue;
    std::uint64_t times = 0;
    for (const std::size_t i : places) times += hits[i].leak.times, gone[i] = true;
    gone[places.front()] = false;
    kept[places.front()] = {std::get<1>(key), times};
  }
  for (auto& [i, as] : kept) hits[i].leak.path = std::move(as.first), hits[i].leak.times = as.second;
  erase_marked(hits, gone);
}

void keep_best(std::vector<LeakHit>& hits) {
  Places above, above_weak;
  for (const LeakHit& hit : hits)
    any_above(hit.leak.path, [&](std::string_view outer, std::string_view) {
      (hit.leak.weak ? above_weak : above).add(hit.leak.identifier, outer);
      return false;
    });
  drop(hits, [&](const LeakHit& hit) { return hit.tried && (above.contain(hit.leak.identifier, hit.leak.path) || (hit.leak.weak && above_weak.contain(hit.leak.identifier, hit.leak.path))); });
  Places first;
  for (const LeakHit& hit : hits)
    if (!hit.second_reading) first.add(hit.leak.identifier, hit.leak.path);
  drop(hits, [&](const LeakHit& hit) { return hit.second_reading && first.contain(hit.leak.identifier, hit.leak.path); });
  // A digest in hex is also bytes in hex: the same find, told once, at the outer place.
  Places places;
  for (const LeakHit& hit : hits) places.add(hit.leak.identifier, hit.leak.path);
  drop(hits, [&](const LeakHit& hit) {
    return any_above(hit.leak.path, [&](std::string_view outer, std::string_view step) { return (step.starts_with("/hex") || step.starts_with("/base64")) && places.contain(hit.leak.identifier, outer); });
  });
}

}  // namespace klik::traffic
