#include "engine/device_path.h"

#include <algorithm>
#include <array>

#include "base/text.h"
#include "engine/partition_name.h"

namespace klik {
namespace {

// Partitions that hold files, in AOSP and in makers' trees. Source: AOSP "Partitions overview"; makers' from their images.
constexpr std::array<std::string_view, 33> kPartitions = {
    "system",      "vendor",       "product",    "system_ext", "odm",         "oem",        "system_dlkm", "vendor_dlkm", "odm_dlkm",
    "cust",        "preload",      "prism",      "optics",     "omr",         "hidden",     "version",     "my_product",  "my_engineering",
    "my_company",  "my_carrier",   "my_region",  "my_heytap",  "my_stock",    "my_preload", "my_bigball",  "my_manifest", "reserve",
    "mi_ext",      "modem",        "persist",    "cache",      "hw_product",  "data"};

bool is_partition(std::string_view name) { return std::ranges::find(kPartitions, name) != kPartitions.end(); }

std::string_view first_part(std::string_view path) { return path.substr(0, path.find('/')); }

bool has_child(const std::vector<Edge>& children, std::string_view prefix) {
  return std::ranges::any_of(children, [&](const Edge& e) { return e.name.starts_with(prefix) && e.name.size() > prefix.size(); });
}

// The one folder that everything lies in, unless that is a partition itself.
std::string shared_top(const std::vector<Edge>& children) {
  std::string_view top;
  for (const Edge& e : children) {
    const auto slash = e.name.find('/');
    const bool bare = slash == std::string::npos;
    if (bare && e.type != ChildType::folder) return {};
    const std::string_view part = first_part(e.name);
    if (top.empty()) top = part;
    if (part != top) return {};
  }
  if (top.empty() || is_partition(top)) return {};
  return std::string(top) + "/";
}

}  // namespace

std::string partition_name(std::string_view image) {
  std::string name = bare_partition_name(image);
  return is_partition(name) ? name : std::string();
}

DeviceLayout::DeviceLayout(std::string_view kind, std::string_view name, std::string_view holder, const std::vector<Edge>& children) {
  if (kind == "ext4" || kind == "erofs") {
    if (text::last_part(name) == "apex_payload.img") {
      std::string_view module = text::last_part(holder);
      for (const std::string_view ending : {".apex", ".capex", "_compressed"})
        if (module.ends_with(ending)) module.remove_suffix(ending.size());
      if (module == "original") return;   // inside a compressed APEX whose own name is not at hand
      mount_ = Mount::at_base;
      base_ = "/apex/" + std::string(module.substr(0, module.find('@'))) + "/";
      return;
    }
    const std::string partition = partition_name(name);
    if (partition.empty()) return;
    mount_ = Mount::at_base;
    // Since Android 9 the system image may be the root of the tree and hold /system as a folder.
    base_ = partition == "system" && has_child(children, "system/") ? "/" : "/" + partition + "/";
  } else if (kind == "cpio") {
    if (!text::last_part(name).starts_with("ramdisk") && !text::last_part(name).starts_with("vendor_ramdisk")) return;
    mount_ = Mount::at_base;
    base_ = "/";
  } else if (kind == "folder" || kind == "tar" || kind == "zip" || kind == "ota") {
    mount_ = Mount::dump;
    top_ = shared_top(children);
    system_as_root_ = has_child(children, top_ + "system/system/") && !has_child(children, top_ + "system/app/");
  }
}

std::string DeviceLayout::path_of(std::string_view child) const {
  if (mount_ == Mount::none) return {};
  if (mount_ == Mount::at_base) return base_ + std::string(child);
  if (!child.starts_with(top_)) return {};
  child.remove_prefix(top_.size());
  if (child.starts_with("boot/ramdisk/")) return "/" + std::string(child.substr(13));
  if (child.find('/') == child.npos) return {};
  if (!is_partition(first_part(child))) return {};
  if (system_as_root_ && child.starts_with("system/")) return "/" + std::string(child.substr(7));
  return "/" + std::string(child);
}

}  // namespace klik
