// What plain AOSP also has, so that the vendor's share can be told apart: data/baseline.
#pragma once

#include <string_view>

namespace klik::data {

// Whether plain AOSP has a package of this name. The name alone says nothing on whether this copy is unchanged.
bool in_plain_aosp(std::string_view package);

}  // namespace klik::data
