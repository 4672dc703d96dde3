// Running one SELECT of somebody else's on an open database.
#pragma once

#include "ledger/queryable.h"
#include "ledger/sqlite.h"

namespace klik {

// Reads only, one statement, within the limits. Blobs come as hex. On failure the table is empty and `error` is set.
Table select(sqlite3* db, sql::StepBudget& budget, std::string_view text, const std::vector<Value>& parameters, const QueryLimits& limits, std::string& error);

// For sqlite3_set_authorizer: reading, and functions that only compute. `allow_all` points at a bool: while it is true
// everything is allowed, for statements that are ours.
int read_only_authorizer(void* allow_all, int action, const char* first, const char* second, const char*, const char*);

}  // namespace klik
