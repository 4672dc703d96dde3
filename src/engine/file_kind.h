// What a file without files inside is, by its first bytes, then by its name.
#pragma once

#include <cstddef>
#include <string_view>

#include "base/bytes.h"

namespace klik {

// As many of a file's first bytes decide: headings of logs and of archives in text, and lines of others, stand before what tells them apart.
inline constexpr std::size_t kKindBytes = 4096;

// A short lower-case word: "elf", "dex", "png", "init", …; "file" when nothing is known.
std::string_view file_kind(Bytes start, std::string_view name);

}  // namespace klik
