// Records of facts one after another, in memory up to what the owner allows and then in a scratch file.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "ledger/scratch_file.h"

namespace klik {

class FactArena {
 public:
  // Where the record lies from now on; it says nothing but that.
  std::uint64_t add(std::span<const std::uint8_t> record);
  std::uint64_t in_memory() const { return in_memory_; }
  // Moves all that is in memory. Errors: io.
  Result<void> spill(ScratchFile& scratch);
  // The record, in place or in `buffer`; valid until the next call that spills or uses the buffer. Errors: io.
  Result<std::span<const std::uint8_t>> at(std::uint64_t where, const ScratchFile& scratch, std::vector<std::uint8_t>& buffer) const;

 private:
  static constexpr unsigned kChunkBits = 20;             // a place is a chunk's number and an offset of so many bits
  static constexpr std::size_t kChunk = std::size_t{1} << kChunkBits;
  struct Chunk {
    std::vector<std::uint8_t> bytes;                     // empty when it lies in the scratch file
    std::uint64_t scratch_at = 0, size = 0;
  };
  std::vector<Chunk> chunks_;                            // a record larger than a chunk has one of its own
  std::vector<std::vector<std::uint8_t>> spare_;         // room of chunks that were spilled: given back, small allocations would cut it up
  std::size_t first_in_memory_ = 0;
  std::uint64_t in_memory_ = 0;
};

}  // namespace klik
