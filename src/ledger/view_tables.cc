#include "ledger/view_tables.h"

#include <algorithm>
#include <string>

namespace klik {
namespace {

bool word_character(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_'; }

// What joins go by: numbers of rows, and the names that tables share.
bool joins_by(std::string_view column) {
  constexpr std::string_view kShared[] = {"name", "permission", "power", "sha256", "signer", "domain", "shared_uid"};
  // All rows of a case may be of one capture: an index on it would be taken, and help nothing.
  if (column == "capture_id") return false;
  return column.ends_with("_id") || std::ranges::find(kShared, column) != std::end(kShared);
}

}  // namespace

bool holds_word(std::string_view text, std::string_view word) {
  for (auto at = text.find(word); at != text.npos; at = text.find(word, at + 1)) {
    const auto after = at + word.size();
    if ((at == 0 || !word_character(text[at - 1])) && (after == text.size() || !word_character(text[after]))) return true;
  }
  return false;
}

bool index_joins(sqlite3* db, std::string_view schema, std::string_view table, std::span<const ViewColumn> columns) {
  for (const ViewColumn& c : columns)
    if (joins_by(c.name) && !sql::execute(db, "CREATE INDEX " + std::string(schema) + "." + sql::quoted(std::string(table) + "_by_" + std::string(c.name)) + " ON " + sql::quoted(table) + "(" + sql::quoted(c.name) + ")")) return false;
  return true;
}

bool tabulate_views(sqlite3* db, std::span<const View* const> views, std::string_view text) {
  for (const View* v : views) {
    if (!holds_word(text, v->name)) continue;
    std::string columns;
    for (const ViewColumn& c : v->columns) columns += (columns.empty() ? "" : ", ") + sql::quoted(c.name);
    const std::string name = sql::quoted(v->name);
    if (!sql::execute(db, "DROP VIEW IF EXISTS temp." + name)) return false;
    if (!sql::execute(db, "CREATE TEMP TABLE " + name + " AS WITH v(" + columns + ") AS (" + std::string(v->sql) + ") SELECT * FROM v")) return false;
    if (!index_joins(db, "temp", v->name, v->columns)) return false;
  }
  return true;
}

}  // namespace klik
