#include "extract/avb_coverage.h"

#include <algorithm>
#include <array>

namespace klik {

Coverage::Sums Coverage::sums(std::uint64_t size) const {
  struct Edge {
    std::uint64_t at;
    Kind kind;
    int step;
  };
  std::vector<Edge> edges;
  for (const Range& r : ranges_) {
    edges.push_back({std::min(r.from, size), r.kind, 1});
    edges.push_back({std::min(r.to, size), r.kind, -1});
  }
  std::ranges::sort(edges, {}, &Edge::at);
  Sums sums;
  std::array<int, 4> open{};
  std::uint64_t last = 0;
  for (const Edge& e : edges) {
    const std::uint64_t n = e.at - last;
    if (open[failed] > 0) sums.failed += n;
    else if (open[verified] > 0) sums.verified += n;
    else if (open[unsigned_digest] > 0) sums.unsigned_digest += n;
    else if (open[structure] > 0) sums.structure += n;
    open[e.kind] += e.step;
    last = e.at;
  }
  return sums;
}

}  // namespace klik
