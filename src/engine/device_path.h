// Where a file of an image lies on the running phone: "/system/app/A/A.apk".
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "engine/node.h"

namespace klik {

// How one container's children map to the phone's tree. Images are mounted by their partition name; dumps
// (a folder or an archive of one) by their first folder; anything else is not on the phone by itself.
class DeviceLayout {
 public:
  // `name` is the container's own name as a file, `holder` the name of what holds it: an APEX payload is
  // mounted by the name of its APEX.
  DeviceLayout(std::string_view kind, std::string_view name, std::string_view holder, const std::vector<Edge>& children);

  // "" when the place is not known.
  std::string path_of(std::string_view child) const;

 private:
  enum class Mount : std::uint8_t { none, at_base, dump };
  Mount mount_ = Mount::none;
  std::string base_;              // at_base: what child paths are appended to
  std::string top_;               // dump: the folder, with '/', that all children share
  bool system_as_root_ = false;   // dump: "system/" is the root and "system/system/" is /system
};

// "system_a.img" → "system"; "" when the name is not one of a partition with files.
std::string partition_name(std::string_view image);

}  // namespace klik
