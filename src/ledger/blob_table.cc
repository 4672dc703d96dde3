#include "ledger/blob_table.h"

#include <random>

namespace klik {

// Who makes the input can choose digests that collide under a known function, so every table has its own.
BlobTable::BlobTable() : slots_(1024) {
  std::random_device random;
  for (std::uint64_t& f : factors_) f = (std::uint64_t{random()} << 32 | random()) | 1;
}

std::size_t BlobTable::slot_of(const Sha256Digest& digest) const {
  std::uint64_t hash = 0;
  for (std::size_t word = 0; word < factors_.size(); ++word) {
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < 8; ++i) value = value << 8 | digest[word * 8 + i];
    hash += value * factors_[word];
  }
  std::size_t at = static_cast<std::size_t>((hash ^ hash >> 32) * factors_[0] >> 32) & (slots_.size() - 1);
  while (slots_[at] != 0 && digests_[slots_[at] - 1] != digest) at = (at + 1) & (slots_.size() - 1);
  return at;
}

void BlobTable::grow() {
  slots_.assign(slots_.size() * 2, 0);
  for (std::uint32_t i = 0; i < digests_.size(); ++i) slots_[slot_of(digests_[i])] = i + 1;
}

std::optional<std::uint32_t> BlobTable::find(const Sha256Digest& digest) const {
  const std::uint32_t slot = slots_[slot_of(digest)];
  return slot ? std::optional(slot - 1) : std::nullopt;
}

std::uint32_t BlobTable::number_of(const Sha256Digest& digest) {
  if (last_ < digests_.size() && digests_[last_] == digest) return last_;   // facts come file by file
  if (digests_.size() * 2 >= slots_.size()) grow();
  std::uint32_t& slot = slots_[slot_of(digest)];
  if (slot == 0) {
    digests_.push_back(digest);
    slot = static_cast<std::uint32_t>(digests_.size());
  }
  last_ = slot - 1;
  return last_;
}

}  // namespace klik
