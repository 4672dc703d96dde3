// Where the public tables of addresses lie on this machine (data/networks.h says what they are). Without any, everything else works.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "io/source.h"

namespace klik {

// One file of a table: for IPv4 or for IPv6.
struct NetworkFile {
  std::string table, name;   // "tor-geoipdb", "geoip6"
  std::string version;       // of the package it came in; "" when nothing beside it says so
  bool v6 = false;
  SourceRef source;
};

// In order of table and family, the first found of each. Looks into the folders and into those directly inside them.
std::vector<NetworkFile> find_network_files(std::span<const std::string> folders);

// The folders to look in: `chosen`, else $KLIKSPAAN_DATA ("off": none), else where tools/fetch_data.sh puts tables and where Debian does.
std::vector<std::string> network_folders(const std::string& chosen);

}  // namespace klik
