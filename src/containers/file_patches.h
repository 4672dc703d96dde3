// Files that an update makes out of the phone's old ones: its script names the old file, the patch and what must come out.
#pragma once

#include "containers/container.h"
#include "containers/zip_archive.h"

namespace klik {

// Adds to the children of an update the new files, at the paths that the phone gives them. Without an old build, or where that
// does not hold the file, they are listed with their size. `left` is what children may still expand to.
void add_patched_files(const ZipArchive& zip, OpenContext& context, Contents& contents, std::uint64_t& left);

}  // namespace klik
