#include "compare/gathered.h"

#include <algorithm>

#include "ledger/sql_file.h"
#include "ledger/view_tables.h"

namespace klik {
std::span<const EmbeddedFile> embedded_gathered();
}

namespace klik::compare {
namespace {

void replace_all(std::string& text, std::string_view what, std::string_view with) {
  for (auto at = text.find(what); at != text.npos; at = text.find(what, at + with.size())) text.replace(at, what.size(), with);
}

bool is_named(const Gathered& g, std::string_view text) { return holds_word(text, "old_" + g.id) || holds_word(text, "new_" + g.id); }

// By the first columns of both builds' tables, which are what a row is about.
bool index_first(sqlite3* db, const std::string& table) {
  sqlite3_stmt* raw = nullptr;
  if (sqlite3_prepare_v2(db, ("SELECT * FROM " + table).c_str(), -1, &raw, nullptr) != SQLITE_OK) return false;
  const std::string first = sqlite3_column_name(raw, 0), second = sqlite3_column_count(raw) > 1 ? sqlite3_column_name(raw, 1) : "";
  sqlite3_finalize(raw);
  return sql::execute(db, "CREATE INDEX " + table + "_by_first ON " + table + "(" + sql::quoted(first) + (second.empty() ? "" : ", " + sql::quoted(second)) + ")");
}

}  // namespace

std::span<const EmbeddedFile> gathered_files() { return embedded_gathered(); }

ParsedGathered parse_gathered(std::string_view file_name, std::string_view text) {
  ParsedGathered parsed;
  const SqlFileKey keys[] = {{"gathered", &parsed.gathered.id}, {"says", &parsed.gathered.says}};
  parsed.gathered.sql = read_sql_file(text, keys, parsed.errors);
  if (!is_plain_name(parsed.gathered.id) || file_name != parsed.gathered.id + ".sql") parsed.errors.emplace_back("'gathered' is not the name of the file");
  if (parsed.gathered.says.empty()) parsed.errors.emplace_back("lacks 'says'");
  if (!parsed.gathered.sql.contains("SIDE_")) parsed.errors.emplace_back("asks neither build: no SIDE_");
  for (std::string& error : parsed.errors) error = std::string(file_name) + ": " + error;
  return parsed;
}

const std::vector<Gathered>& gathered() {
  static const std::vector<Gathered> all = [] {
    std::vector<Gathered> made;
    for (const EmbeddedFile& file : gathered_files()) {
      ParsedGathered parsed = parse_gathered(file.name, file.text);
      if (parsed.errors.empty()) made.push_back(std::move(parsed.gathered));
    }
    std::ranges::sort(made, {}, &Gathered::id);
    return made;
  }();
  return all;
}

std::string for_side(std::string_view sql, bool before) {
  std::string out(sql);
  replace_all(out, "SIDE_", before ? "old_" : "new_");
  replace_all(out, "PAIR_id", before ? "before_id" : "after_id");
  return out;
}

std::string views_of_gathered(std::string_view text) {
  std::string out;
  for (const Gathered& g : gathered())
    if (is_named(g, text)) out += for_side(g.sql, true) + "\n" + for_side(g.sql, false) + "\n";
  return out;
}

bool gather(sqlite3* db, std::string_view text) {
  for (const Gathered& g : gathered()) {
    if (!is_named(g, text)) continue;
    for (const bool before : {true, false}) {
      const std::string table = (before ? "old_" : "new_") + g.id;
      if (!sql::execute(db, "CREATE TABLE " + table + " AS " + for_side(g.sql, before)) || !index_first(db, table)) return false;
    }
  }
  return true;
}

}  // namespace klik::compare
