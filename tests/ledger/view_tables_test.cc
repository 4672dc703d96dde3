#include "ledger/view_tables.h"

#include <gtest/gtest.h>

#include <memory>

namespace klik {
namespace {

constexpr ViewColumn kColumns[] = {{"thing_id", ""}, {"title", ""}, {"costly", ""}};
constexpr View kThings{"things", "", kColumns, "SELECT n, 'title of ' || n, hex(randomblob(8)) FROM base"};
constexpr const View* kViews[] = {&kThings};

constexpr ViewColumn kOverColumns[] = {{"cost", ""}};
constexpr View kOver{"over", "", kOverColumns, "SELECT things.costly FROM things"};
constexpr const View* kBoth[] = {&kThings, &kOver};

class ViewTables : public testing::Test {
 protected:
  ViewTables() {
    EXPECT_EQ(sqlite3_open(":memory:", &db_), SQLITE_OK);
    run("CREATE TABLE base(n); INSERT INTO base VALUES(1), (2)");
    run("CREATE TEMP VIEW things(thing_id, title, costly) AS " + std::string(kThings.sql));
  }
  ~ViewTables() override { sqlite3_close(db_); }
  void run(const std::string& sql) { EXPECT_TRUE(sql::execute(db_, sql)) << sql; }
  bool can(const std::string& sql) {
    sqlite3_stmt* s = nullptr;
    const bool made = sqlite3_prepare_v2(db_, sql.c_str(), -1, &s, nullptr) == SQLITE_OK;
    sqlite3_finalize(s);
    return made;
  }
  std::string kind(const std::string& name) {
    sqlite3_stmt* s = nullptr;
    std::string out;
    if (sqlite3_prepare_v2(db_, ("SELECT type FROM temp.sqlite_master WHERE name = '" + name + "'").c_str(), -1, &s, nullptr) == SQLITE_OK && sqlite3_step(s) == SQLITE_ROW) out = reinterpret_cast<const char*>(sqlite3_column_text(s, 0));
    sqlite3_finalize(s);
    return out;
  }
  sqlite3* db_ = nullptr;
};

TEST_F(ViewTables, HoldTheColumnsThatAQueryWithTheirNameAsksFor) {
  constexpr std::string_view queries[] = {"SELECT t.thing_id, t.title FROM things t", "SELECT costly FROM others"};
  ASSERT_TRUE(tabulate_views(db_, kViews, queries));
  EXPECT_EQ(kind("things"), "table");
  EXPECT_TRUE(can("SELECT thing_id, title FROM things"));
  EXPECT_FALSE(can("SELECT costly FROM things"));   // the other query is about something else
  EXPECT_EQ(kind("things_by_thing_id"), "index");
}

TEST_F(ViewTables, ComeBackAsViewsWithEveryColumn) {
  constexpr std::string_view queries[] = {"SELECT title FROM things"};
  ASSERT_TRUE(tabulate_views(db_, kViews, queries));
  EXPECT_FALSE(can("SELECT thing_id FROM things"));
  ASSERT_TRUE(restore_views(db_, kViews, queries));
  EXPECT_EQ(kind("things"), "view");
  EXPECT_TRUE(can("SELECT thing_id, title, costly FROM things"));
}

TEST_F(ViewTables, AViewThatIsSearchedStaysOneAndServesThoseOverIt) {
  View searched = kThings;
  searched.searched = true;
  const View* const both[] = {&searched, &kOver};
  constexpr std::string_view queries[] = {"SELECT t.title, o.cost FROM things t, over o"};
  run("CREATE TEMP VIEW over(cost) AS " + std::string(kOver.sql));
  ASSERT_TRUE(tabulate_views(db_, both, queries));
  EXPECT_EQ(kind("things"), "view");
  EXPECT_EQ(kind("over"), "table");
  ASSERT_TRUE(restore_views(db_, both, queries));
  EXPECT_EQ(kind("things"), "view");
  EXPECT_TRUE(can("SELECT thing_id, title, costly FROM things"));
}

TEST_F(ViewTables, WhatNobodyNamesStaysAView) {
  constexpr std::string_view queries[] = {"SELECT thing_id FROM things_of_others"};
  ASSERT_TRUE(tabulate_views(db_, kViews, queries));
  EXPECT_EQ(kind("things"), "view");
  ASSERT_TRUE(restore_views(db_, kViews, queries));
  EXPECT_EQ(kind("things"), "view");
}

TEST_F(ViewTables, KeepTheirRowsWhenOnlyTheirNumberIsAskedFor) {
  constexpr std::string_view queries[] = {"SELECT count(*) FROM things"};
  ASSERT_TRUE(tabulate_views(db_, kViews, queries));
  EXPECT_EQ(kind("things"), "table");
  EXPECT_FALSE(can("SELECT title FROM things"));
}

// What a view over views asks of them counts as asked, also when no query names them.
TEST_F(ViewTables, HoldWhatAViewOverThemAsksFor) {
  run("CREATE TEMP VIEW over(cost) AS " + std::string(kOver.sql));
  constexpr std::string_view queries[] = {"SELECT cost FROM over", "SELECT title FROM things"};
  ASSERT_TRUE(tabulate_views(db_, kBoth, queries));
  EXPECT_EQ(kind("over"), "table");
  EXPECT_TRUE(can("SELECT title, costly FROM things"));
  EXPECT_FALSE(can("SELECT thing_id FROM things"));
  ASSERT_TRUE(restore_views(db_, kBoth, queries));
  EXPECT_EQ(kind("things"), "view");
  EXPECT_TRUE(can("SELECT thing_id FROM things, over"));
}

}  // namespace
}  // namespace klik
