#include "extract/network_tables.h"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <map>

#include "data/networks.h"

namespace klik {
namespace {

namespace fs = std::filesystem;
constexpr std::uint64_t kLargestPackageFile = 64 << 10;
constexpr std::size_t kMostFolders = 64;   // directly inside one

// The same on every machine: a folder lists its files in no order.
std::vector<fs::path> listed(const fs::path& folder, bool folders) {
  std::vector<fs::path> all;
  std::error_code ec;
  for (fs::directory_iterator at(folder, ec), end; !ec && at != end; at.increment(ec))
    if (folders ? at->is_directory(ec) : at->is_regular_file(ec)) all.push_back(at->path());
  std::ranges::sort(all);
  if (folders && all.size() > kMostFolders) all.resize(kMostFolders);
  return all;
}

std::string version_beside(const fs::path& file) {
  const auto source = file_source((file.parent_path() / "package.json").c_str());
  if (!source || (*source)->size() > kLargestPackageFile) return {};
  const auto text = (*source)->load();
  return text ? data::package_version(text->bytes()) : std::string();
}

}  // namespace

std::vector<NetworkFile> find_network_files(std::span<const std::string> folders) {
  std::map<std::pair<std::string, bool>, NetworkFile> found;
  const auto look = [&](const fs::path& folder) {
    for (const fs::path& path : listed(folder, false)) {
      const std::string name = path.filename().string();
      const auto is = data::table_of_file(name);
      if (!is || found.contains({is->table, is->v6})) continue;
      if (auto source = file_source(path.c_str())) found.emplace(std::pair(is->table, is->v6), NetworkFile{is->table, name, version_beside(path), is->v6, *std::move(source)});
    }
  };
  for (const std::string& folder : folders) {
    look(folder);
    for (const fs::path& inner : listed(folder, true)) look(inner);
  }
  std::vector<NetworkFile> all;
  for (auto& [key, file] : found) all.push_back(std::move(file));
  return all;
}

std::vector<std::string> network_folders(const std::string& chosen) {
  const char* wish = std::getenv("KLIKSPAAN_DATA");
  const std::string only = !chosen.empty() ? chosen : wish && *wish ? wish : "";
  if (only == "off") return {};
  if (!only.empty()) return {only};
  std::vector<std::string> all;
  const char *xdg = std::getenv("XDG_DATA_HOME"), *home = std::getenv("HOME");
  if (xdg && *xdg == '/') all.push_back(std::string(xdg) + "/klikspaan");
  else if (home && *home == '/') all.push_back(std::string(home) + "/.local/share/klikspaan");
  all.push_back("/usr/share/tor");
  return all;
}

}  // namespace klik
