// Root certificates that are known in public lists: data/roots.
#pragma once

#include <span>
#include <string_view>
#include <utility>
#include <vector>

namespace klik::data {

struct Root {
  std::string_view sha256, subject;
  std::vector<std::pair<int, int>> android;   // API levels, from and to, whose AOSP list has it
  bool android_between = false;               // in AOSP's list at some time, of no release
  std::string_view mozilla;                   // "2014-2026"; "" for never
  std::string_view other;                     // "wfa": AOSP's list for Hotspot 2.0; "" for none
  std::string_view removed;                   // the day on which AOSP took it out as distrusted; "" for none

  bool in_release(int api) const;
};

inline constexpr int kFirstRootList = 14, kLastRootList = 33;   // API levels whose list is held

std::span<const Root> roots();   // by sha256
// Null when no list that is held here has it.
const Root* known_root(std::string_view sha256);

}  // namespace klik::data
