// The parts of a policy behind its rules: conditions, roles, labels of files and ports, and which type is in which group.
// Nothing of them but the groups is used; they are walked so that libsepol meets no length or count that the file has no
// room for.
#pragma once

#include "formats/android/sepolicy_cursor.h"
#include "formats/android/sepolicy_layout.h"

namespace klik::sepolicy {

// Sets `attributes_of` and `conditional_rules`. `in` stands behind the rule table.
Result<void> read_rest(Cursor& in, Layout& layout);

}  // namespace klik::sepolicy
