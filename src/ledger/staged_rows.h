// The staged rows of one build, for image extractors.
#pragma once

#include <memory>

#include "facts/build_rows.h"
#include "ledger/sqlite.h"

namespace klik {

// Reads the staging tables of CaseWriter; `db` must outlive the result.
std::unique_ptr<BuildRows> staged_rows(sqlite3* db, std::uint32_t build, const BlobId& digest);

}  // namespace klik
