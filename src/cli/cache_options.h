// How a command that scans is told where the cache of facts lies.
#pragma once

#include "cli/command.h"
#include "engine/scan.h"

namespace klik::cli {

inline constexpr Flag kCacheFlag{"--cache", "DIR", "Folder that keeps what scans found in equal files; default: $KLIKSPAAN_CACHE (`off` for none), else klikspaan in $XDG_CACHE_HOME or ~/.cache"};
inline constexpr Flag kCacheSizeFlag{"--cache-size", "MB", "How large the cache may become; default: 2048"};
inline constexpr Flag kNoCacheFlag{"--no-cache", "", "Read everything anew and keep nothing for later"};

// False, with a complaint, when the size is no number.
bool read_cache_options(const Arguments& arguments, ScanOptions& options);

}  // namespace klik::cli
