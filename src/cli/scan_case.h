// From inputs to a case file, with a progress line.
#pragma once

#include <optional>
#include <string>

#include "cli/command.h"
#include "engine/scan.h"

namespace klik::cli {

struct ScannedCase {
  ScanResult result;
  std::string digest;   // hex; "" when the scan is not complete
};

// --cache, --cache-size and --no-cache, and the environment. False, with a complaint, when they make no sense.
bool read_cache_options(const Arguments& arguments, ScanOptions& options);

inline constexpr Flag kDataFlag{"--data", "DIR", "Folder with tables of addresses (tor-geoipdb, ip-location-db); default: $KLIKSPAAN_DATA (`off` for none), else klikspaan in $XDG_DATA_HOME or ~/.local/share, and where Debian puts them"};

// --data and the environment: tables of addresses. False, with a complaint, when a folder that was named is none.
bool find_networks(const Arguments& arguments, ScanOptions& options);

// Replaces what is at `path`. On failure says why on standard error and gives nothing.
std::optional<ScannedCase> scan_to_case(const ScanOptions& options, const std::string& path);

}  // namespace klik::cli
