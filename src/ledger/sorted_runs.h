// Any number of small entries, put in order in bounded memory: what does not fit lies in a scratch file as sorted runs,
// which are merged when they are read.
#pragma once

#include <compare>
#include <cstdint>
#include <span>
#include <vector>

#include "ledger/scratch_file.h"

namespace klik {

// Where something lies, and by what it is ordered.
struct SortEntry {
  std::uint64_t major, minor;
  std::uint64_t where;
  friend auto operator<=>(const SortEntry&, const SortEntry&) = default;
};

class SortedRuns {
 public:
  void push(const SortEntry& entry) { memory_.push_back(entry); }
  std::uint64_t size() const { return spilled_ + memory_.size(); }
  std::size_t in_memory() const { return memory_.size(); }

  // Makes room: what is in memory becomes a run. Errors: io.
  Result<void> spill(ScratchFile& scratch);

 private:
  friend class SortedReader;
  struct Run {
    std::uint64_t at, entries;
  };
  void sort();

  std::vector<SortEntry> memory_;
  std::vector<Run> runs_;
  std::uint64_t spilled_ = 0;
};

// The entries of one or several SortedRuns over one scratch file, in one order. While one reads, nothing may be pushed or spilled.
class SortedReader {
 public:
  SortedReader(std::span<SortedRuns> all, const ScratchFile& scratch);
  // Null at the end, and after a failure; valid until the next call.
  const SortEntry* next();
  // Errors: io.
  const Result<void>& state() const { return state_; }

 private:
  struct Source {
    std::span<const SortEntry> entries;    // what is left of the block
    std::uint64_t at = 0, left = 0;        // in the scratch file, after the block
    std::vector<SortEntry> block;
  };
  bool fill(Source& source);
  void push_source(std::size_t at);

  const ScratchFile& scratch_;
  std::vector<Source> sources_;
  std::vector<std::size_t> heap_;          // of sources, the one with the lowest entry first
  std::size_t entries_per_block_ = 0;
  SortEntry now_{};
  Result<void> state_;
};

}  // namespace klik
