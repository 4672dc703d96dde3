// The extended attribute security.capability: rights that a program file gives to whoever starts it.
// Source: Linux include/uapi/linux/capability.h (struct vfs_cap_data, vfs_ns_cap_data).
#pragma once

#include <string>

#include "base/bytes.h"

namespace klik {

struct FileCapability {
  std::uint64_t permitted = 0, inheritable = 0;
  bool effective = false;   // in force from the start, without the program asking
};

// Errors: truncated, unsupported (a revision other than 1, 2 and 3).
Result<FileCapability> read_file_capability(Bytes attribute);

// "net_admin net_raw"; a bit without a name is "cap_N".
std::string capability_names(std::uint64_t bits);

}  // namespace klik
