// Which bytes of an image something vouches for, when the ranges may overlap.
#pragma once

#include <cstdint>
#include <vector>

namespace klik {

class Coverage {
 public:
  // Where they overlap, the first counts: no other statement makes up for a digest that does not agree.
  enum Kind : std::uint8_t { failed, verified, unsigned_digest, structure };

  struct Sums {
    std::uint64_t failed = 0, verified = 0, unsigned_digest = 0, structure = 0;
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
