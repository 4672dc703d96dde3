// CaseReader over plain tables that carry the names of the public views: lets the views be tested without a ledger.
// Include in one source file of a test program only; it defines the members.
#pragma once

#include <sqlite3.h>

#include "ledger/case_reader.h"

namespace klik {

struct CaseReader::State {
  sqlite3* db = nullptr;
  std::string error;
  bool valid = false;
  ~State() { sqlite3_close(db); }
};

CaseReader::CaseReader(const std::string& path, Declarations) : state_(std::make_unique<State>()) {
  state_->valid = sqlite3_open_v2(path.c_str(), &state_->db, SQLITE_OPEN_READONLY, nullptr) == SQLITE_OK;
  if (!state_->valid) state_->error = sqlite3_errmsg(state_->db);
}
CaseReader::~CaseReader() = default;
CaseReader::CaseReader(CaseReader&&) noexcept = default;
CaseReader& CaseReader::operator=(CaseReader&&) noexcept = default;
bool CaseReader::valid() const { return state_->valid; }
const std::string& CaseReader::error() const { return state_->error; }

Sha256Digest CaseReader::recompute_digest() { return {}; }

Table CaseReader::query(std::string_view sql, const std::vector<Value>&, const QueryLimits& limits) {
  state_->error.clear();
  Table table;
  sqlite3_stmt* statement = nullptr;
  if (sqlite3_prepare_v2(state_->db, sql.data(), static_cast<int>(sql.size()), &statement, nullptr) != SQLITE_OK) {
    state_->error = sqlite3_errmsg(state_->db);
    return table;
  }
  const int columns = sqlite3_column_count(statement);
  for (int i = 0; i < columns; ++i) table.columns.emplace_back(sqlite3_column_name(statement, i));
  int got = SQLITE_DONE;
  while ((got = sqlite3_step(statement)) == SQLITE_ROW && table.rows.size() < limits.rows) {
    auto& row = table.rows.emplace_back();
    for (int i = 0; i < columns; ++i) {
      switch (sqlite3_column_type(statement, i)) {
        case SQLITE_NULL: row.emplace_back(); break;
        case SQLITE_INTEGER: row.emplace_back(std::int64_t{sqlite3_column_int64(statement, i)}); break;
        default: {
          const auto* bytes = static_cast<const char*>(sqlite3_column_blob(statement, i));
          row.emplace_back(bytes ? std::string(bytes, static_cast<std::size_t>(sqlite3_column_bytes(statement, i))) : std::string());
        }
      }
    }
  }
  if (got != SQLITE_DONE && got != SQLITE_ROW) {
    state_->error = sqlite3_errmsg(state_->db);
    table = {};
  }
  sqlite3_finalize(statement);
  return table;
}

}  // namespace klik
