#include "engine/partition_name.h"

#include <algorithm>
#include <array>

#include "base/text.h"

namespace klik {
namespace {

// What files are called that hold images, or are one.
constexpr std::array<std::string_view, 26> kEndings = {".img", ".image", ".raw", ".ext4", ".erofs", ".bin", ".mbn", ".elf", ".dat", ".br", ".zip", ".tar", ".md5",
                                                       ".tgz", ".gz", ".xz", ".zst", ".lz4", ".bz2", ".lzma", ".ozip", ".app", ".super", ".fat", ".sparse", ".iso"};

}  // namespace

std::string bare_partition_name(std::string_view file) {
  std::string_view name = text::last_part(file);
  for (bool shorter = true; shorter;) {   // system.new.dat.br
    shorter = false;
    for (const std::string_view ending : kEndings) {
      if (!name.ends_with(ending) || name.size() == ending.size()) continue;
      name.remove_suffix(ending.size());
      shorter = true;
    }
    if (name.ends_with(".new") && name.size() > 4) name.remove_suffix(4);
  }
  if ((name.ends_with("_a") || name.ends_with("_b")) && name.size() > 2) name.remove_suffix(2);
  return std::string(name);
}

bool may_be_image(std::string_view file) {
  std::string lower(text::last_part(file));
  std::ranges::transform(lower, lower.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return lower.find('.') == lower.npos || std::ranges::any_of(kEndings, [&](std::string_view e) { return lower.ends_with(e); });
}

}  // namespace klik
