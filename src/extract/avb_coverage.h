// Which bytes of an image something vouches for, when the ranges may overlap.
#pragma once

#include <cstdint>
#include <vector>

namespace klik {

class Coverage {
 public:
  enum Kind : std::uint8_t { verified, unsigned_digest, failed };   // where they overlap, the first counts

  struct Sums {
    std::uint64_t verified = 0, unsigned_digest = 0, failed = 0;
  };

  void add(std::uint64_t at, std::uint64_t length, Kind kind) {
    if (length > 0) ranges_.push_back({at, length > ~at ? ~std::uint64_t{0} : at + length, kind});
  }
  // Within the first `size` bytes.
  Sums sums(std::uint64_t size) const;

 private:
  struct Range {
    std::uint64_t from, to;
    Kind kind;
  };
  std::vector<Range> ranges_;
};

}  // namespace klik
