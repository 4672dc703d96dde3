// Records of facts, any number in bounded memory, each kind in the order of fact_id. They lie in segments: a segment holds what came within
// some time, sorted by kind and fact_id, in memory or in a scratch file. Readers merge the runs of one kind, or of all, and so read every
// segment from front to back.
#pragma once

#include <span>
#include <vector>

#include "ledger/fact_record.h"
#include "ledger/scratch_file.h"

namespace klik {

// Where a record lies from the time it is in a segment: number of the segment, then an offset in it.
using RecordPlace = std::uint64_t;

class RecordRuns {
 public:
  // `bytes` and `entries`: what may be in memory, with 24 bytes for each entry on top.
  RecordRuns(std::size_t kinds, std::uint64_t bytes, std::size_t entries) : most_bytes_(bytes), most_entries_(entries), waiting_(kinds), runs_(kinds), counts_(kinds) {}

  // Errors: io.
  Result<void> add(std::size_t kind, const FactId& id, std::span<const std::uint8_t> record, ScratchFile& scratch);
  std::uint64_t count(std::size_t kind) const { return counts_[kind]; }

  // Puts what came since the last time into a segment; before records are read. Errors: io.
  Result<void> seal(ScratchFile& scratch);

 private:
  friend class RecordReader;
  friend class RecordFetcher;
  static constexpr unsigned kOffsetBits = 32;            // of a place
  static constexpr std::size_t kChunk = std::size_t{1} << 20;
  struct Waiting {
    std::uint64_t major, minor;                          // halves of the fact_id
    std::uint64_t chunk_and_offset;
    friend auto operator<=>(const Waiting&, const Waiting&) = default;
  };
  struct Segment {
    std::vector<std::uint8_t> bytes;                     // empty when it lies in the scratch file
    std::uint64_t scratch_at, size;
  };
  struct Run {
    std::uint32_t segment;
    std::uint64_t at, size;                              // in the segment
  };
  std::span<const std::uint8_t> waiting_record(const Waiting& w) const;
  std::vector<std::uint8_t>& room_for(std::size_t size);
  Result<void> spill(ScratchFile& scratch);

  std::uint64_t most_bytes_;
  std::size_t most_entries_;
  std::vector<std::vector<Waiting>> waiting_;            // by kind
  std::vector<std::vector<std::uint8_t>> chunks_;        // their records; one larger than a chunk has one of its own
  std::vector<std::vector<std::uint8_t>> spare_;         // room of chunks: given back, small allocations would cut it up
  std::uint64_t waiting_bytes_ = 0, sealed_bytes_ = 0;   // in memory
  std::size_t waiting_count_ = 0;
  std::vector<Segment> segments_;
  std::vector<std::vector<Run>> runs_;                   // by kind
  std::vector<std::uint64_t> counts_;
};

// The records of one kind, or of all, by fact_id. While one reads, nothing may be added.
class RecordReader {
 public:
  // REQUIRES: all is sealed. `kinds`: first and how many.
  RecordReader(const RecordRuns& all, const ScratchFile& scratch, std::size_t kind, std::size_t kinds);
  struct Item {
    RecordPlace place;
    FactRecord record;
  };
  // Null at the end, and after a failure; valid until the next call.
  const Item* next();
  // Errors: io.
  const Result<void>& state() const { return state_; }

 private:
  struct Source {
    RecordPlace place;                                   // of the first of `left`
    std::span<const std::uint8_t> left;                  // what is at hand of the run
    std::uint64_t scratch_at, scratch_left;              // what is not
    std::vector<std::uint8_t> block;
    FactId id;
  };
  bool fill(Source& source);
  void push_source(std::size_t at);

  const ScratchFile& scratch_;
  std::vector<Source> sources_;
  std::vector<std::size_t> heap_;                        // of sources, the one with the lowest id first
  std::optional<std::size_t> last_;                      // whose first record was given out
  std::size_t block_size_ = 0;
  std::optional<Item> item_;
  Result<void> state_;
};

// Records by place. Reads ahead where they are asked for one after another.
class RecordFetcher {
 public:
  RecordFetcher(const RecordRuns& all, const ScratchFile& scratch) : all_(all), scratch_(scratch) {}
  // Valid until the next call, and until something is added. Errors: io.
  Result<FactRecord> fetch(RecordPlace place);

 private:
  struct Block {
    std::uint64_t at = 0, next = 0;                      // offsets in the segment; `next` is behind the record given last
    std::vector<std::uint8_t> bytes;
  };
  Result<void> read(Block& block, const RecordRuns::Segment& segment, std::uint64_t at, std::uint64_t size);

  const RecordRuns& all_;
  const ScratchFile& scratch_;
  std::vector<Block> blocks_;                            // by segment
};

}  // namespace klik
