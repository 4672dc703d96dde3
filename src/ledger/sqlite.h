// A thin owner of SQLite handles; the SQL is written by those who use it.
#pragma once

#include <sqlite3.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "facts/fact.h"

namespace klik::sql {

struct CloseDatabase {
  void operator()(sqlite3* db) const { sqlite3_close_v2(db); }
};
using Database = std::unique_ptr<sqlite3, CloseDatabase>;

// A prepared statement. REQUIRES of every call: the SQL is ours, so failing to prepare is a bug (aborts with
// the message); what can fail at run time (a full disk) is reported by run().
class Statement {
 public:
  Statement(sqlite3* db, const std::string& sql);
  ~Statement();
  Statement(Statement&&) noexcept;
  Statement& operator=(Statement&&) = delete;

  Statement& bind(int at, std::int64_t value);
  Statement& bind(int at, std::string_view text);
  Statement& bind(int at, const char* text) { return bind(at, std::string_view(text)); }
  Statement& bind(int at, Bytes blob);
  Statement& bind_value(int at, const Value& value);   // a text is borrowed until run() is done
  Statement& bind_null(int at);

  bool step();     // a row is there
  bool run();      // steps once, resets and clears; false when the database could not be written
  void reset();

  std::int64_t integer(int column) const { return sqlite3_column_int64(statement_, column); }
  std::string_view text(int column) const;
  Bytes blob(int column) const;
  bool is_null(int column) const { return sqlite3_column_type(statement_, column) == SQLITE_NULL; }
  Value value(int column) const;

 private:
  sqlite3* db_;
  sqlite3_stmt* statement_ = nullptr;
};

// Runs statements without results. False on failure; the message is sqlite3_errmsg's.
bool execute(sqlite3* db, const std::string& sql);

// Stops statements of a connection that take more steps of the virtual machine than they may: work, not time.
class StepBudget {
 public:
  explicit StepBudget(sqlite3* db);
  ~StepBudget();
  StepBudget(const StepBudget&) = delete;
  StepBudget& operator=(const StepBudget&) = delete;
  void refill(std::uint64_t steps) { left_ = steps; }

 private:
  static int count(void* self);
  sqlite3* db_;
  std::uint64_t left_ = 0;
};

// `"name"`, for identifiers that come from declarations.
std::string quoted(std::string_view identifier);

}  // namespace klik::sql
