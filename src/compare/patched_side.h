// An update from before A/B names only the files that it changes. Compared with a whole build, everything else would look as if
// it were gone; so the old side is narrowed to what the update changes, brings or removes. What a view made of the build as a
// whole (rights, powers, findings) was still made of all of the old build and of a part of the new one: kinds of change that
// `needs: whole` weigh less then, and say so (changes.h).
#pragma once

#include <string>

#include "ledger/schema.h"
#include "ledger/sqlite.h"

namespace klik::compare {

// What the narrowing asks; to be part of the text given to copy_sides.
std::string sql_of_patched_side();

// Does nothing unless the new build is such an update (its script patches files); then `narrowed` is set. False when the
// database could not do it.
bool narrow_to_update(sqlite3* db, const Declarations& declarations, bool& narrowed);

}  // namespace klik::compare
