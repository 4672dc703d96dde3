#include "ledger/select.h"

#include <algorithm>

namespace klik {

int read_only_authorizer(void* allow_all, int action, const char*, const char* second, const char*, const char*) {
  if (*static_cast<const bool*>(allow_all)) return SQLITE_OK;
  switch (action) {
    case SQLITE_SELECT:
    case SQLITE_READ:
    case SQLITE_RECURSIVE: return SQLITE_OK;
    case SQLITE_FUNCTION: {
      const std::string_view name = second ? second : "";
      constexpr std::string_view kRefused[] = {"load_extension", "fts3_tokenizer", "writefile", "readfile", "edit", "sqlite_compileoption_get"};
      return std::ranges::find(kRefused, name) == std::end(kRefused) ? SQLITE_OK : SQLITE_DENY;
    }
    default: return SQLITE_DENY;
  }
}

Table select(sqlite3* db, sql::StepBudget& budget, std::string_view text, const std::vector<Value>& parameters, const QueryLimits& limits, std::string& error) {
  error.clear();
  budget.refill(limits.steps);
  sqlite3_stmt* raw = nullptr;
  const char* tail = nullptr;
  const auto stop = [&](std::string why) {
    error = std::move(why);
    sqlite3_finalize(raw);
    return Table{};
  };
  if (sqlite3_prepare_v2(db, text.data(), static_cast<int>(std::min<std::size_t>(text.size(), 1 << 20)), &raw, &tail) != SQLITE_OK) return stop(sqlite3_errmsg(db));
  if (!raw) return stop("no statement");
  if (std::string_view(tail, static_cast<std::size_t>(text.data() + text.size() - tail)).find_first_not_of(" \t\r\n;") != std::string_view::npos) return stop("one statement at a time");
  if (!sqlite3_stmt_readonly(raw)) return stop("a case file is only read");
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    const int at = static_cast<int>(i) + 1;
    if (const auto* number = std::get_if<std::int64_t>(&parameters[i])) sqlite3_bind_int64(raw, at, *number);
    else if (const auto* words = std::get_if<std::string>(&parameters[i])) sqlite3_bind_text64(raw, at, words->data(), words->size(), SQLITE_TRANSIENT, SQLITE_UTF8);
  }
  Table table;
  const int columns = sqlite3_column_count(raw);
  for (int i = 0; i < columns; ++i) table.columns.emplace_back(sqlite3_column_name(raw, i));
  int code = SQLITE_ROW;
  while ((code = sqlite3_step(raw)) == SQLITE_ROW) {
    if (table.rows.size() >= limits.rows) return stop("more rows than this query may give");
    std::vector<Value>& row = table.rows.emplace_back();
    row.reserve(static_cast<std::size_t>(columns));
    for (int i = 0; i < columns; ++i) {
      switch (sqlite3_column_type(raw, i)) {
        case SQLITE_NULL: row.emplace_back(); break;
        case SQLITE_INTEGER: row.emplace_back(static_cast<std::int64_t>(sqlite3_column_int64(raw, i))); break;
        case SQLITE_BLOB: row.emplace_back(hex(Bytes(static_cast<const std::uint8_t*>(sqlite3_column_blob(raw, i)), static_cast<std::size_t>(sqlite3_column_bytes(raw, i))))); break;
        default: {
          const auto* bytes = reinterpret_cast<const char*>(sqlite3_column_text(raw, i));
          row.emplace_back(std::string(bytes ? bytes : "", static_cast<std::size_t>(sqlite3_column_bytes(raw, i))));
        }
      }
    }
  }
  if (code == SQLITE_INTERRUPT) return stop("the query does more work than it may; narrow it");
  if (code != SQLITE_DONE) return stop(sqlite3_errmsg(db));
  sqlite3_finalize(raw);
  return table;
}

}  // namespace klik
