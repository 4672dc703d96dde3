// Children need names of their own even where the input repeats or omits one: the second "a" becomes "a#2".
#pragma once

#include <cstdint>
#include <string>
#include <unordered_map>

namespace klik {

class UniqueNames {
 public:
  std::string take(std::string name) {
    // The count is kept per name, so a thousand equal names cost a thousand steps, not a million.
    auto [at, fresh] = seen_.try_emplace(name, 1);
    if (fresh) return name;
    for (std::uint64_t n = at->second + 1;; ++n) {
      std::string candidate = name + "#" + std::to_string(n);
      if (!seen_.try_emplace(candidate, 1).second) continue;
      seen_[name] = n;
      return candidate;
    }
  }

 private:
  std::unordered_map<std::string, std::uint64_t> seen_;
};

}  // namespace klik
