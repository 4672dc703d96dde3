#include "ledger/rules.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

#include "ledger/findings.h"
#include "support/mock_case.h"

namespace klik {
namespace {

std::string text_of(const std::string& path) {
  std::ifstream file(path);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

std::string fixture_folder() { return std::string(KLIK_SOURCE_DIR) + "/tests/rules/"; }

// tests/rules/NAME.sql: rows after "-- fires", then rows after "-- quiet".
struct Fixture {
  std::string fires, quiet;
};
Fixture fixture_of(const Rule& rule) {
  const std::string text = text_of(fixture_folder() + rule.id + ".sql");
  const auto cut = text.find("-- quiet");
  if (!text.starts_with("-- fires\n") || cut == text.npos) return {};
  return {text.substr(0, cut), text.substr(cut)};
}

// In memory: a file per fixture would spend its time on the disk.
sql::Database phone(const std::string& rows) {
  static const std::string views = test::public_views();
  sqlite3* raw = nullptr;
  EXPECT_EQ(sqlite3_open(":memory:", &raw), SQLITE_OK);
  sql::Database db(raw);
  test::fill(raw, views);
  test::fill(raw, rows);
  return db;
}

RuleRun run_over(const Rule& rule, const std::string& rows, const FindingLimits& limits = {}) {
  static const std::string base = text_of(fixture_folder() + "base.sql");
  const sql::Database db = phone(base + rows);
  sql::StepBudget budget(db.get());
  return run_rules(db.get(), std::span(&rule, 1), limits, [&](std::uint64_t steps) { budget.refill(steps); }).front();
}

// What the maker has to answer for: what plain AOSP has too does not count.
std::size_t makers_share(const RuleRun& run) {
  std::size_t n = 0;
  for (const Finding& f : run.findings) n += !f.baseline.value_or(false);
  return n;
}

TEST(Rules, ParseWithoutErrors) {
  EXPECT_GE(embedded_rules().size(), 45u);
  for (const EmbeddedFile& file : embedded_rules())
    for (const std::string& error : parse_rule(file.name, file.text).errors) ADD_FAILURE() << error;
  EXPECT_EQ(rules().size(), embedded_rules().size());
}

TEST(Rules, FireOnTheirFixture) {
  for (const Rule& rule : rules()) {
    const Fixture fixture = fixture_of(rule);
    if (fixture.fires.empty()) {
      ADD_FAILURE() << rule.id << " has no tests/rules/" << rule.id << ".sql with rows that make it fire and rows that must not";
      continue;
    }
    const RuleRun run = run_over(rule, fixture.fires);
    EXPECT_EQ(run.state, "evaluated") << rule.id << ": " << run.detail;
    EXPECT_GE(makers_share(run), 1u) << rule.id << " does not fire";
    for (const Finding& f : run.findings) {
      EXPECT_FALSE(f.subject.empty()) << rule.id;
      for (const std::string* title : {&f.title.en, &f.title.nl}) EXPECT_EQ(title->find('{'), title->npos) << rule.id << " leaves a hole: " << *title;
    }
  }
}

TEST(Rules, StayQuietWhereTheyMust) {
  for (const Rule& rule : rules()) {
    const RuleRun run = run_over(rule, fixture_of(rule).quiet);
    EXPECT_EQ(run.state, "evaluated") << rule.id << ": " << run.detail;
    EXPECT_EQ(makers_share(run), 0u) << rule.id << " fires: " << (run.findings.empty() ? "" : run.findings.back().title.en);
  }
}

TEST(Rules, EveryFixtureHasItsRule) {
  for (const auto& entry : std::filesystem::directory_iterator(fixture_folder())) {
    const std::string name = entry.path().stem().string();
    EXPECT_TRUE(name == "base" || find_rule(name) != nullptr) << name;
  }
}

// Nothing at all is no answer: the rule says which part is absent.
TEST(Rules, SayWhenTheirPartIsAbsent) {
  const sql::Database db = phone("");
  for (const RuleRun& run : run_rules(db.get(), rules(), {}, [](std::uint64_t) {})) {
    EXPECT_EQ(run.state, "no_rows") << run.rule->id << ": " << run.detail;
    EXPECT_TRUE(run.findings.empty());
  }
}

TEST(Rules, NeverSpeakOfIntentOrGiveAScore) {
  for (const EmbeddedFile& file : embedded_rules()) {
    std::string text(file.text);
    for (char& c : text) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
    for (const char* word : {"malicious", "kwaadaardig", "score", "payload", "exploit", "adb shell", "am start", "am broadcast", "!."}) EXPECT_EQ(text.find(word), text.npos) << file.name << ": " << word;
  }
}

TEST(Rules, AreOfManyThemes) {
  std::set<std::string> themes;
  for (const Rule& rule : rules()) themes.insert(rule.theme);
  EXPECT_EQ(themes.size(), std::size(kRuleThemes));
}

const Rule& one_rule() {
  static const Rule rule = parse_rule("one.sql", "-- rule: one\n-- theme: build\n-- severity: low\n-- strength: present\n-- title.en: A\n-- title.nl: B\n-- says.en: {subject} is {x} {nothing}\n-- says.nl: {subject}\n"
                                                 "-- explain.en: C,\n--   longer\n-- explain.nl: D\n-- reference: r\n-- needs: setting\nSELECT build_id, NULL AS actor_id, name AS subject, fact_id, value AS x, fact_id || ',zz,' || fact_id AS evidence FROM setting;\n")
                               .rule;
  return rule;
}

TEST(RuleFile, IsReadWithItsContinuedLines) {
  EXPECT_EQ(one_rule().explain.en, "C, longer");
  EXPECT_EQ(one_rule().needs, std::vector<std::string>{"setting"});
  EXPECT_TRUE(one_rule().sql.ends_with("FROM setting"));
}

TEST(RuleFile, NamesWhatIsWrong) {
  const auto errors = parse_rule("two.sql", "-- rule: one\n-- theme: x\n-- severity: bad\n-- strength: sure\n-- says.en: a\n-- wrong: b\n-- needs: setting\nSELECT 1\n").errors;
  for (const char* expected : {"two.sql: 'rule' is not the name of the file", "two.sql: unknown theme 'x'", "two.sql: unknown severity 'bad'", "two.sql: unknown strength 'sure'", "two.sql: lacks says.en or says.nl",
                               "two.sql: unknown key 'wrong'", "two.sql: needs 'setting', which its SQL does not name", "two.sql: lacks a reference", "two.sql: lacks title.en or title.nl"})
    EXPECT_NE(std::ranges::find(errors, expected), errors.end()) << expected;
}

TEST(Findings, TakeSentencesFactsAndBaselineFromTheirRow) {
  const RuleRun run = run_over(one_rule(), "");
  ASSERT_EQ(run.findings.size(), 1u);
  EXPECT_EQ(run.findings[0].title.en, "ro.debuggable is 0 {nothing}");
  EXPECT_EQ(run.findings[0].facts.size(), 1u) << "a fact named twice and one that is none";
  EXPECT_EQ(run.findings[0].severity, "low");
  Rule many = one_rule();
  many.sql = "SELECT build_id, NULL AS actor_id, name AS subject, fact_id, (WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100000) SELECT group_concat(format('%032x', i % 50000)) FROM n) AS evidence FROM setting";
  EXPECT_EQ(run_over(many, "").findings[0].facts.size(), FindingLimits{}.facts);
  FindingLimits more;
  more.facts = 60'000;
  EXPECT_EQ(run_over(many, "", more).findings[0].facts.size(), 50'000u) << "the main one is among them";
  Rule baseline = one_rule();
  baseline.sql = "SELECT build_id, name AS subject, fact_id, 1 AS baseline, 'high' AS severity, 'seen' AS strength FROM setting";
  const RuleRun also = run_over(baseline, "");
  ASSERT_EQ(also.findings.size(), 1u);
  EXPECT_EQ(also.findings[0].severity, "info") << "plain AOSP has it too";
  EXPECT_EQ(also.findings[0].strength, "seen");
  EXPECT_EQ(also.findings[0].id, run.findings[0].id) << "by rule, build, subject and fact";
}

TEST(Findings, WithoutATraceableFactAreNone) {
  Rule rule = one_rule();
  rule.sql = "SELECT build_id, name AS subject, 'no fact' AS fact_id FROM setting";
  EXPECT_TRUE(run_over(rule, "").findings.empty());
}

TEST(Findings, OfABrokenOrEndlessRuleAreSaidToBeMissing) {
  Rule rule = one_rule();
  rule.sql = "SELECT nothing FROM setting";
  EXPECT_EQ(run_over(rule, "").state, "fault");
  rule.sql = "SELECT 1 FROM setting, not_made_yet";
  EXPECT_EQ(run_over(rule, "").state, "no_view");
  EXPECT_EQ(run_over(rule, "").detail, "not_made_yet");
  rule.sql = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT count(*) FROM n, setting";
  EXPECT_EQ(run_over(rule, "", {.steps = 100'000, .rows = 10}).state, "over_budget");
}

}  // namespace
}  // namespace klik
