// What the file name of an image says: which partition it is, and whether it may be one at all.
#pragma once

#include <string>
#include <string_view>

namespace klik {

// "images/system_a.img" → "system"; the name that updates give a partition. Never empty for a name that is not.
std::string bare_partition_name(std::string_view file);

// Whether a file of this name may be an image, or hold some: it ends as those do, or has no ending.
bool may_be_image(std::string_view file);

}  // namespace klik
