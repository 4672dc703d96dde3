#include "extract/update_key_place.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>

#include "base/text.h"
#include "extract/columns.h"
#include "extract/phone_files.h"

namespace klik {
namespace {

constexpr std::string_view kName = "update_key_place@1";
constexpr std::string_view kArchive = "/system/etc/security/otacerts.zip", kNumbers = "/res/keys";
constexpr std::array<std::string_view, 4> kApps = {"apk", "apex", "capex", "jar"};

bool is_app(std::string_view kind) { return std::ranges::find(kApps, kind) != kApps.end(); }

// Calls visit(path) for what holds the file, outermost first: "" is the input itself.
template <class Visit>
void each_holder(std::string_view path, Visit visit) {
  if (path.empty()) return;
  visit(std::string_view());
  for (auto at = path.find('!'); at != path.npos; at = path.find('!', at + 1)) visit(path.substr(0, at));
}

// By the place alone, without regard to what holds the file.
std::string_view by_place(const ArtifactRow& a) {
  if (a.path.empty()) return "input";
  const bool aside = of_recovery(a.path) || a.path.find("ramdisk") != a.path.npos;
  if (!a.device_path.empty()) {
    const std::string place = canonical_device_path(a.device_path);
    return place == kNumbers ? "recovery" : place != kArchive ? "" : aside ? "recovery" : "system";
  }
  // A folder or image of which it is not known where the phone has it.
  const std::string inside = "/" + std::string(a.path.substr(a.path.rfind('!') + 1));   // npos + 1 is the start
  if (inside.ends_with(kArchive) || inside == kArchive.substr(std::string_view("/system").size())) return aside ? "recovery" : "system";
  if (inside.ends_with(kNumbers) && aside) return "recovery";
  return a.path == "otacerts.zip" ? "input" : "";
}

}  // namespace

UpdateKeyPlaces::UpdateKeyPlaces(const BuildRows& rows) {
  struct Candidate {
    std::string path;
    std::string_view place;
  };
  std::vector<Candidate> candidates;
  std::map<std::string, bool, std::less<>> holders;   // may the file in it count?
  rows.artifacts([&](const ArtifactRow& a) {
    if (a.kind == "folder" || a.kind == "symlink") return;
    const std::string_view name = text::last_part(a.path.substr(a.path.rfind('!') + 1));
    if (!a.path.empty() && name != "otacerts.zip" && name != "keys") return;
    const std::string_view place = by_place(a);
    if (place.empty()) return;
    candidates.push_back({std::string(a.path), place});
    each_holder(a.path, [&](std::string_view holder) { holders.try_emplace(std::string(holder), true); });
  });
  // What lies in an app is the app's. What lies in any other file of the phone is not where the phone looks, whatever
  // path it has in there. Of several inputs each has the path "": they all must be apps.
  std::size_t inputs = 0, apps = 0;
  bool one_folder = false;
  rows.artifacts([&](const ArtifactRow& a) {
    if (a.path.empty()) {
      ++inputs;
      apps += is_app(a.kind);
      one_folder |= a.kind == "folder";
      return;
    }
    if (const auto at = holders.find(a.path); at != holders.end() && (is_app(a.kind) || !a.device_path.empty())) at->second = false;
  });
  if (const auto root = holders.find(""); root != holders.end() && inputs > 0 && inputs == apps) root->second = false;
  for (const Candidate& c : candidates) {
    bool counts = c.place != "input" || c.path.empty() || one_folder;   // in a folder of what somebody put there, not in an archive
    each_holder(c.path, [&](std::string_view holder) { counts &= holders.find(holder)->second; });
    if (counts) places_.insert_or_assign(c.path, c.place);
  }
}

std::string_view UpdateKeyPlaces::of(std::string_view path) const {
  const auto at = places_.find(path);
  return at == places_.end() ? std::string_view() : at->second;
}

std::string_view UpdateKeyPlaces::holding(std::string_view path) const {
  std::string_view place;
  each_holder(path, [&](std::string_view holder) {
    // The place "" is any input: only its certificates as update.key tell that it holds keys.
    if (place.empty() && !holder.empty()) place = of(holder);
  });
  return place;
}

namespace {

constexpr Column kColumns[] = {
    {"path", ColumnType::text, "The artifact.", true},
    {"place", ColumnType::text, "system: asked by the running system; recovery: by what installs updates; input: handed in by itself."},
};
constexpr FactKind kPlace{"update.key_place", "A file of keys that lies where the phone looks for the keys of updates.", kColumns};
constexpr const FactKind* kEmits[] = {&kPlace};

void run(const Image& image, FactSink& sink) {
  const FactKind* keys = find_kind("update.key");
  if (!keys) return;
  const UpdateKeyPlaces places(image.rows);
  std::map<std::string, std::vector<FactId>, std::less<>> found;
  image.rows.facts(*keys, [&](const FactRow& row) {
    if (!places.of(row.artifact.path).empty()) found[std::string(row.artifact.path)].push_back(row.id);
  });
  for (auto& [path, because] : found) {
    Row row(kPlace);
    row.set("path", path).set("place", places.of(path));
    sink.fact({&kPlace, image.rows.build(), row.values(), {}, kName, std::move(because)});
  }
}

}  // namespace

extern const ImageExtractor image_extractor_update_key_place;
constexpr ImageExtractor image_extractor_update_key_place{.name = kName, .title = "Keys of updates, by where they lie", .emits = kEmits, .run = run};

}  // namespace klik
