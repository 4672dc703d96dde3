// `patch_level`: what parts of a build claim.
#pragma once

#include "facts/view.h"

namespace klik {

extern const View view_patch_level;

}  // namespace klik
