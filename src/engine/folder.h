// A folder on this machine as a container: the one whose bytes are not in a Source.
#pragma once

#include <string>

#include "containers/container.h"
#include "facts/fact.h"

namespace klik {

// Lists `path` recursively, without following symbolic links, sorted by name. Unreadable parts become
// notes. `output` is the case that this scan writes: it and its working file are no evidence and left out.
// Errors: io.
Result<Contents> open_folder(const std::string& path, const std::string& output, OpenContext& context);

// A digest of a folder: over relative paths, types, link targets and the digests of files, in path order.
// `digests` runs parallel to the children.
Sha256Digest folder_digest(const Contents& contents, const std::vector<std::optional<BlobId>>& digests);

}  // namespace klik
