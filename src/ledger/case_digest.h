// The digest of what a case says: over canonical rows, not over the file, so that it is equal over runs,
// machines and thread counts, and can be recomputed by whoever receives the file.
#pragma once

#include "base/hash.h"
#include "ledger/schema.h"
#include "ledger/sqlite.h"

namespace klik {

// Over builds, artifacts with their extents, problems, facts and origins. Blobs stand by their SHA-256,
// never by a row number. Names and places of inputs, labels and notes are left out.
Sha256Digest case_digest(sqlite3* db, const Declarations& all);

}  // namespace klik
