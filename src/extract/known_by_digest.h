// What is known of bytes that were looked at before, by their digest: bounded, and nobody can make two texts that are taken for one.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string_view>

#include "base/hash.h"

namespace klik {

template <class T>
class KnownByDigest {
 public:
  // Nothing is known of it: null. Ends being valid at the next keep().
  T* find(std::string_view bytes) {
    const Sha256Digest digest = sha256(Bytes::of(bytes));
    std::copy_n(digest.begin(), last_.size(), last_.begin());
    const auto known = known_.find(last_);
    return known == known_.end() ? nullptr : &known->second;
  }
  // Of the bytes that were asked about last.
  void keep(T what) {
    if (known_.size() >= kMost && !known_.contains(last_)) known_.clear();
    known_[last_] = what;
  }

 private:
  static constexpr std::size_t kMost = 8'192;   // then all are forgotten
  using Key = std::array<std::uint8_t, 16>;
  std::map<Key, T> known_;
  Key last_{};
};

}  // namespace klik
