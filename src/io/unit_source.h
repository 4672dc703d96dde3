// A source made of units that can only be decoded as a whole: operations of an update, clusters of a
// compressed file system.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "io/pool.h"
#include "io/scratch.h"
#include "io/source.h"

namespace klik {

struct UnitRange {
  std::uint64_t at;       // in the resulting source
  std::uint64_t length;   // decoded; at most Budget::unit_bytes, checked by the maker
};

class UnitDecoder {
 public:
  virtual ~UnitDecoder() = default;
  // Fills `out`, which has the unit's length. Called from several threads. An exception is taken for an error (internal)
  // by decode_once().
  virtual Result<void> decode(std::size_t unit, MutableBytes out) const = 0;
};

// Every unit is decoded at most once, at its first use, and kept in scratch space; will_need() decodes
// ahead on `pool` (null: never). Ranges must follow each other without gap from 0 (bad_value otherwise).
Result<SourceRef> decode_once(std::vector<UnitRange> units, std::unique_ptr<UnitDecoder> decoder, Scratch& scratch, Pool* pool);

// Units are decoded when asked for and the last `cache_bytes` of them are kept. For data that is read
// once, in order. Same rule for ranges.
Result<SourceRef> decode_on_demand(std::vector<UnitRange> units, std::unique_ptr<UnitDecoder> decoder, std::uint64_t cache_bytes);

}  // namespace klik
