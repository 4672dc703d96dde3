#include "formats/patch/zucchini/offset_mapper.h"

#include <algorithm>
#include <tuple>

namespace klik::zucchini {
namespace {

constexpr std::uint32_t kOffsetBound = 0x7FFFFFFF;
constexpr std::uint64_t kStepsPerBlock = 64;

// Makes blocks disjoint in the old element: of two that overlap the longer keeps what both claim; of equal ones, the earlier.
Result<void> cut_overlaps(std::vector<Equivalence>& blocks) {
  std::ranges::sort(blocks, [](const Equivalence& a, const Equivalence& b) {
    return std::tuple(a.source, b.length, a.destination) < std::tuple(b.source, a.length, b.destination);
  });
  std::uint64_t steps = 1024 + kStepsPerBlock * blocks.size();
  for (std::size_t i = 0; i < blocks.size(); ++i) {
    Equivalence& block = blocks[i];
    if (block.length == 0) continue;
    const std::uint32_t end = block.source_end();
    std::size_t next = i + 1;
    while (next < blocks.size() && blocks[next].source < end && blocks[next].length <= block.length) ++next;
    // Rounds over the same blocks again and again would make the time quadratic.
    if (next - i > steps) return fail(Code::over_budget, 0, "equivalences overlap too often");
    steps -= next - i;
    if (next < blocks.size() && blocks[next].source < end) {
      // A longer one begins inside: it cuts this one off, and what lies between is of no use any more.
      block.length -= end - blocks[next].source;
      for (std::size_t between = i + 1; between < next; ++between) blocks[between].length = 0;
      i = next - 1;
      continue;
    }
    for (std::size_t shorter = i + 1; shorter < next; ++shorter) {
      Equivalence& b = blocks[shorter];
      const std::uint32_t cut = std::min(b.length, end - b.source);
      b.length -= cut;
      b.source = end;
      b.destination += cut;
    }
  }
  std::erase_if(blocks, [](const Equivalence& b) { return b.length == 0; });
  return {};
}

}  // namespace

Result<OffsetMapper> OffsetMapper::make(std::span<const Equivalence> equivalences, std::uint32_t old_size, std::uint32_t new_size) {
  OffsetMapper mapper;
  mapper.old_size_ = old_size;
  mapper.new_size_ = new_size;
  mapper.blocks_.reserve(equivalences.size());
  for (const Equivalence& e : equivalences)
    if (e.length) mapper.blocks_.push_back(e);
  KLIK_CHECK(cut_overlaps(mapper.blocks_));
  return mapper;
}

std::uint32_t OffsetMapper::project(std::uint32_t offset) const {
  if (offset >= old_size_) {
    const std::uint64_t behind = std::uint64_t{new_size_} + (offset - old_size_);
    return static_cast<std::uint32_t>(std::min<std::uint64_t>(behind, kOffsetBound - 1));
  }
  if (blocks_.empty()) return 0;
  auto next = std::ranges::upper_bound(blocks_, offset, {}, &Equivalence::source);
  auto block = next;
  if (next == blocks_.begin()) {
    block = next;
  } else if (const auto before = std::prev(next); next == blocks_.end() || offset < before->source_end() ||
                                                  offset - before->source_end() < next->source - offset) {
    block = before;   // a tie goes to the earlier one: its last byte is one nearer than its end
  }
  const std::int64_t moved = std::int64_t{offset} - block->source + block->destination;
  return static_cast<std::uint32_t>(std::clamp<std::int64_t>(moved, 0, std::int64_t{new_size_} - 1));
}

void OffsetMapper::project_all(std::vector<std::uint32_t>& offsets) const {
  auto block = blocks_.begin();
  std::size_t kept = 0;
  for (const std::uint32_t offset : offsets) {
    while (block != blocks_.end() && block->source_end() <= offset) ++block;
    if (block == blocks_.end()) break;
    if (block->source <= offset) offsets[kept++] = offset - block->source + block->destination;
  }
  offsets.resize(kept);
  std::ranges::sort(offsets);
}

}  // namespace klik::zucchini
