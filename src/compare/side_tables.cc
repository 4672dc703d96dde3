#include "compare/side_tables.h"

#include "ledger/view_tables.h"

namespace klik::compare {
namespace {

bool copy_view(sqlite3* db, const Side& side, const View& view, std::string_view prefix, const std::unordered_set<std::string_view>& asked, std::string& error) {
  std::string columns;
  std::vector<ViewColumn> kept;
  bool of_build = false;
  for (const ViewColumn& c : view.columns) {
    if (!asked.contains(c.name) && !c.name.ends_with("_id")) continue;   // what rows belong to goes without saying
    kept.push_back(c);
    columns += (columns.empty() ? "" : ", ") + sql::quoted(c.name);
    of_build = of_build || c.name == "build_id";
  }
  // Rows that belong to no build, such as findings on captures, are of no side.
  const Table rows = side.reader.query("SELECT " + columns + " FROM " + sql::quoted(view.name) + (of_build ? " WHERE build_id = " + std::to_string(side.build) : ""));
  if (!side.reader.error().empty()) {
    error = std::string(view.name) + ": " + side.reader.error();
    return false;
  }
  const std::string table = std::string(prefix) + std::string(view.name);
  if (create_table(db, table, kept) && insert_rows(db, table, kept.size(), rows.rows) && index_joins(db, "main", table, kept)) return true;
  error = std::string("the comparison's database: ") + sqlite3_errmsg(db);
  return false;
}

}  // namespace

bool create_table(sqlite3* db, std::string_view table, std::span<const ViewColumn> columns) {
  std::string list;
  for (const ViewColumn& c : columns) list += (list.empty() ? "" : ", ") + sql::quoted(c.name);
  return sql::execute(db, "CREATE TABLE " + sql::quoted(table) + " (" + list + ")");
}

bool insert_rows(sqlite3* db, std::string_view table, std::size_t columns, const std::vector<std::vector<Value>>& rows) {
  if (rows.empty()) return true;
  std::string holes = "?";
  for (std::size_t i = 1; i < columns; ++i) holes += ",?";
  sql::Statement insert(db, "INSERT INTO " + sql::quoted(table) + " VALUES (" + holes + ")");
  for (const std::vector<Value>& row : rows) {
    for (std::size_t i = 0; i < columns; ++i) {
      const int at = static_cast<int>(i) + 1;
      i < row.size() ? insert.bind_value(at, row[i]) : insert.bind_null(at);
    }
    if (!insert.run()) return false;
  }
  return true;
}

bool copy_sides(sqlite3* db, const Declarations& declarations, const Pair& pair, std::string_view text, std::string& error) {
  const std::unordered_set<std::string_view> asked = words_of(text);
  for (const View* view : declarations.views) {
    const std::string name(view->name);
    if (!asked.contains("old_" + name) && !asked.contains("new_" + name)) continue;
    if (!copy_view(db, pair.before, *view, "old_", asked, error) || !copy_view(db, pair.after, *view, "new_", asked, error)) return false;
  }
  return true;
}

}  // namespace klik::compare
