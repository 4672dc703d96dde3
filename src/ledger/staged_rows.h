// The staged rows of one build, for image extractors.
#pragma once

#include <functional>
#include <memory>

#include "facts/build_rows.h"
#include "ledger/held_rows.h"
#include "ledger/sqlite.h"

namespace klik {

// How many rows of a kind have been staged so far, and how large they are.
struct Staged {
  std::uint64_t rows = 0, bytes = 0;
};

// Reads the staging tables of CaseWriter; `db` and `held` must outlive the result. `staged` tells when rows of a kind have come.
std::unique_ptr<BuildRows> staged_rows(sqlite3* db, std::uint32_t build, const BlobId& digest, HeldRows& held, std::function<Staged(const FactKind&)> staged);

}  // namespace klik
