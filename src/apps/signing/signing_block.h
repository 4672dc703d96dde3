// The APK Signing Block, found as the phone finds it. A block that breaks one of the rules is not an error:
// the phone does not see it and falls back to an older scheme, so the rule it broke is part of the answer.
// Source: source.android.com, "APK Signature Scheme v2", APK Signing Block.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "base/budget.h"
#include "io/source.h"

namespace klik::apk {

inline constexpr std::uint32_t kSchemeV2Id = 0x7109871A, kSchemeV3Id = 0xF05368C0, kSchemeV31Id = 0x1B93AD61;
inline constexpr std::uint32_t kStampV1Id = 0x2B09189E, kStampV2Id = 0x6DFF800D;

// Bytes with their place in the file that the block lies in.
struct Part {
  Bytes bytes;
  std::uint64_t at = 0;
};

// The parts of a file that signatures of schemes v2 and newer cover are everything but the block.
struct ApkLayout {
  std::uint64_t directory_at = 0, directory_size = 0;
  std::uint64_t end_record_at = 0, size = 0;
  std::uint32_t entry_count = 0;
  std::uint64_t covered_end = 0;         // of the part before the directory: where the block starts, if there is one
};

struct SigningBlock {
  struct Pair {
    std::uint32_t id;
    Part value;
  };
  std::uint64_t at = 0, size = 0;        // of the whole block
  Blob bytes;
  std::vector<Pair> pairs;               // up to the first damaged one: the phone stops there too

  // The first value with this id, or null.
  const Part* find(std::uint32_t id) const;
};

struct SigningBlockSearch {
  std::optional<ApkLayout> layout;       // absent: no end record as the phone demands it
  std::optional<SigningBlock> block;
  const char* missing = nullptr;         // why there is none, a literal; null when there is no trace of one
};

// Errors: over_budget (the block claims more than Budget::metadata_bytes), and what reading reports.
Result<SigningBlockSearch> find_signing_block(const Source& apk, const Budget& budget);

// Reads little-endian numbers and values that are preceded by their 32-bit length.
class PrefixedReader {
 public:
  explicit PrefixedReader(Part part) : part_(part) {}
  bool at_end() const { return at_ >= part_.bytes.size(); }
  std::uint64_t remaining() const { return part_.bytes.size() - at_; }
  // Errors: truncated.
  Result<std::uint32_t> number();
  Result<Part> value();
  Part rest() const;

 private:
  Part part_;
  std::uint64_t at_ = 0;
};

}  // namespace klik::apk
