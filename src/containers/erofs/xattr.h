// Extended attributes: the SELinux label and the capabilities of a file, inline or in the shared area.
#pragma once

#include "containers/container.h"
#include "containers/erofs/inode.h"
#include "containers/fs_notes.h"

namespace klik::erofs {

// Fills `selinux` and `capability`. What was read before an error stays.
Result<void> read_attributes(const Image& image, const Inode& inode, FsMeter& meter, FileAttributes& out);

}  // namespace klik::erofs
