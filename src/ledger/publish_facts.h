// From staged facts to the published tables, in key order, with the digest taken on the way.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "ledger/case_digest.h"
#include "ledger/row_table.h"
#include "ledger/staged_facts.h"

namespace klik {

class FactPublisher {
 public:
  FactPublisher(sqlite3* db, StagedFacts& staged, const std::map<std::uint32_t, BlobId>& builds);

  // _blob: the digests that artifacts, facts and origins name, numbered by digest. Before all that refers to them.
  bool blobs();
  // The tables of all kinds, then _origin. What case_digest() would read goes to `digest`.
  // False when the database refuses a row or cannot be written, or staged facts cannot be read: error() or sqlite3_errmsg tells.
  bool facts(DigestStream& digest);
  bool origins(DigestStream& digest);
  const std::string& error() const { return error_; }

 private:
  bool keep(const Result<void>& state);

  StagedFacts& staged_;
  RowTable table_;
  std::vector<std::int64_t> blob_ids_;     // by number in the table of blobs; 0: not published
  std::vector<std::int64_t> build_ids_;    // of the build that has this digest; 0: none
  std::string error_;
};

}  // namespace klik
