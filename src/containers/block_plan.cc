#include "containers/block_plan.h"

#include <algorithm>
#include <iterator>
#include <span>

namespace klik::transfer {
namespace {

// Pieces that commands read, all together: real lists have some hundred thousand.
constexpr std::size_t kMostRuns = std::size_t{1} << 21;
// Makers' tools read old blocks only. More than a few layers are made to exhaust.
constexpr std::uint32_t kMostLayers = 16;

std::uint64_t blocks_of(std::span<const Range> ranges) {
  std::uint64_t sum = 0;
  for (const Range& r : ranges) sum += r.end - r.first;   // each is below the budget for an image
  return sum;
}

// Runs that follow each other are one.
void append(std::vector<Run>& out, Run run) {
  if (!out.empty()) {
    Run& last = out.back();
    const bool follows = last.layer == run.layer && (run.layer == kZeros || last.block + last.count == run.block);
    if (follows) {
      last.count += run.count;
      return;
    }
  }
  out.push_back(run);
}

// Takes blocks off the front of what runs give.
class Cursor {
 public:
  explicit Cursor(const std::vector<Run>& runs) : runs_(runs) {}
  // At most `count` blocks of one run; a count of 0 when all are taken.
  Run next(std::uint64_t count) {
    if (at_ == runs_.size()) return {0, kZeros, 0};
    const Run& run = runs_[at_];
    const std::uint64_t n = std::min(count, run.count - used_);
    const Run part{n, run.layer, run.layer == kZeros ? 0 : run.block + used_};
    used_ += n;
    if (used_ == run.count) {
      ++at_;
      used_ = 0;
    }
    return part;
  }

 private:
  const std::vector<Run>& runs_;
  std::size_t at_ = 0;
  std::uint64_t used_ = 0;
};

class Planner {
 public:
  Planner(const TransferList& list, std::uint64_t old_blocks, const Budget& budget) : list_(list), old_blocks_(old_blocks), most_(budget.item_bytes / kBlock), most_unit_(budget.unit_bytes / kBlock) {}

  Result<Plan> run() {
    if (old_blocks_ > most_) return fail(Code::over_budget, 0, "transfer list: the old image is larger than the budget for one item");
    plan_.blocks = old_blocks_;
    if (old_blocks_ > 0) plan_.image.write({0, old_blocks_}, kOld, 0);
    for (const Command& command : list_.commands) {
      KLIK_CHECK(check_ranges(command));
      KLIK_CHECK(apply(command));
    }
    return std::move(plan_);
  }

 private:
  std::span<const Range> ranges(std::uint32_t first, std::uint32_t count) const { return std::span(list_.ranges).subspan(first, count); }
  std::span<const Range> targets(const Command& c) const { return ranges(c.first_range, c.range_count); }

  Result<void> check_ranges(const Command& c) {
    for (const auto part : {targets(c), ranges(c.first_source, c.source_count), ranges(c.first_location, c.location_count)})
      for (const Range& r : part)
        if (r.end > most_) return fail(Code::over_budget, c.at, "transfer list: the image is larger than the budget for one item");
    for (const StashUse& use : std::span(list_.stash_uses).subspan(c.first_stash, c.stash_count))
      for (const Range& r : ranges(use.first_range, use.range_count))
        if (r.end > most_) return fail(Code::over_budget, c.at, "transfer list: a command reads more than the budget allows");
    for (const Range& r : targets(c)) plan_.blocks = std::max(plan_.blocks, r.end);
    return {};
  }

  Result<void> apply(const Command& c) {
    const std::uint64_t count = blocks_of(targets(c));
    if (c.action != Action::erase && c.action != Action::hash_tree) plan_.written += count;
    // A list may write the same blocks again and again; all of it is work.
    if (plan_.written > 2 * most_) return fail(Code::over_budget, c.at, "transfer list: writes more than the budget allows");
    switch (c.action) {
      case Action::new_data:
        if (count > most_ - plan_.data_blocks) return fail(Code::over_budget, c.at, "transfer list: the image is larger than the budget for one item");
        for (const Range& r : targets(c)) {
          plan_.image.write(r, kData, plan_.data_blocks);
          plan_.data_blocks += r.end - r.first;
        }
        return {};
      case Action::zero:
      case Action::erase:
      case Action::hash_tree:
        for (const Range& r : targets(c)) plan_.image.clear(r);
        return {};
      case Action::stash: return put_aside(c);
      case Action::free: return drop(c);
      case Action::move: return move(c, count);
      case Action::bsdiff:
      case Action::imgdiff: return patch(c, count);
      case Action::unknown: break;
    }
    return fail(Code::unsupported, c.at, "transfer list: an unknown command");
  }

  Result<void> take(std::size_t runs, std::uint64_t at) {
    if (runs > kMostRuns - runs_) return fail(Code::over_budget, at, "transfer list: more pieces than the budget allows");
    runs_ += runs;
    return {};
  }

  Result<std::vector<Run>> read_image(std::span<const Range> from, std::uint64_t at) {
    std::vector<Run> out;
    for (const Range& r : from) {
      KLIK_CHECK(take(plan_.image.read(r, out) + 1, at));
    }
    return out;
  }

  Result<void> put_aside(const Command& c) {
    KLIK_TRY(auto runs, read_image(ranges(c.first_source, c.source_count), c.at));
    auto& stash = stashes_[c.id];
    stashed_ += c.source_blocks - stash.blocks;
    plan_.most_stashed = std::max(plan_.most_stashed, stashed_);
    stash = {std::move(runs), c.source_blocks};
    return {};
  }
  Result<void> drop(const Command& c) {
    const auto stash = stashes_.find(c.id);
    if (stash == stashes_.end()) return fail(Code::bad_value, c.at, "transfer list: frees a stash that is not there");
    stashed_ -= stash->second.blocks;
    stashes_.erase(stash);
    return {};
  }

  // What a command reads, in order: parts of the image and stashes, each at its place.
  Result<std::vector<Run>> read(const Command& c) {
    if (c.source_blocks > 2 * most_ - read_) return fail(Code::over_budget, c.at, "transfer list: reads more than the budget allows");
    read_ += c.source_blocks;
    const auto sources = ranges(c.first_source, c.source_count), places = ranges(c.first_location, c.location_count);
    KLIK_TRY(auto image, read_image(sources, c.at));
    std::uint64_t image_blocks = blocks_of(sources);
    if (places.empty() && c.stash_count == 0) {
      if (image_blocks != c.source_blocks) return fail(Code::bad_value, c.at, "transfer list: the blocks that a command reads do not add up");
      return image;
    }
    std::map<std::uint64_t, std::vector<Run>> parts;   // by place
    std::uint64_t placed = 0;
    const auto place = [&](std::span<const Range> at, const std::vector<Run>& runs, std::uint64_t blocks) -> Result<void> {
      if (blocks_of(at) != blocks) return fail(Code::bad_value, c.at, "transfer list: the blocks that a command reads do not add up");
      Cursor cursor(runs);
      for (const Range& r : at) {
        std::vector<Run> part;
        for (std::uint64_t left = r.end - r.first; left > 0; left -= part.back().count) part.push_back(cursor.next(left));   // the sums are equal
        KLIK_CHECK(take(part.size(), c.at));
        if (!parts.emplace(r.first, std::move(part)).second) return fail(Code::bad_value, c.at, "transfer list: two parts of what a command reads at one place");
      }
      placed += blocks;
      return {};
    };
    if (image_blocks > 0) {
      if (places.empty()) return fail(Code::bad_value, c.at, "transfer list: blocks without their place among the stashes");
      KLIK_CHECK(place(places, image, image_blocks));
    }
    for (const StashUse& use : std::span(list_.stash_uses).subspan(c.first_stash, c.stash_count)) {
      const auto stash = stashes_.find(use.id);
      if (stash == stashes_.end()) return fail(Code::bad_value, c.at, "transfer list: a stash that is not there");
      KLIK_CHECK(place(ranges(use.first_range, use.range_count), stash->second.runs, stash->second.blocks));
    }
    std::vector<Run> out;
    std::uint64_t at = 0;
    for (const auto& [first, part] : parts) {
      if (first != at) return fail(Code::bad_value, c.at, "transfer list: a gap in what a command reads");
      for (const Run& run : part) {
        append(out, run);
        at += run.count;
      }
    }
    if (at != c.source_blocks || placed != c.source_blocks) return fail(Code::bad_value, c.at, "transfer list: the blocks that a command reads do not add up");
    return out;
  }

  void write(std::span<const Range> to, const std::vector<Run>& runs) {
    Cursor cursor(runs);
    for (const Range& r : to) {
      for (std::uint64_t at = r.first; at < r.end;) {
        const Run run = cursor.next(r.end - at);
        if (run.count == 0) return;
        if (run.layer == kZeros) plan_.image.clear({at, at + run.count});
        else plan_.image.write({at, at + run.count}, run.layer, run.block);
        at += run.count;
      }
    }
  }

  Result<void> move(const Command& c, std::uint64_t count) {
    KLIK_TRY(auto runs, read(c));
    if (count != c.source_blocks) return fail(Code::bad_value, c.at, "transfer list: moves another number of blocks than it reads");
    write(targets(c), runs);
    if (c.source_sha1 != 0) plan_.checks.push_back({std::move(runs), count, c.source_sha1, c.at});
    return {};
  }

  Result<void> patch(const Command& c, std::uint64_t count) {
    KLIK_TRY(auto runs, read(c));
    if (count > most_unit_ || c.source_blocks > most_unit_) return fail(Code::over_budget, c.at, "transfer list: a patch of more blocks than are held in memory");
    std::uint32_t layer = kFirstLayer;
    for (const Run& run : runs)
      if (run.layer >= kFirstLayer) layer = std::max(layer, run.layer + 1);
    if (layer - kFirstLayer >= kMostLayers) return fail(Code::over_budget, c.at, "transfer list: patches upon patches upon patches");
    const std::size_t index = layer - kFirstLayer;
    if (plan_.layers.size() <= index) {
      plan_.layers.resize(index + 1);
      made_.resize(index + 1);
    }
    if (count > most_ - made_[index]) return fail(Code::over_budget, c.at, "transfer list: the image is larger than the budget for one item");
    write(targets(c), {{count, layer, made_[index]}});
    made_[index] += count;
    plan_.layers[index].push_back({std::move(runs), c.source_blocks, count, c.patch_at, c.patch_size, c.source_sha1, c.target_sha1, c.at});
    return {};
  }

  struct Stash {
    std::vector<Run> runs;
    std::uint64_t blocks = 0;
  };

  const TransferList& list_;
  std::uint64_t old_blocks_, most_, most_unit_;
  Plan plan_;
  std::map<std::uint32_t, Stash> stashes_;
  std::uint64_t stashed_ = 0, read_ = 0;   // blocks
  std::size_t runs_ = 0;
  std::vector<std::uint64_t> made_;   // blocks per layer
};

}  // namespace

void BlockMap::write(Range range, std::uint32_t layer, std::uint64_t block) {
  clear(range);
  pieces_.insert({range.first, {range.end, layer, block}});
}

void BlockMap::clear(Range range) {
  auto piece = pieces_.lower_bound(range.first);
  if (piece != pieces_.begin() && std::prev(piece)->second.end > range.first) --piece;
  while (piece != pieces_.end() && piece->first < range.end) {
    const std::uint64_t first = piece->first;
    const Piece old = piece->second;
    piece = pieces_.erase(piece);
    if (first < range.first) pieces_.insert({first, {range.first, old.layer, old.block}});
    if (old.end > range.end) pieces_.insert({range.end, {old.end, old.layer, old.block + (range.end - first)}});
  }
}

std::size_t BlockMap::read(Range range, std::vector<Run>& out) const {
  auto piece = pieces_.lower_bound(range.first);
  if (piece != pieces_.begin() && std::prev(piece)->second.end > range.first) --piece;
  std::uint64_t at = range.first;
  std::size_t seen = 0;
  for (; piece != pieces_.end() && piece->first < range.end; ++piece, ++seen) {
    if (piece->first > at) append(out, {piece->first - at, kZeros, 0});
    at = std::max(at, piece->first);
    const std::uint64_t end = std::min(range.end, piece->second.end);
    append(out, {end - at, piece->second.layer, piece->second.block + (at - piece->first)});
    at = end;
  }
  if (at < range.end) append(out, {range.end - at, kZeros, 0});
  return seen;
}

Result<Plan> make_plan(const TransferList& list, std::uint64_t old_blocks, const Budget& budget) { return Planner(list, old_blocks, budget).run(); }

}  // namespace klik::transfer
