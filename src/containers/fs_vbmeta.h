// The AVB footer: the last 64 bytes of a partition image that carries its own vbmeta behind the file system.
#pragma once

#include <vector>

#include "containers/container.h"
#include "containers/fs_notes.h"

namespace klik {

// Appends the vbmeta blob as child "!vbmeta" when there is a footer; "!vbmeta#2", with a note, when the image
// holds a file of that name.
void add_vbmeta_child(const SourceRef& image, std::vector<Child>& children, FsNotes& notes);

}  // namespace klik
