// Making one element of the new image. Source: Chromium components/zucchini/zucchini_apply.cc.
#pragma once

#include "formats/patch/zucchini/patch.h"

namespace klik::zucchini {

// `old_image` and `new_image` are the ranges of the element. Offsets of errors are those in the patch.
Result<void> apply_element(const Element& element, Bytes old_image, MutableBytes new_image);

}  // namespace klik::zucchini
