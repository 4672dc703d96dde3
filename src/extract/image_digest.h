// Digests over whole images, as verified boot and APEX state them: salted, or a tree of digests over blocks (dm-verity).
// Source: AOSP external/avb avbtool ("generate_hash_tree"); kernel Documentation/admin-guide/device-mapper/verity.rst.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "base/hash.h"
#include "io/pool.h"
#include "io/source.h"

namespace klik {

// "sha256" as descriptors spell it; none for a name that is not computed here.
std::optional<HashAlgorithm> image_hash_algorithm(std::string_view name);

struct TreeShape {
  HashAlgorithm algorithm;
  std::vector<std::uint8_t> salt;
  std::uint64_t image_size;                // of what is hashed; the rest of its last block counts as zeros
  std::uint32_t data_block, hash_block;
  std::uint64_t tree_at, tree_size;        // where the image stores its tree
};

enum class StoredTree : std::uint8_t {
  equal,
  different,
  unwritten,    // zeros: the device makes it
  elsewhere,    // the stated range is not one of the image, or not of the tree's size
};

struct TreeDigest {
  std::vector<std::uint8_t> root;
  StoredTree stored;
};

// A tree being computed in parts that do not depend on each other.
class TreeWork {
 public:
  // Errors: bad_value (block sizes, an empty image), truncated (the image is shorter than it should be).
  static Result<TreeWork> plan(SourceRef image, TreeShape shape);

  std::size_t parts() const { return parts_; }
  // Each part once, from any thread; parts may run at the same time.
  void run(std::size_t part);
  // After all parts. Errors: those of reading; internal when a part was not run to its end.
  Result<TreeDigest> finish();

 private:
  TreeWork() = default;
  std::uint64_t stored_at(std::size_t level) const;
  void compare(Bytes block, std::uint64_t at, std::size_t part);
  void digest_blocks(std::size_t part);

  SourceRef image_;
  TreeShape shape_{};
  std::size_t slot_ = 0;                        // of a digest in a block
  std::uint64_t per_block_ = 0;                 // digests in a block
  std::uint64_t data_blocks_ = 0;
  std::vector<std::uint64_t> level_blocks_;     // from the leaves up
  std::uint64_t tree_bytes_ = 0;
  std::uint64_t blocks_per_part_ = 0;           // of the lowest level
  std::size_t parts_ = 0;
  bool stored_here_ = false;
  std::vector<std::uint8_t> second_;            // digests of the lowest level's blocks
  std::vector<std::optional<Error>> errors_;    // by part
  std::vector<std::uint8_t> differs_, written_, done_;   // by part; bytes, so that threads may write side by side
};

// The same at once, on this thread.
Result<TreeDigest> tree_digest(const SourceRef& image, const TreeShape& shape);

// H(salt ‖ first `size` bytes). Errors: truncated, those of reading.
Result<std::vector<std::uint8_t>> salted_digest(const Source& image, std::uint64_t size, Bytes salt, HashAlgorithm algorithm);

}  // namespace klik
