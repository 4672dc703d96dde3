// The public views over code.
#pragma once

#include <span>

#include "facts/view.h"

namespace klik {

std::span<const View* const> code_views();

}  // namespace klik
