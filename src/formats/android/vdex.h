// What the phone's compiler keeps beside an app: checksums, and up to Android 11 the DEX files themselves, quickened.
// Source: AOSP art/runtime/vdex_file.h of each release (versions 006, 010, 019, 021, 027).
#pragma once

#include <cstdint>
#include <vector>

#include "base/bytes.h"

namespace klik::vdex {

struct Range {
  std::uint64_t at = 0, length = 0;
};

struct Dex {
  Range own;                            // header to the size that it states
  std::uint64_t quicken_table = 0;      // in the quickening data; from version 019 on
};

struct File {
  std::uint32_t version = 0;            // as the phone checks it: 6, 10, 19, 21, 27
  std::vector<std::uint32_t> location_checksums;   // CRC-32 of classes.dex, classes2.dex, … in the app's zip
  std::uint64_t checksums_at = 0;
  bool has_dex_section = false;         // false: the code is in the app
  std::vector<Dex> dex;
  Range dex_section, shared, quickening;
};

// Errors: bad_magic, unsupported for a version that is not known, truncated and bad_value for sections that do not fit.
// `broken` tells why the list of DEX ends early, when it does.
struct Read {
  File file;
  bool complete = true;
  Error broken{};                       // meaningful when not complete
};
Result<Read> read(Bytes file);

inline constexpr std::uint64_t kMostDex = 4096;

}  // namespace klik::vdex
