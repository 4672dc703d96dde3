#include "extract/actor_files.h"

#include "extract/columns.h"

namespace klik {
namespace {

// Up to and with the last '/' or '!'.
std::string_view folder_of(std::string_view path) {
  const auto cut = path.find_last_of("/!");
  return cut == path.npos ? std::string_view() : path.substr(0, cut + 1);
}

// Removes a last folder of that name.
bool leave(std::string_view& folder, std::string_view name) {
  const std::string last = std::string(name) + "/";
  if (!folder.ends_with(last)) return false;
  const std::string_view rest = folder.substr(0, folder.size() - last.size());
  if (!rest.empty() && !rest.ends_with('/') && !rest.ends_with('!')) return false;
  folder = rest;
  return true;
}

constexpr std::string_view kInstructionSets[] = {"arm", "arm64", "x86", "x86_64", "mips", "mips64", "riscv64"};

}  // namespace

std::string compiled_from(std::string_view path) {
  for (const std::string_view ending : {".odex", ".vdex", ".oat"}) {
    const auto at = path.find(ending);
    if (at == path.npos) continue;
    const auto after = at + ending.size();
    if (after < path.size() && path[after] != '!' && path[after] != '.') continue;   // A.odex.xz is A.odex
    const std::string_view file = path.substr(0, at);
    std::string_view folder = folder_of(file);
    const std::string_view stem = file.substr(folder.size());
    for (const std::string_view isa : kInstructionSets)
      if (leave(folder, isa)) break;
    leave(folder, "oat");
    // "arm64/boot-framework.oat" comes from framework.jar, "A.apk.odex" would be spelled with its ending.
    return std::string(folder) + std::string(stem);
  }
  return {};
}

ActorFiles::ActorFiles(const BuildRows& rows) {
  const FactKind* kind = find_kind("device.actor");
  if (!kind) return;
  rows.facts(*kind, [&](const FactRow& row) {
    if (text_of(*kind, row, "kind") != "package") return;
    const std::string path(text_of(*kind, row, "path"));
    apks_.emplace(path, true);
    const auto [at, fresh] = by_folder_.try_emplace(std::string(folder_of(path)), path);
    if (!fresh) at->second.clear();
  });
}

std::optional<std::string_view> ActorFiles::owner_of(std::string_view path) const {
  if (const auto self = apks_.find(path); self != apks_.end()) return self->first;
  // The outermost app that holds it: an APK inside an APK is cargo.
  if (const auto whole = apks_.find(std::string_view()); whole != apks_.end()) return whole->first;
  for (auto cut = path.find('!'); cut != path.npos; cut = path.find('!', cut + 1))
    if (const auto holder = apks_.find(path.substr(0, cut)); holder != apks_.end()) return holder->first;
  if (const std::string from = compiled_from(path); !from.empty()) {
    const auto apk = apks_.find(from + ".apk");
    return apk == apks_.end() ? std::nullopt : std::optional<std::string_view>(apk->first);
  }
  // A/lib/arm64/libx.so beside A/A.apk
  if (const auto lib = path.rfind("/lib/"); lib != path.npos) {
    const auto folder = by_folder_.find(path.substr(0, lib + 1));
    if (folder != by_folder_.end() && !folder->second.empty()) return folder->second;
  }
  return std::nullopt;
}

}  // namespace klik
