// Texts that come over and over, each kept once and known by a number.
#pragma once

#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

namespace klik {

class TextPool {
 public:
  // From 0, in the order in which texts come up.
  std::uint32_t number_of(std::string text) {
    const auto [at, is_new] = numbers_.try_emplace(std::move(text), static_cast<std::uint32_t>(texts_.size()));
    if (is_new) texts_.push_back(&at->first);
    return at->second;
  }
  // REQUIRES: a number that was given. Stays as long as the pool.
  const std::string& at(std::uint32_t number) const { return *texts_[number]; }

 private:
  std::unordered_map<std::string, std::uint32_t> numbers_;
  std::vector<const std::string*> texts_;
};

}  // namespace klik
