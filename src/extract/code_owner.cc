#include "extract/code_owner.h"

#include "extract/columns.h"

namespace klik {
namespace {

std::string_view folder_of(std::string_view path) {
  const auto slash = path.rfind('/');
  return slash == path.npos ? std::string_view() : path.substr(0, slash);
}

// "…/A/lib/arm/libx.so" → "…/A"
std::string_view app_folder_of_library(std::string_view path) {
  const auto lib = path.rfind("/lib/");
  return lib == path.npos || !path.ends_with(".so") ? std::string_view() : path.substr(0, lib);
}

}  // namespace

std::optional<std::string_view> CodeOwners::app_of(std::string_view path) const {
  for (const ActorName& a : of(path))
    if (a.kind == "package") return a.path;
  return std::nullopt;
}

CodeOwners::CodeOwners(const BuildRows& rows) {
  const FactKind* kind = find_kind("device.actor");
  if (!kind) return;
  rows.facts(*kind, [&](const FactRow& row) {
    ActorName a{std::string(text_of(*kind, row, "kind")), std::string(text_of(*kind, row, "name")), std::string(text_of(*kind, row, "path"))};
    if (a.kind == "package") {
      const auto [at, fresh] = app_in_folder_.emplace(folder_of(a.path), a.path);
      if (!fresh && at->second != a.path) at->second.clear();
    }
    std::string path = a.path;
    by_path_[std::move(path)].push_back(std::move(a));
  });
}

const std::vector<ActorName>& CodeOwners::of(std::string_view path) const {
  static const std::vector<ActorName> nobody;
  const auto at = [&](std::string_view p) -> const std::vector<ActorName>* {
    const auto found = by_path_.find(p);
    return found == by_path_.end() ? nullptr : &found->second;
  };
  // From the outside in: an app inside an app is the outer one's cargo.
  for (std::size_t cut = 0; cut != path.npos;) {
    cut = path.find('!', cut + 1);
    const std::string_view part = path.substr(0, cut);
    if (const auto* actors = at(part)) return *actors;
    if (const std::string stem = flow::compiled_stem(part); !stem.empty())
      for (const std::string_view ending : {".apk", ".jar"})
        if (const auto* actors = at(stem + std::string(ending))) return *actors;
    if (const std::string_view folder = app_folder_of_library(part); !folder.empty())
      if (const auto app = app_in_folder_.find(folder); app != app_in_folder_.end() && !app->second.empty())
        if (const auto* actors = at(app->second)) return *actors;
  }
  // An input that is an app itself has no path.
  if (const auto* actors = at("")) return *actors;
  return nobody;
}

}  // namespace klik
