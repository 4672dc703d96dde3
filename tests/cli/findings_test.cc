// Findings as a user meets them: rules against the program's real views, exit codes, exports.
#include <gtest/gtest.h>
#include <sqlite3.h>
#include <sys/wait.h>

#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "cli/case_access.h"
#include "data/powers.h"
#include "ledger/case_writer.h"
#include "ledger/rules.h"
#include "support/files.h"
#include "support/mock_case.h"
#include "views/words.h"

namespace klik {
namespace {

class Findings : public testing::Test {
 protected:
  std::string path(const std::string& name) { return (folder_.path() / name).string(); }
  int klik(const std::string& arguments) {
    const test::Ran ran = test::run("cd '" + folder_.path().string() + "' && " + KLIK_BINARY + " " + arguments + " 2>&1");
    output_ = ran.output;
    return WEXITSTATUS(ran.status);
  }
  void make_phone() {
    std::filesystem::create_directories(path("phone/system"));
    std::ofstream(path("phone/system/build.prop")) << "ro.debuggable=1\nro.product.manufacturer=Nobody\n";
  }
  std::string output_;
  test::ScratchFolder folder_;
};

// Rules and pages are tested over tables of the same names; those must be the program's.
TEST_F(Findings, RulesAreWrittenOverTheProgramsOwnViews) {
  std::map<std::string, std::set<std::string>, std::less<>> views;
  const Declarations all = cli::all_declarations();
  for (const View* v : all.views)
    for (const ViewColumn& c : v->columns) views[std::string(v->name)].insert(std::string(c.name));
  const test::MockCase mock("");
  sqlite3* raw = nullptr;
  ASSERT_EQ(sqlite3_open(mock.path().c_str(), &raw), SQLITE_OK);
  sqlite3_stmt* columns = nullptr;
  ASSERT_EQ(sqlite3_prepare_v2(raw, "SELECT m.name, c.name FROM sqlite_schema m, pragma_table_info(m.name) c WHERE m.type = 'table'", -1, &columns, nullptr), SQLITE_OK);
  while (sqlite3_step(columns) == SQLITE_ROW) {
    const std::string view = reinterpret_cast<const char*>(sqlite3_column_text(columns, 0)), column = reinterpret_cast<const char*>(sqlite3_column_text(columns, 1));
    const auto found = views.find(view);
    if (found == views.end()) continue;   // the rule says so itself: no_view
    EXPECT_TRUE(found->second.contains(column)) << view << " has no column " << column;
  }
  sqlite3_finalize(columns);
  sqlite3_close(raw);
}

TEST_F(Findings, NoRuleIsAtFaultInARealCase) {
  make_phone();
  ASSERT_EQ(klik("scan phone --case a.case"), 0) << output_;
  klik("query a.case \"SELECT rule, detail FROM rule_run WHERE state IN ('fault', 'over_budget')\" --format csv");
  EXPECT_EQ(output_, "rule,detail\r\n");
  klik("query a.case \"SELECT title, severity FROM finding WHERE rule = 'debuggable_build'\" --format csv");
  EXPECT_EQ(output_, "title,severity\r\nThe build sets ro.debuggable=1,high\r\n");
  klik("query a.case \"SELECT count(*) > 0 AS traced FROM finding_evidence e JOIN artifact a USING(artifact_id) WHERE a.path LIKE '%build.prop' AND e.length > 0\" --format csv");
  EXPECT_EQ(output_, "traced\r\n1\r\n");
}

TEST_F(Findings, FailOnIsAnExitCodeForScripts) {
  make_phone();
  EXPECT_EQ(klik("scan phone --case a.case --fail-on critical"), 0) << output_;
  EXPECT_EQ(klik("scan phone --case a.case --force --fail-on high"), 1) << output_;
  EXPECT_NE(output_.find("ro.debuggable=1"), std::string::npos);
  EXPECT_EQ(klik("report a.case --format json --fail-on debuggable_build"), 1);
  EXPECT_EQ(klik("report a.case --format json --fail-on su_program"), 0);
  EXPECT_EQ(klik("report a.case --format json --fail-on nonsense"), 2);
}

TEST_F(Findings, OfOtherRulesAreMadeAfreshAndTheFileStaysAsItIs) {
  make_phone();
  ASSERT_EQ(klik("scan phone --case a.case"), 0) << output_;
  sqlite3* raw = nullptr;
  ASSERT_EQ(sqlite3_open(path("a.case").c_str(), &raw), SQLITE_OK);
  ASSERT_EQ(sqlite3_exec(raw, "UPDATE _meta SET value = 'other' WHERE key = 'rules_digest'; UPDATE _finding SET title = 'stored'", nullptr, nullptr, nullptr), SQLITE_OK);
  sqlite3_close(raw);
  const auto before = test::read_file(path("a.case"));
  klik("query a.case \"SELECT count(*) FROM FINDING WHERE title <> 'stored'\" --format csv");
  EXPECT_EQ(output_, "count(*)\r\n1\r\n");
  // No rule asks for what the phone's version is called: the views are whole again when the rules are done.
  klik("query a.case \"SELECT count(f.finding_id), count(p.version_name) FROM finding f, package p\" --format csv");
  EXPECT_TRUE(output_.starts_with("count(f.finding_id)")) << output_;
  EXPECT_TRUE(before == test::read_file(path("a.case")));
}

TEST_F(Findings, AreNoPartOfTheDigest) {
  make_phone();
  ASSERT_EQ(klik("scan phone --case a.case"), 0) << output_;
  CaseReader reader(path("a.case"), cli::all_declarations());
  ASSERT_TRUE(reader.valid()) << reader.error();
  const std::string digest = hex(as_bytes(reader.recompute_digest()));
  sqlite3* raw = nullptr;
  ASSERT_EQ(sqlite3_open(path("a.case").c_str(), &raw), SQLITE_OK);
  ASSERT_EQ(sqlite3_exec(raw, "DELETE FROM _finding", nullptr, nullptr, nullptr), SQLITE_OK);
  sqlite3_close(raw);
  EXPECT_EQ(hex(as_bytes(CaseReader(path("a.case"), cli::all_declarations()).recompute_digest())), digest);
}

TEST_F(Findings, AreExportedForTheMakerAndForOtherTools) {
  make_phone();
  ASSERT_EQ(klik("scan phone --case a.case"), 0) << output_;
  for (const char* language : {"en", "nl"}) {
    ASSERT_EQ(klik(std::string("export a.case --disclosure -o - --lang ") + language), 0) << output_;
    EXPECT_NE(output_.find("ro.debuggable=1"), std::string::npos);
    EXPECT_NE(output_.find("____-__-__"), std::string::npos) << "a timeline to be filled in";
  }
  ASSERT_EQ(klik("export a.case --format sarif -o -"), 0) << output_;
  const auto sarif = nlohmann::json::parse(output_);
  EXPECT_EQ(sarif["version"], "2.1.0");
  EXPECT_EQ(sarif["runs"][0]["tool"]["driver"]["rules"].size(), rules().size());
  EXPECT_EQ(sarif["runs"][0]["results"][0]["level"], "error");
  ASSERT_EQ(klik("export a.case --format csv -o tables"), 0) << output_;
  EXPECT_TRUE(std::filesystem::exists(path("tables/finding.csv")));
  EXPECT_EQ(klik("export a.case"), 2);
  EXPECT_EQ(klik("export a.case --format csv -o -"), 2);
  EXPECT_EQ(klik("export a.case --format sarif --disclosure"), 2);
}

TEST_F(Findings, ListsNameEveryRuleAndPower) {
  ASSERT_EQ(klik("list rules --markdown"), 0);
  for (const Rule& rule : rules()) EXPECT_NE(output_.find("### `" + rule.id + "`"), std::string::npos) << rule.id;
  ASSERT_EQ(klik("list powers"), 0);
  for (const data::Power& power : data::powers()) {
    EXPECT_NE(output_.find(std::string(power.id) + "  "), std::string::npos);
    EXPECT_NE(views::report_words().find("power", power.id), nullptr) << power.id << " has no words in reports/words.txt";
  }
}

}  // namespace
}  // namespace klik
