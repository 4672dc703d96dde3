// The end record of a zip: where the directory lies and how many entries the phone reads from it.
#pragma once

#include <cstdint>

#include "io/source.h"

namespace klik {

struct ZipEnd {
  std::uint64_t at = 0;               // of the end record
  std::uint64_t length = 0;           // of the end record with its comment
  std::uint64_t tail_at = 0;          // where the end records start: `at`, or the zip64 end record
  std::uint64_t count = 0;
  std::uint64_t directory_at = 0;     // as an offset in the source: `shift` is in it already
  std::uint64_t directory_size = 0;
  std::uint64_t shift = 0;            // what must be added to every offset the archive states
  bool zip64 = false;
  bool first_hit = true;              // no other magic stands between it and the end
};

// Backward from the end, the first record whose directory is there. Errors: bad_magic (none).
Result<ZipEnd> find_zip_end(const Source& source);

// Whether the last record of the file is one whose comment ends with the file. For recognising.
bool ends_as_zip(const Source& source);

}  // namespace klik
