// The parts of a Zucchini "ensemble" patch: elements, each of which makes one range of the new image from one of the old.
// Source: Chromium components/zucchini/README.md, "Zucchini Ensemble Patch Format".
#pragma once

#include <map>
#include <vector>

#include "formats/patch/zucchini/stream.h"

namespace klik::zucchini {

// Four characters, little-endian.
enum class Kind : std::uint32_t {
  no_op = 0x704F6F4E,      // "NoOp": bytes without references
  elf_x86 = 0x36387845,    // "Ex86"
  elf_x64 = 0x34367845,    // "Ex64"
  elf_arm = 0x32334145,    // "EA32"
  elf_arm64 = 0x34364145,  // "EA64"
  dex = 0x20584544,        // "DEX "
};

// A block of the new element that is copied from the old one. Offsets count from the start of the element.
struct Equivalence {
  std::uint32_t source, destination, length;

  std::uint32_t source_end() const { return source + length; }
};

struct Element {
  Kind kind;
  std::uint32_t old_at, old_length, new_at, new_length;
  std::uint64_t at;                            // of its header in the patch
  std::vector<Equivalence> equivalences;       // by destination, inside both elements, not overlapping in the new one
  Stream extra;                                // what fills the gaps between them: exactly as much as is needed
  Stream delta_skips, delta_bytes;             // bytes to correct in what was copied
  Stream reference_deltas;
  std::map<std::uint8_t, Stream> extra_targets;   // by pool
};

struct Patch {
  std::uint32_t old_size, old_crc, new_size, new_crc;
  std::vector<Element> elements;               // one after the other, they cover the new image
};

// Errors: truncated, bad_magic, bad_value, unsupported (version, kind of executable), over_budget.
Result<Patch> read_patch(Bytes bytes);

}  // namespace klik::zucchini
