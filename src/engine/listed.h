// "NAME.LISTED.tsv" beside an archive: what was in the build and is not in the archive.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/bytes.h"

namespace klik {

struct ListedFile {
  std::string path;      // as in the build, without a common top folder
  std::uint64_t size;
  std::string sha256;    // 64 hex digits, or "" when the list has none
  std::uint64_t at = 0;  // of its line
};

struct ListedFiles {
  std::vector<ListedFile> files;
  std::vector<std::uint64_t> bad_lines;   // offsets of lines that could not be read
  std::vector<std::uint64_t> contrary_lines;   // of lines that say something else of a path than an earlier one, which counts
};

// Tab-separated path, size, sha256 with a heading line. Never fails: odd lines are reported.
ListedFiles parse_listed(Bytes text);

// Where the list of an input lies: the input's path with its archive endings replaced.
std::string listed_path(const std::string& input);

}  // namespace klik
