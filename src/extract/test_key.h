// `test_key`: which keys of a build are published ones.
#pragma once

#include "facts/view.h"

namespace klik {

extern const View view_test_key;

}  // namespace klik
