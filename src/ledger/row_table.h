// Rows that this program makes, as a table that SQL can read: `INSERT … SELECT` from it keeps the cursors of a table and its
// indexes open between rows, which a statement per row cannot, and rows that come in order are then appended without a search.
#pragma once

#include <memory>
#include <span>
#include <string>

#include "ledger/fact_record.h"
#include "ledger/sqlite.h"

namespace klik {

class RowStream {
 public:
  virtual ~RowStream() = default;
  // The next row, valid until the next call; empty at the end. Never asked again after that.
  virtual std::span<const Cell> next() = 0;
};

class RowTable {
 public:
  // `columns`: of the widest row. `db` must outlive this.
  RowTable(sqlite3* db, std::size_t columns);
  ~RowTable();
  RowTable(const RowTable&) = delete;
  RowTable& operator=(const RowTable&) = delete;

  // Inserts all rows of `rows` into the columns `into`, e.g. "_blob(blob_id, sha256)", `columns` of them. False when the database
  // refuses one or cannot be written; sqlite3_errmsg tells.
  bool insert(const std::string& into, std::size_t columns, RowStream& rows);

 private:
  struct Module;
  sqlite3* db_;
  std::unique_ptr<Module> module_;
};

}  // namespace klik
