// What an image extractor may look at: the rows of one build, after the walk.
#pragma once

#include <functional>
#include <optional>
#include <string_view>

#include "facts/fact.h"

namespace klik {

// A row of the artifact tree of one build.
struct ArtifactRow {
  std::string_view path;          // from the input's root, containers joined with '!': "ota.zip!payload.bin!system!app/A/A.apk"
  std::string_view device_path;   // as the running phone names it: "/system/app/A/A.apk"; "" when unknown
  std::string_view kind, state;
  std::uint64_t size;
  std::optional<BlobId> blob;     // absent when it was not read
  std::optional<std::uint32_t> mode, uid, gid;   // from the file system; absent when there is none
  std::string_view selinux, capability_hex, link_target;
};

struct FactRow {
  FactId id;
  const ArtifactRow& artifact;    // where the fact's blob lies; a fact comes once per place of its blob
  std::span<const Value> values;  // valid during the call, their texts too
};

// The rows of one build, in path order.
class BuildRows {
 public:
  virtual ~BuildRows() = default;
  virtual BlobId build() const = 0;
  virtual void artifacts(const std::function<void(const ArtifactRow&)>& each) const = 0;
  virtual void facts(const FactKind& kind, const std::function<void(const FactRow&)>& each) const = 0;
};

}  // namespace klik
