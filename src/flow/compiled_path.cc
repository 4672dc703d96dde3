#include "flow/compiled_path.h"

#include <array>

namespace klik::flow {
namespace {

// Source: AOSP art/runtime/oat_file_assistant.cc (oat/<isa>/NAME.odex; before Android 6 <isa>/NAME.odex; before 5 beside it).
constexpr std::array<std::string_view, 8> kIsas = {"arm", "arm64", "x86", "x86_64", "mips", "mips64", "riscv64", "armeabi-v7a"};

std::string_view folder_of(std::string_view path) {
  const auto slash = path.rfind('/');
  return slash == path.npos ? std::string_view() : path.substr(0, slash);
}

std::string_view last_of(std::string_view path) { return path.substr(path.rfind('/') + 1); }

}  // namespace

std::string compiled_stem(std::string_view path) {
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

std::string compiled_from(std::string_view path) {
  for (std::size_t cut = 0; cut != path.npos;) {
    cut = path.find('!', cut + 1);
    if (std::string stem = compiled_stem(path.substr(0, cut)); !stem.empty()) return stem;
  }
  return {};
}

}  // namespace klik::flow
