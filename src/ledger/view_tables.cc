#include "ledger/view_tables.h"

#include <algorithm>
#include <string>
#include <vector>

#include "ledger/schema.h"

namespace klik {
namespace {

bool word_character(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_'; }

// What joins go by: numbers of rows, and the names that tables share.
bool joins_by(std::string_view column) {
  constexpr std::string_view kShared[] = {"name", "permission", "power", "sha256", "signer", "domain", "shared_uid"};
  // All rows of a case may be of one capture or build: an index on it would be taken, and help nothing. By facts nobody joins.
  if (column == "capture_id" || column == "build_id" || column.ends_with("fact_id")) return false;
  return column.ends_with("_id") || std::ranges::find(kShared, column) != std::end(kShared);
}

using Words = std::unordered_set<std::string_view>;

std::vector<Words> words_of_each(std::span<const std::string_view> queries) {
  std::vector<Words> out;
  for (const std::string_view q : queries) out.push_back(words_of(q));
  return out;
}

// Whether the SQL of a view reads another: as a table, not as a word that is some column's name too.
bool reads(std::string_view sql, std::string_view view) {
  for (auto at = sql.find(view); at != sql.npos; at = sql.find(view, at + 1)) {
    const auto after = at + view.size();
    if ((after == sql.size() || !word_character(sql[after])) && at >= 5 && (sql.substr(at - 5, 5) == "FROM " || sql.substr(at - 5, 5) == "JOIN ")) return true;
  }
  return false;
}

// A view over views asks columns of them just as a query does.
std::vector<std::string_view> with_views_asked(std::span<const View* const> views, std::span<const std::string_view> queries) {
  std::vector<std::string_view> all(queries.begin(), queries.end());
  std::vector<const View*> over;
  for (const View* v : views)
    if (std::ranges::any_of(views, [&](const View* below) { return below != v && reads(v->sql, below->name); })) over.push_back(v);
  for (std::size_t asked = 0; asked < all.size(); ++asked)
    std::erase_if(over, [&](const View* v) {
      if (!holds_word(all[asked], v->name)) return false;
      all.push_back(v->sql);
      return true;
    });
  return all;
}

// All words of the queries that name the view.
Words words_beside(std::string_view view, std::span<const Words> queries) {
  Words out;
  for (const Words& q : queries)
    if (q.contains(view)) out.insert(q.begin(), q.end());
  return out;
}

}  // namespace

std::unordered_set<std::string_view> words_of(std::string_view text) {
  std::unordered_set<std::string_view> words;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t start = at;
    while (at < text.size() && word_character(text[at])) ++at;
    if (at > start) words.insert(text.substr(start, at - start));
    else ++at;
  }
  return words;
}

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

bool tabulate_views(sqlite3* db, std::span<const View* const> views, std::span<const std::string_view> queries) {
  const std::vector<std::string_view> asking = with_views_asked(views, queries);
  const std::vector<Words> all_words = words_of_each(asking);
  for (const View* v : views) {
    const Words named = words_beside(v->name, all_words);
    if (named.empty() || v->searched) continue;
    std::string all, kept;
    std::vector<ViewColumn> columns;
    for (const ViewColumn& c : v->columns) {
      all += (all.empty() ? "" : ", ") + sql::quoted(c.name);
      if (!named.contains(c.name)) continue;
      kept += (kept.empty() ? "" : ", ") + sql::quoted(c.name);
      columns.push_back(c);
    }
    const std::string name = sql::quoted(v->name);
    if (!sql::execute(db, "DROP VIEW IF EXISTS temp." + name)) return false;
    if (!sql::execute(db, "CREATE TEMP TABLE " + name + " AS WITH v(" + all + ") AS (" + std::string(v->sql) + ") SELECT " + (kept.empty() ? "1 AS one" : kept) + " FROM v")) return false;
    if (!index_joins(db, "temp", v->name, columns)) return false;
  }
  return true;
}

bool restore_views(sqlite3* db, std::span<const View* const> views, std::span<const std::string_view> queries) {
  const std::vector<std::string_view> asking = with_views_asked(views, queries);
  const std::vector<Words> all_words = words_of_each(asking);
  for (const View* v : views)
    if (!v->searched && !words_beside(v->name, all_words).empty() && !(sql::execute(db, "DROP TABLE IF EXISTS temp." + sql::quoted(v->name)) && sql::execute(db, view_statement(*v)))) return false;
  return true;
}

}  // namespace klik
