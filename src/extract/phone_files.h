// The files of a build by the names under which the running phone knows them.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "facts/build_rows.h"

namespace klik {

struct PhoneFile {
  std::string path;          // of the artifact
  std::string kind, state, link_target;
  unsigned rank;             // lower is likelier the one that the running system has
};

class PhoneFiles {
 public:
  explicit PhoneFiles(const BuildRows& rows);

  // The file at that place, links followed; null when the build has none, not even by name.
  const PhoneFile* find(std::string_view device_path) const;
  // By device path, canonical, in order.
  const std::map<std::string, PhoneFile, std::less<>>& all() const { return files_; }

 private:
  std::map<std::string, PhoneFile, std::less<>> files_;
};

// One name for places that are one on every phone: /bin is /system/bin, /system/vendor is /vendor, and so on.
std::string canonical_device_path(std::string_view path);

// Whether it lies in what boots instead of the system: a recovery image or folder.
bool of_recovery(std::string_view artifact_path);

}  // namespace klik
