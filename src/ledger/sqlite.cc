#include "ledger/sqlite.h"

#include <cstdio>
#include <cstdlib>
#include <utility>

namespace klik::sql {

Statement::Statement(sqlite3* db, const std::string& sql) : db_(db) {
  if (sqlite3_prepare_v3(db, sql.c_str(), static_cast<int>(sql.size()), SQLITE_PREPARE_PERSISTENT, &statement_, nullptr) != SQLITE_OK) {
    std::fprintf(stderr, "klikspaan: fault in its own SQL: %s\n%s\n", sqlite3_errmsg(db), sql.c_str());
    std::abort();
  }
}
Statement::~Statement() { sqlite3_finalize(statement_); }
Statement::Statement(Statement&& other) noexcept : db_(other.db_), statement_(std::exchange(other.statement_, nullptr)) {}

Statement& Statement::bind(int at, std::int64_t value) {
  sqlite3_bind_int64(statement_, at, value);
  return *this;
}
Statement& Statement::bind(int at, std::string_view text) {
  sqlite3_bind_text64(statement_, at, text.data() ? text.data() : "", text.size(), SQLITE_TRANSIENT, SQLITE_UTF8);
  return *this;
}
Statement& Statement::bind(int at, Bytes blob) {
  sqlite3_bind_blob64(statement_, at, blob.data() ? static_cast<const void*>(blob.data()) : "", blob.size(), SQLITE_TRANSIENT);
  return *this;
}
Statement& Statement::bind_value(int at, const Value& value) {
  if (const auto* number = std::get_if<std::int64_t>(&value)) return bind(at, *number);
  const auto* text = std::get_if<std::string>(&value);
  if (!text) return bind_null(at);
  sqlite3_bind_text64(statement_, at, text->data(), text->size(), SQLITE_STATIC, SQLITE_UTF8);
  return *this;
}
Statement& Statement::bind_null(int at) {
  sqlite3_bind_null(statement_, at);
  return *this;
}

bool Statement::step() { return sqlite3_step(statement_) == SQLITE_ROW; }
bool Statement::run() {
  const int code = sqlite3_step(statement_);
  reset();
  return code == SQLITE_DONE || code == SQLITE_ROW;
}
void Statement::reset() {
  sqlite3_reset(statement_);
  sqlite3_clear_bindings(statement_);
}

std::string_view Statement::text(int column) const {
  const auto bytes = sqlite3_column_text(statement_, column);
  return bytes ? std::string_view(reinterpret_cast<const char*>(bytes), static_cast<std::size_t>(sqlite3_column_bytes(statement_, column))) : std::string_view();
}
Bytes Statement::blob(int column) const {
  const void* bytes = sqlite3_column_blob(statement_, column);
  return {static_cast<const std::uint8_t*>(bytes), static_cast<std::size_t>(sqlite3_column_bytes(statement_, column))};
}
Value Statement::value(int column) const {
  switch (sqlite3_column_type(statement_, column)) {
    case SQLITE_INTEGER: return integer(column);
    case SQLITE_NULL: return std::monostate();
    case SQLITE_BLOB: return std::string(blob(column).text());
    default: return std::string(text(column));
  }
}

bool execute(sqlite3* db, const std::string& sql) { return sqlite3_exec(db, sql.c_str(), nullptr, nullptr, nullptr) == SQLITE_OK; }

namespace {
constexpr int kStepsPerCall = 10'000;
}
StepBudget::StepBudget(sqlite3* db) : db_(db) { sqlite3_progress_handler(db, kStepsPerCall, count, this); }
StepBudget::~StepBudget() { sqlite3_progress_handler(db_, 0, nullptr, nullptr); }
int StepBudget::count(void* self) {
  auto& left = static_cast<StepBudget*>(self)->left_;
  if (left < kStepsPerCall) return 1;
  left -= kStepsPerCall;
  return 0;
}

std::string quoted(std::string_view identifier) {
  std::string out = "\"";
  for (const char c : identifier) {
    if (c == '"') out += '"';
    out += c;
  }
  return out + "\"";
}

}  // namespace klik::sql
