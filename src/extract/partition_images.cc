#include "extract/partition_images.h"

#include <algorithm>
#include <array>
#include <map>

#include "base/text.h"

namespace klik {
namespace {

constexpr std::uint64_t kMostRead = 16 * avb::kMaxSize;   // as the container
constexpr std::size_t kMostImages = 4096;
constexpr std::array<std::string_view, 5> kImageKinds = {"ext4", "erofs", "boot", "vendor_boot", "vbmeta"};
constexpr std::array<std::string_view, 2> kHolders = {"payload", "super"};
// What is a form of an image, or a set of them: images are told by what it holds.
constexpr std::array<std::string_view, 21> kForms = {"folder", "android_sparse", "super", "payload", "sdat", "zip", "ota", "tar", "update_app", "ozip", "ofp", "ops",
                                                     "gzip", "xz", "zstd", "lz4", "lz4_legacy", "bzip2", "brotli", "lzma", "super_empty"};

template <class List>
bool has(const List& list, std::string_view value) { return std::ranges::find(list, value) != list.end(); }

std::string_view holder_of(std::string_view path) {
  // A structure behind a file system is called "!vbmeta" there.
  if (path.ends_with("!!vbmeta")) return path.substr(0, path.size() - std::string_view("!!vbmeta").size());
  const auto mark = path.rfind('!');
  return mark == path.npos ? std::string_view() : path.substr(0, mark);
}

// How many leading parts two paths share.
std::size_t shared_parts(std::string_view a, std::string_view b) {
  const auto ends = [](std::string_view p, std::size_t i) { return i == p.size() || p[i] == '/' || p[i] == '!'; };
  std::size_t shared = 0;
  for (std::size_t i = 0; i <= std::min(a.size(), b.size()); ++i) {
    if (ends(a, i) && ends(b, i)) ++shared;
    if (i < std::min(a.size(), b.size()) && a[i] != b[i]) break;
  }
  return shared;
}

}  // namespace

std::pair<std::string, std::string> partition_and_slot(std::string_view path) {
  std::string name(path.substr(path.find_last_of("!/") + 1));   // npos + 1 is the start
  if (const auto copy = name.rfind('#'); copy != name.npos && copy > 0) name.erase(copy);
  for (const std::string_view ending : {".img", ".image", ".bin", ".raw", ".mbn", ".elf"})
    if (name.ends_with(ending) && name.size() > ending.size()) name.resize(name.size() - ending.size());
  if (has(kForms, name)) name.clear();   // a stream inside an input is called by its transform
  std::string slot;
  if (name.size() > 2 && (name.ends_with("_a") || name.ends_with("_b"))) {
    slot = name.substr(name.size() - 2);
    name.resize(name.size() - 2);
  }
  return {name, slot};
}

PartitionImages::PartitionImages(const Image& image, FactSink& sink) {
  if (const std::size_t left = gather(image.rows); left > 0)
    sink.problem({fail(Code::over_budget, 0, "more images of partitions than any build has: the others are not checked").error(), ProblemSeverity::data_loss, std::to_string(left) + " left out", {}});
  for (std::size_t i = 0; i < images_.size(); ++i) {
    if (image.open) images_[i].source = image.open(images_[i].path, images_[i].blob);
    read_structure(i, sink);
    // A boot image that was handed in alone has no name but the one it states itself.
    if (!images_[i].partition.empty()) continue;
    if (const auto s = structure_of(i); s && !structures_[*s].own)
      for (const avb::Descriptor& d : structures_[*s].meta.descriptors) {
        if (const auto* h = std::get_if<avb::Hash>(&d.is)) images_[i].partition = h->partition;
        else if (const auto* t = std::get_if<avb::Hashtree>(&d.is)) images_[i].partition = t->partition;
      }
    if (images_[i].partition.empty() && images_[i].kind == "vbmeta") images_[i].partition = "vbmeta";
  }
}

std::size_t PartitionImages::gather(const BuildRows& rows) {
  std::size_t left = 0;
  struct Holder {
    std::string kind;
    bool images;       // images inside are partitions, not files of one
  };
  std::map<std::string, Holder, std::less<>> holders;
  rows.artifacts([&](const ArtifactRow& a) {
    const std::string_view holder = holder_of(a.path);
    const auto above = a.path.empty() ? holders.end() : holders.find(holder);
    if (!a.path.empty() && (above == holders.end() || !above->second.images)) return;
    if (has(kForms, a.kind)) holders.insert_or_assign(std::string(a.path), Holder{std::string(a.kind), true});
    else if (has(kImageKinds, a.kind) || a.path.empty()) holders.insert_or_assign(std::string(a.path), Holder{std::string(a.kind), false});
    // Deep in a dump of files lie files of the phone.
    const bool on_phone = a.device_path.find('/', 1) != a.device_path.npos && !has(kImageKinds, a.kind);
    if (!a.blob || a.state == "listed" || has(kForms, a.kind) || on_phone) return;
    const bool is_image = has(kImageKinds, a.kind) || (above != holders.end() && has(kHolders, above->second.kind)) || ((a.kind == "file" || a.kind == "unsupported_image") && a.path.ends_with(".img"));
    if (!is_image) return;
    if (images_.size() == kMostImages) {
      ++left;
      return;
    }
    auto [partition, slot] = partition_and_slot(a.path);
    images_.push_back({std::string(a.path), std::move(partition), std::move(slot), std::string(holder), std::string(a.kind), a.size, *a.blob, nullptr});
  });
  return left;
}

void PartitionImages::read_structure(std::size_t index, FactSink& sink) {
  const PartitionImage& image = images_[index];
  if (!image.source) return;
  VbMetaStructure s{index, image.kind == "vbmeta", 0, Blob(), {}};
  std::uint64_t length = std::min(image.source->size(), kMostRead);
  if (!s.own) {
    if (image.source->size() < avb::kFooterSize) return;
    const auto last = image.source->load(image.source->size() - avb::kFooterSize, avb::kFooterSize);
    if (!last) return;   // the walk has said so
    const auto footer = avb::read_footer(last->bytes(), image.source->size());
    if (!footer) return;
    s.at = footer->vbmeta_at;
    length = footer->vbmeta_size;
  }
  auto bytes = image.source->load(s.at, length);
  if (!bytes) return;
  s.bytes = *std::move(bytes);
  auto meta = avb::read(s.bytes.bytes());
  if (!meta) {
    if (!s.own) sink.problem({meta.error(), ProblemSeverity::error, image.path, {}});
    return;
  }
  s.meta = *std::move(meta);
  structures_.push_back(std::move(s));
}

std::optional<std::size_t> PartitionImages::find(std::string_view partition, const PartitionImage& beside) const {
  std::optional<std::size_t> best;
  std::pair<std::size_t, bool> best_score;
  for (std::size_t i = 0; i < images_.size(); ++i) {
    if (images_[i].partition != partition) continue;
    const std::pair score(shared_parts(images_[i].path, beside.path), images_[i].slot == beside.slot);
    if (best && score <= best_score) continue;
    best = i;
    best_score = score;
  }
  return best;
}

std::optional<std::size_t> PartitionImages::structure_of(std::size_t image) const {
  for (std::size_t s = 0; s < structures_.size(); ++s)
    if (structures_[s].image == image) return s;
  return std::nullopt;
}

}  // namespace klik
