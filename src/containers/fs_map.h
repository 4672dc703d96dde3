// Where the bytes of one file lie in a file system image, and the source made of them. Ranges that leave
// the image stay part of the file: reading there fails, reading the rest does not.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "containers/container.h"
#include "containers/fs_notes.h"

namespace klik {

// A source whose every byte is unreadable for the given reason.
SourceRef unreadable_source(std::uint64_t size, const Error& why);

class FsMap {
 public:
  FsMap(SourceRef image, FsMeter& meter) : image_(std::move(image)), meter_(meter) {}

  // `length` bytes at `at` in the file are those at `from` in the image. What was not added reads as zeros.
  // Errors: over_budget (too many pieces).
  Result<void> add(std::uint64_t at, std::uint64_t length, std::uint64_t from);
  // The same for bytes that are known to be unreadable, or that come from elsewhere.
  Result<void> add(std::uint64_t at, std::uint64_t length, SourceRef from, std::uint64_t from_at = 0);
  // Lineage only: the bytes at [from, from + length) of the image go into the file in some encoded form.
  Result<void> add_lineage(std::uint64_t from, std::uint64_t length);

  // Set when a range left the image: where.
  const std::optional<Error>& missing() const { return missing_; }

  // Puts source, extents and size into `child`. Errors: bad_value (ranges overlap).
  Result<void> finish(std::uint64_t size, Child& child);

 private:
  SourceRef image_;
  FsMeter& meter_;
  std::vector<Piece> pieces_;
  std::vector<Extent> extents_;
  std::optional<Error> missing_;
};

}  // namespace klik
