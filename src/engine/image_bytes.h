// The bytes of partition images and of captures after the walk, for what must be recomputed over whole images or needs what
// lies beside. What the walk has read stays open, so that nothing is decoded or hashed twice; anything else is opened again
// by its path.
#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "engine/node.h"

namespace klik {

class KeptImages {
 public:
  // Whether a file of this kind and name, in a container of that kind, is one whose bytes somebody may ask for again.
  static bool wanted(std::string_view kind, std::string_view name, std::string_view holder_kind);

  // Keeps the source unless that would hold much memory: then it can be had by its path only. From any thread.
  void keep(const BlobId& blob, const SourceRef& source);
  // Null when it was not kept.
  SourceRef find(const BlobId& blob) const;

 private:
  static constexpr std::uint64_t kMemory = std::uint64_t{192} << 20, kCopied = std::uint64_t{1} << 20;
  static constexpr std::size_t kMost = 4096;

  mutable std::mutex mutex_;
  std::map<BlobId, SourceRef> kept_;
  std::uint64_t in_memory_ = 0;
};

// The container path below an input that spells `path` and ends in something with the digest `blob`: what reopen() takes.
// False when the input has no such artifact.
bool parts_of(const Edge& root, std::string_view path, const BlobId& blob, std::vector<std::string>& parts);

}  // namespace klik
