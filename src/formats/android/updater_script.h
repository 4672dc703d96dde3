// What an update's script does to the phone, step by step. It runs in recovery, as root.
// Source: AOSP bootable/recovery updater/install.cpp, updater/blockimg.cpp, updater/dynamic_partitions.cpp.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "formats/android/edify.h"

namespace klik::updater {

enum class What : std::uint8_t {
  run,         // starts a program
  write,       // puts a file or an image there
  patch,       // makes a new file out of the old one
  blocks,      // writes blocks of a partition along a transfer list
  attribute,   // sets owner, mode, label, capabilities
  remove,      // deletes files
  link,        // renames, or makes a symbolic link
  format,      // empties a partition
  mount,
  layout,      // changes the table of partitions
  check,       // goes on only if something holds
  maker,       // a function that AOSP does not have
};
std::string_view what_name(What what);

// One old file that a patch may be applied to.
struct PatchInput {
  std::string sha1;    // of the old file, in hex
  std::string entry;   // of the update that holds the patch; "" when the script says it in another way
};

struct Step {
  What what;
  std::string function;
  std::string target;               // what is changed: a path of the phone, a partition; "" when it is known on the phone only
  std::string source;               // where the new comes from: an entry of the update, a program, an old name
  std::optional<std::int64_t> uid, gid;
  std::string mode, selabel;        // "0755"; "" when not stated
  std::optional<std::uint64_t> capabilities;
  std::string old;                  // of a patch: the file or partition that it is applied to
  std::string sha1;                 // of what a patch makes
  std::optional<std::uint64_t> size;
  std::vector<PatchInput> inputs;   // of a patch
  std::string condition;            // under which it runs, as written; "" for always
  std::string detail;               // the call or the condition as written, cut when it is long
  edify::Range range;
};

struct Steps {
  std::vector<Step> steps;          // in the order of the script; a call that names several files is several steps
  std::optional<Error> stopped;     // see edify::Script; or over_budget
};

Steps read_steps(Bytes script);

// What a partition may hold before or after the update, as "EMMC:/dev/block/x:size:SHA-1[:size:SHA-1 …]" states it. Empty for
// a path of a file.
struct PartitionImage {
  std::uint64_t size;
  std::string sha1;
};
std::vector<PartitionImage> images_of(std::string_view target);

}  // namespace klik::updater
