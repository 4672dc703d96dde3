#include "engine/image_bytes.h"

#include <algorithm>
#include <array>

#include "base/text.h"
#include "engine/naming.h"

namespace klik {
namespace {

constexpr std::array<std::string_view, 7> kImageKinds = {"ext4", "erofs", "boot", "vendor_boot", "vbmeta", "super", "android_sparse"};
constexpr std::array<std::string_view, 4> kCaptureKinds = {"pcap", "pcapng", "har", "tls_keys"};   // read when all key logs are known
constexpr std::array<std::string_view, 3> kImageHolders = {"payload", "super", "android_sparse"};
// A path that can be read in many ways could be searched without end.
constexpr unsigned kMostSteps = 4096;

struct Search {
  const BlobId& blob;
  std::vector<std::string>& parts;
  unsigned steps = 0;

  bool below(const Edge& edge, std::string_view rest, bool inside_input) {
    if (rest.empty()) return edge.blob == blob;
    if (!edge.node || ++steps > kMostSteps) return false;
    std::vector<NamedChild> named;
    for (const Edge& e : edge.node->edges) named.push_back({e.name, e.transform});
    const std::vector<std::string> spelled = path_parts(named, inside_input);
    for (std::size_t i = 0; i < spelled.size(); ++i) {
      const std::string part = text::storable(spelled[i]);
      if (part.empty() || !rest.starts_with(part)) continue;
      std::string_view after = rest.substr(part.size());
      if (!after.empty() && !after.starts_with('!')) continue;
      if (!after.empty()) after.remove_prefix(1);
      parts.push_back(part);
      if (below(edge.node->edges[i], after, false)) return true;
      parts.pop_back();
    }
    return false;
  }
};

}  // namespace

bool KeptImages::wanted(std::string_view kind, std::string_view name, std::string_view holder_kind) {
  if (holder_kind == "apex" || holder_kind == "capex") return false;   // judged while its module is read
  // A file of a folder is opened by its path for every read, and another may lie there by then: that is hashed again.
  if (std::ranges::find(kCaptureKinds, kind) != kCaptureKinds.end()) return holder_kind != "folder";
  return std::ranges::find(kImageKinds, kind) != kImageKinds.end() || std::ranges::find(kImageHolders, holder_kind) != kImageHolders.end() || name.ends_with(".img");
}

void KeptImages::keep(const BlobId& blob, const SourceRef& source) {
  const std::uint64_t size = source->size();
  if (size == 0) return;
  const bool in_memory = source->in_memory(0, size).size() == size;
  // A window in memory keeps all of what it looks into.
  constexpr std::uint64_t kWhole = std::uint64_t{48} << 20;
  const std::uint64_t cost = !in_memory ? 0 : size <= kCopied ? size : std::max(size, kWhole);
  {
    const std::lock_guard lock(mutex_);
    if (kept_.size() >= kMost || kept_.contains(blob) || cost > kMemory - in_memory_) return;
    in_memory_ += cost;
  }
  SourceRef kept = source;
  if (in_memory && size <= kCopied) {
    const auto bytes = source->load();
    if (!bytes) return;
    kept = memory_source(std::vector<std::uint8_t>(bytes->bytes().begin(), bytes->bytes().end()));
  }
  const std::lock_guard lock(mutex_);
  kept_.emplace(blob, std::move(kept));
}

SourceRef KeptImages::find(const BlobId& blob) const {
  const std::lock_guard lock(mutex_);
  const auto found = kept_.find(blob);
  return found == kept_.end() ? nullptr : found->second;
}

bool parts_of(const Edge& root, std::string_view path, const BlobId& blob, std::vector<std::string>& parts) {
  parts.clear();
  return Search{blob, parts}.below(root, path, root.type == ChildType::file);
}

}  // namespace klik
