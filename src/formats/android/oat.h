// What the phone's compiler wrote about the code it compiled: how, from which files, and up to Android 7 the DEX itself.
// Source: AOSP art/runtime/oat.h, oat_file.cc and dex2oat/linker/oat_writer.cc of each release.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "base/bytes.h"

namespace klik::oat {

struct Setting {
  std::string_view key, value;
  std::uint64_t at, length;             // of both, with their end marks
};

enum class CodeIn : std::uint8_t { oat, vdex, app };

struct Entry {
  std::string_view location;            // "/system/app/A/A.apk", ":classes2.dex" or "!classes2.dex" behind it for the others
  std::uint32_t location_checksum = 0;  // CRC-32 in the app's zip
  CodeIn where = CodeIn::app;
  std::uint64_t dex_at = 0, dex_size = 0;   // of a DEX inside the OAT
  std::uint64_t at = 0, length = 0;     // of this entry up to and with the DEX offset
};

struct File {
  std::uint32_t version = 0, checksum = 0, instruction_set = 0, dex_count = 0;
  std::vector<Setting> settings;        // in the order of the file
  std::vector<Entry> entries;
  bool complete = true;                 // false: `broken` says why entries are missing
  Error broken{};
};

// `oatdata`: from the place that the symbol of this name gives, to its end. Offsets count from there.
// Errors: bad_magic, truncated, unsupported for versions before 039 (Android 5.0).
Result<File> read(Bytes oatdata);

// "classes2.dex" of "/system/framework/a.jar:classes2.dex", and "/system/framework/a.jar" of it.
std::string_view dex_of(std::string_view location);
std::string_view file_of(std::string_view location);

}  // namespace klik::oat
