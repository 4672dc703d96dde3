// Digests that facts, origins and artifacts name, each kept once and known by a small number while a case is written.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "facts/fact.h"

namespace klik {

class BlobTable {
 public:
  BlobTable();

  // Numbers count from 0 in the order of arrival: they say nothing about content and appear nowhere in a case.
  std::uint32_t number_of(const Sha256Digest& digest);
  std::optional<std::uint32_t> find(const Sha256Digest& digest) const;
  const Sha256Digest& digest(std::uint32_t number) const { return digests_[number]; }
  std::uint32_t size() const { return static_cast<std::uint32_t>(digests_.size()); }

 private:
  std::size_t slot_of(const Sha256Digest& digest) const;
  void grow();

  std::vector<Sha256Digest> digests_;
  std::vector<std::uint32_t> slots_;       // number + 1; 0: free
  std::array<std::uint64_t, 4> factors_;
  std::uint32_t last_ = 0;
};

}  // namespace klik
