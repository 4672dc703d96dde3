// The views of both cases as tables of the comparison's database.
#pragma once

#include <string>
#include <string_view>

#include "compare/comparer.h"
#include "ledger/schema.h"
#include "ledger/sqlite.h"

namespace klik::compare {

// old_NAME and new_NAME for every view that `text` names so, with the rows of the side's build, and of its columns those
// that `text` names and all whose name ends in _id. REQUIRES: no `*` for columns of them. False with `error` set when a case
// could not be read.
bool copy_sides(sqlite3* db, const Declarations& declarations, const Pair& pair, std::string_view text, std::string& error);

// Rows into an existing table. False when the database could not take them.
bool insert_rows(sqlite3* db, std::string_view table, std::size_t columns, const std::vector<std::vector<Value>>& rows);
bool create_table(sqlite3* db, std::string_view table, std::span<const ViewColumn> columns);

}  // namespace klik::compare
