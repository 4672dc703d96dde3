// Good images with a few bytes broken: no reader may crash, hang or break its promises on them.
#pragma once

#include <random>

#include "support/containers.h"

namespace klik::test {

// `rounds` times: one to four random bytes of `bytes[from, to)` changed, then opened and read. Seeded.
// Half of the changes are made to bytes that are not zero, since those are more likely to mean something.
inline void break_bytes(std::string_view format, const std::vector<std::uint8_t>& bytes, std::size_t from, std::size_t to, unsigned rounds, unsigned seed) {
  Budget budget;
  budget.item_bytes = budget.floor_bytes = 1u << 24;
  budget.metadata_bytes = 1u << 22;
  budget.children = 4096;
  std::mt19937 random(seed);
  for (unsigned round = 0; round < rounds; ++round) {
    std::vector<std::uint8_t> broken = bytes;
    const unsigned changes = 1 + random() % 4;
    for (unsigned i = 0; i < changes; ++i) {
      std::size_t at = from + random() % (to - from);
      if (random() % 2)
        for (unsigned tries = 0; tries < 64 && broken[at] == 0; ++tries) at = from + random() % (to - from);
      static constexpr std::uint8_t kOdd[] = {0, 1, 0x7F, 0x80, 0xFF};
      broken[at] = random() % 3 ? static_cast<std::uint8_t>(broken[at] ^ (1u << random() % 8)) : kOdd[random() % 5];
    }
    const Opened opened = open(format, memory_source(std::move(broken)), "", {}, budget);
    check_promises(opened, bytes.size());
  }
}

// The first note whose text is `what`, or null.
inline const Note* note(const Opened& opened, std::string_view what) {
  for (const Note& n : opened.notes)
    if (what == n.error.what) return &n;
  return nullptr;
}

inline const Child* child(const Opened& opened, std::string_view name) {
  if (!opened.contents) return nullptr;
  for (const Child& c : opened.contents->children)
    if (c.name == name) return &c;
  return nullptr;
}

inline std::string content(const Opened& opened, std::string_view name) {
  const Child* c = child(opened, name);
  if (!c || !c->source) return "(none)";
  const auto bytes = c->source->load();
  return bytes ? std::string(bytes->bytes().text()) : std::string("(") + bytes.error().what + ")";
}

}  // namespace klik::test
