// What of one build is what of the other: packages by name, else by place and signer; other actors by name; files by
// path, else by content.
#pragma once

#include <string>

#include "ledger/sqlite.h"

namespace klik::compare {

// What pairing asks; to be part of the text given to copy_sides.
std::string sql_of_pairs();

// package_pair, actor_pair, file_pair, old_app_of, new_app_of (artifact → app), app_in_both, old_policy_of, new_policy_of (artifact → policy of SELinux)
// and power_kind (power → over). False when the database could not make them.
bool make_pairs(sqlite3* db);

}  // namespace klik::compare
