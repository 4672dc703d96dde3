#include "extract/code_owner.h"

#include <array>

#include "extract/columns.h"

namespace klik {
namespace {

// Source: AOSP art/runtime/oat_file_assistant.cc (oat/<isa>/NAME.odex; before Android 6 <isa>/NAME.odex; before 5 beside it).
constexpr std::array<std::string_view, 8> kIsas = {"arm", "arm64", "x86", "x86_64", "mips", "mips64", "riscv64", "armeabi-v7a"};

std::string_view folder_of(std::string_view path) {
  const auto slash = path.rfind('/');
  return slash == path.npos ? std::string_view() : path.substr(0, slash);
}

std::string_view last_of(std::string_view path) { return path.substr(path.rfind('/') + 1); }

// "…/A/oat/arm/A.odex" → "…/A/A", or "" when the file is no code beside an app.
std::string app_stem(std::string_view path) {
  std::string_view name = last_of(path);
  if (name.ends_with(".xz")) name.remove_suffix(3);
  if (!name.ends_with(".odex") && !name.ends_with(".vdex") && !name.ends_with(".oat") && !name.ends_with(".art")) return {};
  name = name.substr(0, name.rfind('.'));
  std::string_view folder = folder_of(path);
  for (const std::string_view isa : kIsas)
    if (last_of(folder) == isa) {
      folder = folder_of(folder);
      if (last_of(folder) == "oat") folder = folder_of(folder);
      break;
    }
  return (folder.empty() ? std::string() : std::string(folder) + "/") + std::string(name);
}

// "…/A/lib/arm/libx.so" → "…/A"
std::string_view app_folder_of_library(std::string_view path) {
  const auto lib = path.rfind("/lib/");
  return lib == path.npos || !path.ends_with(".so") ? std::string_view() : path.substr(0, lib);
}

}  // namespace

std::string compiled_from(std::string_view path) {
  for (std::size_t cut = 0; cut != path.npos;) {
    cut = path.find('!', cut + 1);
    if (std::string stem = app_stem(path.substr(0, cut)); !stem.empty()) return stem;
  }
  return {};
}

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
    if (const std::string stem = app_stem(part); !stem.empty())
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
