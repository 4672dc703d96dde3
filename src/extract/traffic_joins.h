// Where captures and firmware meet: the only place that knows both.
#pragma once

#include "facts/view.h"

namespace klik {

extern const View kWireHostView;

}  // namespace klik
