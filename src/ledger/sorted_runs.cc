#include "ledger/sorted_runs.h"

#include <algorithm>

#include "base/release.h"

namespace klik {
namespace {

// Runs are read in blocks; with very many runs the blocks become smaller, so that all of them fit.
constexpr std::size_t kEntriesAtOnce = (std::size_t{4} << 20) / sizeof(SortEntry), kLargestBlock = 2048, kSmallestBlock = 64;

}  // namespace

void SortedRuns::sort() {
  if (!std::ranges::is_sorted(memory_)) std::ranges::sort(memory_);
}

Result<void> SortedRuns::spill(ScratchFile& scratch) {
  if (memory_.empty()) return {};
  sort();
  KLIK_TRY(const std::uint64_t at, scratch.append(std::as_bytes(std::span(memory_))));
  runs_.push_back({at, memory_.size()});
  spilled_ += memory_.size();
  release(memory_);
  return {};
}

SortedReader::SortedReader(std::span<SortedRuns> all, const ScratchFile& scratch) : scratch_(scratch) {
  std::size_t runs = 0;
  for (SortedRuns& one : all) {
    one.sort();
    runs += one.runs_.size();
    if (!one.memory_.empty()) sources_.push_back({one.memory_, 0, 0, {}});
    for (const SortedRuns::Run& r : one.runs_) sources_.push_back({{}, r.at, r.entries, {}});
  }
  entries_per_block_ = std::clamp(kEntriesAtOnce / std::max<std::size_t>(runs, 1), kSmallestBlock, kLargestBlock);
  for (std::size_t i = 0; i < sources_.size(); ++i)
    if (!sources_[i].entries.empty() || fill(sources_[i])) push_source(i);
}

bool SortedReader::fill(Source& source) {
  if (source.left == 0 || !state_) return false;
  source.block.resize(static_cast<std::size_t>(std::min<std::uint64_t>(source.left, entries_per_block_)));
  state_ = scratch_.read(source.at, std::as_writable_bytes(std::span(source.block)));
  if (!state_) return false;
  source.at += source.block.size() * sizeof(SortEntry);
  source.left -= source.block.size();
  source.entries = source.block;
  return true;
}

void SortedReader::push_source(std::size_t at) {
  heap_.push_back(at);
  std::ranges::push_heap(heap_, std::ranges::greater(), [this](std::size_t i) { return sources_[i].entries.front(); });
}

const SortEntry* SortedReader::next() {
  if (!state_ || heap_.empty()) return nullptr;
  std::ranges::pop_heap(heap_, std::ranges::greater(), [this](std::size_t i) { return sources_[i].entries.front(); });
  const std::size_t lowest = heap_.back();
  heap_.pop_back();
  Source& source = sources_[lowest];
  now_ = source.entries.front();
  source.entries = source.entries.subspan(1);
  if (!source.entries.empty() || fill(source)) push_source(lowest);
  return state_ ? &now_ : nullptr;
}

}  // namespace klik
