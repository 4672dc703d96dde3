#include "compare/old_names.h"

#include <gtest/gtest.h>

#include "support/table_side.h"

namespace klik::compare {
namespace {

class OldNamesTest : public testing::Test {
 protected:
  OldNamesTest() : db_(test::TableSide::open()) {
    test::fill(db_.get(), "CREATE TABLE class_pair(app, old_class, new_class, how);"
                          "INSERT INTO class_pair VALUES('com.maker.tool', 'com/maker/tool/a', 'x/b', 'structure'), ('com.maker.tool', 'com.maker.tool.Old$1', 'x.c$1', 'structure');");
  }
  sql::Database db_;
};

TEST_F(OldNamesTest, PutsOldNamesWhereverAClassStands) {
  const OldNames names(db_.get());
  EXPECT_EQ(names.in("com.maker.tool", "x.b.run calls java.lang.Runtime.exec"), "com.maker.tool.a.run calls java.lang.Runtime.exec");
  EXPECT_EQ(names.in("com.maker.tool", "x/b;->a"), "com/maker/tool/a;->a");
  EXPECT_EQ(names.in("com.maker.tool", "x.c$1"), "com.maker.tool.Old$1");
  EXPECT_EQ(names.in("com.maker.tool", "(x.b, x.c$1)"), "(com.maker.tool.a, com.maker.tool.Old$1)");
}

TEST_F(OldNamesTest, KnowALibraryByItsPlace) {
  test::fill(db_.get(), "INSERT INTO class_pair VALUES('/system/framework/pm', 'a.B', 'a.C', 'structure')");
  EXPECT_EQ(OldNames(db_.get()).in("/system/framework/pm.jar", "a.C.run"), "a.B.run");
}

TEST_F(OldNamesTest, LeaveClassesThatOthersWereMergedIntoOrSplitFrom) {
  test::fill(db_.get(), "INSERT INTO class_pair VALUES('com.maker.tool', 'a.BaseR', 'a.R', 'merged'), ('com.maker.tool', 'a.S', 'a.Half', 'split')");
  const OldNames names(db_.get());
  EXPECT_EQ(names.in("com.maker.tool", "a.R"), "a.R");
  EXPECT_EQ(names.in("com.maker.tool", "a.Half"), "a.Half");
}

TEST_F(OldNamesTest, LeavesWhatIsNoPairedClass) {
  const OldNames names(db_.get());
  EXPECT_EQ(names.in("com.maker.tool", "x.bb.run"), "x.bb.run");
  EXPECT_EQ(names.in("com.maker.tool", "y.x.b"), "y.x.b");
  EXPECT_EQ(names.in("com.maker.tool", "ends with x."), "ends with x.");
  EXPECT_EQ(names.in("com.maker.other", "x.b.run"), "x.b.run");
  EXPECT_EQ(names.in("com.maker.tool", ""), "");
}

TEST_F(OldNamesTest, IsAFunctionOfTheDatabase) {
  const OldNames names(db_.get());
  ASSERT_TRUE(names.register_functions(db_.get()));
  sql::Statement ask(db_.get(), "SELECT new_named('com.maker.tool', 'x.b'), new_named('com.maker.tool', NULL) IS NULL, old_named('com.maker.tool', 'x.b')");
  ASSERT_TRUE(ask.step());
  EXPECT_EQ(ask.text(0), "com.maker.tool.a");
  EXPECT_EQ(ask.integer(1), 1);
  EXPECT_EQ(ask.text(2), "x.b");
}

TEST(OldNames, NeedNoTableOfPairs) {
  const sql::Database db = test::TableSide::open();
  EXPECT_EQ(OldNames(db.get()).in("com.maker.tool", "x.b"), "x.b");
}

}  // namespace
}  // namespace klik::compare
