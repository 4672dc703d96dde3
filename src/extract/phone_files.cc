#include "extract/phone_files.h"

#include <algorithm>

namespace klik {
namespace {

constexpr int kMostLinks = 16;

// What a link at `from` means by `target`.
std::string resolved(std::string_view from, std::string_view target) {
  std::string base = target.starts_with('/') ? std::string() : std::string(from.substr(0, from.rfind('/')));
  for (std::size_t at = 0; at <= target.size();) {
    const std::size_t end = std::min(target.find('/', at), target.size());
    const std::string_view part = target.substr(at, end - at);
    if (part == "..") base.resize(base.rfind('/') == base.npos ? 0 : base.rfind('/'));
    else if (!part.empty() && part != ".") base += "/" + std::string(part);
    at = end + 1;
  }
  return base;
}

}  // namespace

std::string canonical_device_path(std::string_view path) {
  std::string out(path);
  const auto replace = [&](std::string_view from, std::string_view to) {
    if (out.starts_with(from)) out.replace(0, from.size(), to);
  };
  replace("/bin/", "/system/bin/");
  replace("/etc/", "/system/etc/");
  for (const std::string_view partition : {"vendor", "product", "system_ext", "odm", "apex"}) replace("/system/" + std::string(partition) + "/", "/" + std::string(partition) + "/");
  replace("/vendor/odm/", "/odm/");
  return out;
}

bool of_recovery(std::string_view artifact_path) {
  const auto cut = artifact_path.find_last_of("/!");
  return cut != artifact_path.npos && artifact_path.substr(0, cut).find("recovery") != artifact_path.npos;
}

PhoneFiles::PhoneFiles(const BuildRows& rows) {
  rows.artifacts([&](const ArtifactRow& a) {
    if (a.device_path.empty()) return;
    // With the system as root, the RAM disk of the boot image is the recovery's.
    const unsigned rank = of_recovery(a.path) ? 2 : a.path.find("ramdisk") != std::string_view::npos ? 1 : 0;
    PhoneFile file{std::string(a.path), std::string(a.kind), std::string(a.state), std::string(a.link_target), rank};
    const auto [at, fresh] = files_.try_emplace(canonical_device_path(a.device_path), file);
    if (!fresh && (file.rank < at->second.rank || (file.rank == at->second.rank && file.state == "read" && at->second.state != "read"))) at->second = std::move(file);
  });
}

const PhoneFile* PhoneFiles::find(std::string_view device_path) const {
  std::string at = canonical_device_path(device_path);
  for (int links = 0; links < kMostLinks; ++links) {
    const auto found = files_.find(at);
    if (found == files_.end()) return nullptr;
    if (found->second.kind != "symlink" || found->second.link_target.empty()) return &found->second;
    at = canonical_device_path(resolved(found->first, found->second.link_target));
  }
  return nullptr;
}

}  // namespace klik
