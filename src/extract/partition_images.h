// The partition images of a build and the vbmeta structures in or behind them.
#pragma once

#include <deque>
#include <optional>
#include <string>
#include <vector>

#include "extract/extractor.h"
#include "formats/android/avb.h"

namespace klik {

struct PartitionImage {
  std::string path;        // of the artifact
  std::string partition;   // "system": its name without slot and endings
  std::string slot;        // "_a", "_b" or ""
  std::string holder;      // path of what holds it, "" for an input
  std::string kind;
  std::uint64_t size;
  BlobId blob;
  SourceRef source;        // null when its bytes cannot be had any more
};

// A vbmeta structure: an image of its own, or behind the footer of another.
struct VbMetaStructure {
  std::size_t image;             // whose
  bool own;                      // the image is nothing but this structure
  std::uint64_t at;              // in the image
  Blob bytes;
  avb::VbMeta meta;              // windows into `bytes`
};

class PartitionImages {
 public:
  // Problems of structures that cannot be read go to the sink.
  PartitionImages(const Image& image, FactSink& sink);

  const std::deque<PartitionImage>& images() const { return images_; }
  const std::deque<VbMetaStructure>& structures() const { return structures_; }
  // The image of a partition that belongs to the same set as another image: nearest in the tree, same slot.
  std::optional<std::size_t> find(std::string_view partition, const PartitionImage& beside) const;
  std::optional<std::size_t> structure_of(std::size_t image) const;

 private:
  std::size_t gather(const BuildRows& rows);   // how many were left out
  void read_structure(std::size_t image, FactSink& sink);

  std::deque<PartitionImage> images_;
  std::deque<VbMetaStructure> structures_;
};

// "in/IMAGES/vbmeta_system_a.img" → "vbmeta_system" and "_a".
std::pair<std::string, std::string> partition_and_slot(std::string_view path);

}  // namespace klik
