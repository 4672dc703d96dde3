// What changed in one native file: names it takes and offers, functions, texts, what runs at start, its shape.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "flow/native_match.h"

namespace klik::compare {

struct NativeText {
  std::string kind, value;       // as in native_string
};

struct NativeStart {
  std::string kind, function;    // as in native_init
  std::uint64_t address;
};

// One side of a pair of files.
struct NativeSide {
  elf::Functions code;           // refers to `packed`
  std::string packed;
  std::vector<std::string> imports, needed;
  std::vector<NativeText> texts;
  std::vector<NativeStart> starts;
  bool writable_code = false;
  std::int64_t dense_bytes = 0;
};

struct NativeChange {
  std::string_view what;
  std::string name, before, after, called_from, mark, detail;
};

struct NativeCounts {
  std::int64_t same = 0, changed = 0, added = 0, removed = 0, same_bytes = 0;
  std::int64_t by_name = 0, by_code = 0, by_neighbours = 0, by_likeness = 0;
};

struct NativeResult {
  NativeCounts counts;
  std::vector<NativeChange> changes;   // by what, then the telling ones first; at most kMostPerWhat of each and one row left_out
};

inline constexpr std::size_t kMostPerWhat = 100;

NativeResult native_changes(const NativeSide& before, const NativeSide& after);

// What an imported name is for: a power of data/powers, or exec, load, network, crypto, memory, trace or identity. "" for all others.
std::string_view mark_of_import(std::string_view name);
// The power that a text of native code belongs to, or "".
std::string_view mark_of_text(std::string_view text);

}  // namespace klik::compare
