// One entry of the rule table; conditions have entries of the same form.
#pragma once

#include "formats/android/sepolicy_cursor.h"
#include "formats/android/sepolicy_layout.h"

namespace klik::sepolicy {

Result<Rule> read_rule(Cursor& in, const Layout& layout, bool android_m);

}  // namespace klik::sepolicy
