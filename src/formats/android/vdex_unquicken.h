// Undoing what the phone's compiler did to the code in a vdex: opcodes that name a place in memory get back the field,
// method or type they had. The result is the DEX that the app was built with, which its own checksums prove.
// Source: AOSP art/runtime/dex_to_dex_decompiler.cc and quicken_info.h of Android 8.0, 8.1 and 9.
#pragma once

#include <optional>
#include <vector>

#include "formats/android/vdex.h"

namespace klik::vdex {

struct Unquickened {
  std::vector<std::uint8_t> bytes;      // the DEX file from its header on
  std::uint64_t restored = 0;           // instructions
  std::optional<Error> broken;          // why the rest was left as it was
};

// Undoes the DEX files of one vdex, in order: version 006 keeps its table as one stream over all of them.
class Unquickener {
 public:
  // Both must outlive the object.
  Unquickener(const File& file, Bytes vdex) : file_(file), vdex_(vdex) {}

  // REQUIRES: number counts up from 0 with each call. `extent` is what the child consists of: the DEX's own range, for
  // compact DEX up to the end of the shared data.
  Unquickened undo(std::size_t number, Range extent);

 private:
  const File& file_;
  Bytes vdex_;
  std::uint64_t stream_at_ = 0;         // version 006: in the quickening data
};

}  // namespace klik::vdex
