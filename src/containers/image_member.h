// What the images of a boot loader share: members that are plain windows, and a vbmeta behind an AVB footer.
#pragma once

#include <string>

#include "containers/container.h"

namespace klik {

// [at, at + length) of the image as a child. What lies past the end of the file is missing from the child
// and noted; a member that begins there is a damaged child without bytes.
void add_member(const SourceRef& image, std::string name, std::uint64_t at, std::uint64_t length, OpenContext& context, Contents& contents);

// A child `name` when the last 64 bytes are an AVB footer. A footer that leads nowhere is noted.
void add_footer_vbmeta(const SourceRef& image, std::string name, OpenContext& context, Contents& contents);

}  // namespace klik
