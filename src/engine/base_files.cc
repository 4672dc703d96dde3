#include "engine/base_files.h"

#include <algorithm>
#include <array>
#include <filesystem>

#include "base/text.h"
#include "engine/device_path.h"
#include "engine/folder.h"
#include "engine/node.h"
#include "engine/partition_name.h"

namespace klik {
namespace {

constexpr unsigned kDepth = 8;   // zip in tar in zstd, sparse in payload in zip, super in sparse: real ones have five

constexpr std::array<std::string_view, 8> kStreams = {"gzip", "xz", "zstd", "lz4", "lz4_legacy", "bzip2", "brotli", "lzma"};
constexpr std::array<std::string_view, 7> kHolders = {"zip", "ota", "tar", "super", "payload", "update_app", "ozip"};
constexpr std::uint64_t kMostOpened = 4096;   // containers of one build; archives in archives could be as many as their product
constexpr std::size_t kMostSaid = 64;

template <class List>
bool among(const List& list, std::string_view word) { return std::ranges::find(list, word) != list.end(); }

// Around a single image, which then has the holder's name.
bool is_wrapping(std::string_view kind) { return kind == "android_sparse" || kind == "sdat" || among(kStreams, kind); }
bool holds(std::string_view kind) { return is_wrapping(kind) || among(kHolders, kind); }
bool is_file_system(std::string_view kind) { return kind == "ext4" || kind == "erofs"; }

}  // namespace

OldBuild::OldBuild(std::string location, std::string keys, const Budget& budget, Scratch& scratch, Pool* pool)
    : location_(std::move(location)), keys_(std::move(keys)), budget_(budget), scratch_(scratch), pool_(pool) {}

Result<std::unique_ptr<OldBuild>> OldBuild::open(const std::string& location, const std::string& keys, const Budget& budget, Scratch& scratch, Pool* pool, const std::string& output) {
  std::error_code ec;
  std::unique_ptr<OldBuild> build(new OldBuild(std::filesystem::absolute(location, ec).string(), keys, budget, scratch, pool));
  build->folder_ = std::filesystem::is_directory(location, ec);
  if (build->folder_) {
    OpenContext context = build->context("");
    KLIK_TRY(build->listing_, open_folder(build->location_, output, context));
    build->lack(context, build->name());
  } else {
    KLIK_TRY(build->source_, file_source(build->location_.c_str()));
  }
  return build;
}

OpenContext OldBuild::context(std::string_view name) const { return {.budget = budget_, .scratch = scratch_, .pool = pool_, .name = text::last_part(name), .keys = keys_}; }

std::string OldBuild::name() const {
  const std::filesystem::path path(location_);
  return path.filename().empty() ? path.parent_path().filename().string() : path.filename().string();
}

std::uint64_t OldBuild::size() const {
  if (!folder_) return source_->size();
  std::uint64_t sum = 0;
  for (const Child& c : listing_.children) sum += c.size;
  return sum;
}

void OldBuild::lack(const Error& error, std::string_view name, std::string detail, std::string advice) const {
  const std::lock_guard lock(mutex_);
  if (lacking_.size() == kMostSaid) {
    ++lacking_more_;
    return;
  }
  // The place is one in the old build, not in what is being scanned.
  lacking_.push_back({fail(error.code, 0, "a part of the old build could not be read").error(), Severity::error, std::string(name) + ": " + error.what + (detail.empty() ? "" : ": " + detail), std::move(advice)});
}

void OldBuild::lack(const OpenContext& opened, std::string_view name) const {
  for (const Note& n : opened.notes)
    if (n.severity == Severity::data_loss) lack(n.error, name, n.detail, n.advice);
}

std::vector<Note> OldBuild::lacking() const {
  const std::lock_guard lock(mutex_);
  std::vector<Note> out = lacking_;
  if (lacking_more_ > 0) out.push_back({fail(Code::over_budget, 0, "more parts of the old build could not be read").error(), Severity::error, std::to_string(lacking_more_), {}});
  return out;
}

Result<OldBuild::Digest> OldBuild::digest() const {
  if (!folder_) {
    KLIK_TRY(const Sha256Digest whole, digest_of_start(*source_, source_->size()));
    return Digest{.of_all = whole};
  }
  Digest out{};
  std::vector<std::optional<BlobId>> digests;
  for (const Child& c : listing_.children) {
    const auto one = c.source ? digest_of_start(*c.source, c.size) : Result<Sha256Digest>(fail(Code::absent, 0, "no bytes"));
    digests.push_back(one ? std::optional(BlobId(*one)) : std::nullopt);
    if (!one && c.type == ChildType::file && out.unread++ == 0) out.first_unread = c.name;
  }
  out.of_all = folder_digest(listing_, digests);
  return out;
}

void OldBuild::index() const {
  // By a failure inside it would be made a second time, over what the first has left.
  std::call_once(indexed_, [this] {
    try {
      if (!folder_) return look_into(source_, name(), bare_partition_name(name()), 0, [this](std::string_view wanted) { return file_beside(location_, wanted); });
      Contents copy{.kind = "folder", .children = listing_.children};
      take_children(std::move(copy), "folder", ~std::uint64_t{0}, name(), {}, 0);
    } catch (const std::exception&) {
      lack(fail(Code::internal, 0, "searching the old build failed inside klikspaan").error(), name());
    }
  });
}

void OldBuild::look_into(const SourceRef& source, std::string_view name, const std::string& partition, unsigned depth, Sibling sibling) const {
  const Container* container = source->size() > 0 ? detect(*source, text::last_part(name)) : nullptr;
  const std::string_view kind = container ? container->name : std::string_view();
  if (!is_wrapping(kind)) images_.push_back({partition, source, std::string(name), is_file_system(kind) ? container : nullptr});
  if (!holds(kind)) return;
  if (depth >= kDepth) return lack(fail(Code::over_budget, 0, "containers are nested deeper than an old build is searched").error(), name);
  if (opened_ == kMostOpened || unpacked_ > budget_.item_bytes) return lack(fail(Code::over_budget, 0, "the old build holds more containers than are opened").error(), name);
  ++opened_;
  OpenContext opening = context(name);
  opening.sibling = std::move(sibling);
  auto contents = container->open(source, opening);
  lack(opening, name);
  if (!contents) return lack(contents.error(), name);
  if (is_wrapping(kind))
    for (const Child& c : contents->children) unpacked_ += std::min(c.size, budget_.item_bytes);
  const std::string_view finer = contents->kind.empty() ? kind : contents->kind;
  if (holds(finer)) take_children(std::move(*contents), finer, source->size(), name, partition, depth);   // not apk, not apex
}

void OldBuild::take_children(Contents contents, std::string_view kind, std::uint64_t size, std::string_view name, const std::string& partition, unsigned depth) const {
  const Contents& kept = held_.emplace_back(std::move(contents));
  Neighbours& neighbours = neighbours_.emplace_back();
  std::uint64_t left = kind == "folder" ? size : budget_.expansion(size);
  const bool tree = kind == "folder" || kind == "tar" || kind == "zip" || kind == "ota";
  std::vector<Edge> edges;
  if (tree) {
    edges.reserve(kept.children.size());
    for (const Child& c : kept.children) edges.push_back({.name = c.name, .type = c.type});
  }
  const DeviceLayout layout(tree ? kind : "", text::last_part(name), "", edges);
  const bool wrapping = is_wrapping(kind);
  for (const Child& c : kept.children) {
    if (c.type != ChildType::file || !c.source) continue;
    if (c.size > left) {
      lack(fail(Code::over_budget, 0, "the container expands past its budget").error(), name, c.name);
      continue;
    }
    left -= c.size;
    if (const std::string path = layout.path_of(c.name); !path.empty()) {
      files_.try_emplace(path, c.source);
      continue;
    }
    // A stream's child still says what kind of file it is ("system.new.dat"); a sparse image's does not.
    if (!tree || may_be_image(c.name)) look_into(c.source, c.name, wrapping ? partition : bare_partition_name(c.name), depth + 1, [&kept, &neighbours, of = c.name](std::string_view wanted) { return neighbours.find(kept.children, of, wanted); });
  }
}

void OldBuild::index_files() const {
  index();
  std::call_once(files_indexed_, [this] {
    try {
      for (const Image& image : images_)
        if (image.file_system) take_files(image);
    } catch (const std::exception&) {
      lack(fail(Code::internal, 0, "searching the old build failed inside klikspaan").error(), name());
    }
  });
}

void OldBuild::take_files(const Image& image) const {
  OpenContext opening = context(image.name);
  auto contents = image.file_system->open(image.source, opening);
  lack(opening, image.name);
  if (!contents) return lack(contents.error(), image.name);
  const Contents& kept = held_.emplace_back(std::move(*contents));
  std::vector<Edge> edges;
  edges.reserve(kept.children.size());
  for (const Child& c : kept.children) edges.push_back({.name = c.name, .type = c.type});
  const DeviceLayout layout(image.file_system->name, image.partition + ".img", "", edges);
  for (const Child& c : kept.children)
    if (c.type == ChildType::file && c.source)
      if (std::string path = layout.path_of(c.name); !path.empty()) files_.try_emplace(std::move(path), c.source);
}

SourceRef OldBuild::file(std::string_view device_path) const {
  index_files();
  if (const auto found = files_.find(device_path); found != files_.end()) return found->second;
  // Where these have a partition of their own, /system has links to them.
  for (const std::string_view part : {"/vendor/", "/product/", "/system_ext/"}) {
    const std::string linked = "/system" + std::string(part);
    const std::string other = device_path.starts_with(linked) ? std::string(device_path.substr(7)) : device_path.starts_with(part) ? "/system" + std::string(device_path) : std::string();
    if (const auto found = other.empty() ? files_.end() : files_.find(other); found != files_.end()) return found->second;
  }
  return nullptr;
}

bool OldBuild::has_digest(std::size_t image, std::uint64_t size, const Sha256Digest& wanted) const {
  const auto key = std::pair(image, size);
  {
    const std::lock_guard lock(mutex_);
    if (const auto known = digests_.find(key); known != digests_.end()) return known->second == wanted;
  }
  const auto made = digest_of_start(*images_[image].source, size);
  const std::lock_guard lock(mutex_);
  return digests_.emplace(key, made ? std::optional(*made) : std::nullopt).first->second == wanted;
}

bool OldBuild::matches(const SourceRef& image, std::uint64_t size, const Sha256Digest& digest) const {
  index();
  for (std::size_t i = 0; i < images_.size(); ++i)
    if (images_[i].source == image) return image->size() >= size && has_digest(i, size, digest);
  return BaseFiles::matches(image, size, digest);
}

SourceRef OldBuild::partition(std::string_view name, std::uint64_t size, const std::optional<Sha256Digest>& sha256) const {
  index();
  const std::string bare = bare_partition_name(name);
  const auto matches = [&](bool named, bool exact) -> SourceRef {
    for (std::size_t i = 0; i < images_.size(); ++i) {
      const std::uint64_t there = images_[i].source->size();
      if ((images_[i].partition == bare) == named && there >= size && (!exact || there == size) && has_digest(i, size, *sha256)) return images_[i].source;
    }
    return nullptr;
  };
  if (sha256 && size > 0) {
    if (SourceRef found = matches(true, false)) return found;
    if (SourceRef found = matches(false, true)) return found;
  }
  SourceRef any;
  for (const Image& image : images_) {
    if (image.partition != bare || image.source->size() == 0) continue;
    if (image.source->size() >= size) return image.source;
    if (!any) any = image.source;
  }
  return any;
}

}  // namespace klik
