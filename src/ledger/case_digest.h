// The digest of what a case says: over canonical rows, not over the file, so that it is equal over runs,
// machines and thread counts, and can be recomputed by whoever receives the file.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/hash.h"
#include "ledger/schema.h"
#include "ledger/sqlite.h"

namespace klik {

// The stream that is hashed: each table by the text of the query that lists it, then every value with its length, so that no two
// cases give the same stream. Numbers stand as decimal text, as SQLite writes them.
class DigestStream {
 public:
  DigestStream();
  void table(std::string_view query) { put(query); }
  void null() { put_number(~std::uint64_t{0}); }
  void integer(std::int64_t number);
  // Text and blobs alike.
  void bytes(std::string_view raw);
  Sha256Digest finish();

 private:
  void put(std::string_view raw);
  void put_number(std::uint64_t number);
  void flush();

  Hasher hasher_;
  std::vector<std::uint8_t> waiting_;      // of one size; the first `used_` wait
  std::size_t used_ = 0;
};

// The queries behind facts of a kind and behind origins. All columns are values of the row; blobs stand by their SHA-256, never by
// a row number.
std::string digest_query(const FactKind& kind);
std::string_view origins_digest_query();

// The first tables of the stream: builds, artifacts with their extents, problems. Facts by kind and origins follow.
void digest_tree(DigestStream& out, sqlite3* db);

// Over builds, artifacts with their extents, problems, facts and origins. Names and places of inputs, labels and notes are left out.
Sha256Digest case_digest(sqlite3* db, const Declarations& all);

}  // namespace klik
