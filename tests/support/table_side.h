// One build as plain tables under the names of the public views, and a comparison of two of them made by hand.
#pragma once

#include <deque>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "compare/comparer.h"
#include "compare/gathered.h"
#include "compare/old_names.h"
#include "compare/pairs.h"
#include "compare/patched_side.h"
#include "compare/side_tables.h"
#include "ledger/select.h"
#include "support/mock_case.h"

namespace klik::test {

class TableSide final : public Queryable {
 public:
  explicit TableSide(const std::string& rows) : db_(open()), budget_(db_.get()) {
    static const std::string views = public_views();
    fill(db_.get(), views);
    fill(db_.get(), rows);
  }
  Table query(std::string_view sql, const std::vector<Value>& parameters = {}, const QueryLimits& limits = {}) override {
    return select(db_.get(), budget_, sql, parameters, limits, error_);
  }
  const std::string& error() const override { return error_; }

  static sql::Database open() {
    sqlite3* raw = nullptr;
    if (sqlite3_open(":memory:", &raw) != SQLITE_OK) throw std::runtime_error("no database");
    return sql::Database(raw);
  }

 private:
  sql::Database db_;
  sql::StepBudget budget_;
  std::string error_;
};

// Views as declarations, read from public_views.sql: name and columns, which is all that a comparison asks of them.
class DeclaredViews {
 public:
  DeclaredViews() {
    TableSide side("");
    for (const auto& row : side.query("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name").rows) {
      const std::string& name = names_.emplace_back(std::get<std::string>(row[0]));
      auto& columns = columns_.emplace_back();
      for (const auto& column : side.query("SELECT name FROM pragma_table_info('" + name + "')").rows) columns.push_back({names_.emplace_back(std::get<std::string>(column[0])), ""});
      views_.push_back({name, "", columns, ""});
    }
    for (const View& v : views_) all_.views.push_back(&v);
  }
  const Declarations& all() const { return all_; }

 private:
  std::deque<std::string> names_;
  std::deque<std::vector<ViewColumn>> columns_;
  std::deque<View> views_;
  Declarations all_;
};

// The database that kinds of change ask, with comparers' tables empty but for what `compared` puts into them.
struct MadeComparison {
  MadeComparison(const std::string& before_rows, const std::string& after_rows, std::string_view text, const std::string& compared = "") : before(before_rows), after(after_rows), db(TableSide::open()) {
    static const DeclaredViews declared;
    Pool pool(1);
    std::string error;
    const std::string asked = std::string(text) + " " + compare::views_of_gathered(text) + " " + compare::sql_of_pairs() + " " + compare::sql_of_patched_side();
    if (!compare::copy_sides(db.get(), declared.all(), {{before, 1}, {after, 1}, pool}, asked, error)) throw std::runtime_error(error);
    if (!compare::narrow_to_update(db.get(), declared.all(), narrowed)) throw std::runtime_error(sqlite3_errmsg(db.get()));
    if (!compare::make_pairs(db.get())) throw std::runtime_error(sqlite3_errmsg(db.get()));
    for (const compare::Comparer* comparer : compare::comparers())
      for (const compare::ComparedTable& table : comparer->tables) compare::create_table(db.get(), table.name, table.columns);
    fill(db.get(), compared);
    names = std::make_unique<compare::OldNames>(db.get());
    names->register_functions(db.get());
    if (!compare::gather(db.get(), text)) throw std::runtime_error(sqlite3_errmsg(db.get()));
  }

  TableSide before, after;
  bool narrowed = false;
  std::unique_ptr<compare::OldNames> names;
  sql::Database db;
};

}  // namespace klik::test
