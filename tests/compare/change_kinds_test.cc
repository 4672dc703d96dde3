#include "compare/change_kind.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <regex>
#include <set>
#include <sstream>

#include "compare/changes.h"
#include "compare/gathered.h"
#include "support/table_side.h"

namespace klik::compare {
namespace {

std::string text_of(const std::string& path) {
  std::ifstream file(path);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

std::string folder() { return std::string(KLIK_SOURCE_DIR) + "/tests/changes/"; }
const std::string& base() {
  static const std::string rows = text_of(std::string(KLIK_SOURCE_DIR) + "/tests/rules/base.sql");
  return rows;
}

// tests/changes/NAME.sql: "-- gives: SEVERITY EFFECT" of the first row in rank, then lines "-- also: SEVERITY EFFECT SUBJECT",
// "-- not: SUBJECT" and "-- says: TITLE"; rows after "-- before", rows after "-- after", rows of comparers' tables after "-- compared".
struct Fixture {
  std::string gives, before, after, compared;
  std::vector<std::string> also, never, says;
};

Fixture fixture_of(const ChangeKind& kind) {
  const std::string text = text_of(folder() + kind.id + ".sql");
  const auto first = text.find("-- before\n"), second = text.find("-- after\n"), third = text.find("-- compared\n");
  if (!text.starts_with("-- gives: ") || first == text.npos || second == text.npos) return {};
  Fixture f{text.substr(10, text.find('\n') - 10), text.substr(first, second - first), text.substr(second, third == text.npos ? third : third - second), third == text.npos ? std::string() : text.substr(third), {}, {}, {}};
  std::istringstream head(text.substr(0, first));
  for (std::string line; std::getline(head, line);) {
    if (line.starts_with("-- also: ")) f.also.push_back(line.substr(9));
    else if (line.starts_with("-- not: ")) f.never.push_back(line.substr(8));
    else if (line.starts_with("-- says: ")) f.says.push_back(line.substr(9));
    else EXPECT_TRUE(line.starts_with("-- gives: ")) << kind.id << ": " << line;
  }
  return f;
}

std::string all_sql() {
  std::string text;
  for (const ChangeKind& k : change_kinds()) text += k.sql + "\n";
  return text;
}

// As the report has them: the set "change" of its words.
const Phrases& dutch() {
  static const Phrases all = [] {
    std::vector<std::pair<std::string, std::string>> phrases;
    std::istringstream text(text_of(std::string(KLIK_SOURCE_DIR) + "/reports/words.txt"));
    for (std::string line; std::getline(text, line);) {
      if (!line.starts_with("change | ")) continue;
      const auto first = line.find(" | ", 9), last = line.rfind(" | ");
      phrases.emplace_back(line.substr(9, first - 9), line.substr(last + 3));
    }
    return Phrases(phrases);
  }();
  return all;
}

// Of one kind, or of all.
std::vector<Change> changes_of(const std::string& before, const std::string& after, const std::string& compared, std::vector<KindRun>& runs, const ChangeKind* only = nullptr) {
  static const std::string text = all_sql();
  test::MadeComparison made(base() + before, base() + after, only ? only->sql : text, compared);
  sql::StepBudget budget(made.db.get());
  return find_changes(made.db.get(), only ? std::span(only, 1) : std::span<const ChangeKind>(change_kinds()), {}, [&](std::uint64_t steps) { budget.refill(steps); }, runs, {dutch(), made.narrowed});
}

TEST(ChangeKinds, EveryFileCanBeUsed) {
  std::set<std::string> ids;
  for (const EmbeddedFile& file : change_files()) {
    const ParsedChangeKind parsed = parse_change_kind(file.name, file.text);
    for (const std::string& error : parsed.errors) ADD_FAILURE() << error;
    ids.insert(parsed.kind.id);
  }
  EXPECT_EQ(ids.size(), change_kinds().size());
}

TEST(ChangeKinds, EveryGatheredTableCanBeUsedAndIsAsked) {
  const std::string text = all_sql();
  for (const EmbeddedFile& file : gathered_files()) {
    const ParsedGathered parsed = parse_gathered(file.name, file.text);
    for (const std::string& error : parsed.errors) ADD_FAILURE() << error;
    EXPECT_NE(text.find("old_" + parsed.gathered.id), text.npos) << parsed.gathered.id << " is asked by no kind of change";
  }
}

TEST(ChangeKinds, EveryFixtureBelongsToAKind) {
  for (const auto& entry : std::filesystem::directory_iterator(folder())) {
    const std::string id = entry.path().stem().string();
    EXPECT_TRUE(std::ranges::any_of(change_kinds(), [&](const ChangeKind& k) { return k.id == id; })) << entry.path();
  }
}

TEST(ChangeKinds, FindWhatTheirFixtureChangesAndNothingWhereNothingDoes) {
  for (const ChangeKind& kind : change_kinds()) {
    SCOPED_TRACE(kind.id);
    const Fixture fixture = fixture_of(kind);
    if (fixture.gives.empty()) {
      ADD_FAILURE() << "tests/changes/" << kind.id << ".sql lacks gives, before or after";
      continue;
    }
    std::vector<KindRun> runs;
    const std::vector<Change> found = changes_of(fixture.before, fixture.after, fixture.compared, runs, &kind);
    for (const KindRun& run : runs) EXPECT_EQ(run.state, "asked") << run.kind->id << ": " << run.detail;
    const auto mine = std::ranges::find(found, &kind, &Change::kind);
    ASSERT_NE(mine, found.end());
    EXPECT_EQ(mine->severity + " " + mine->effect, fixture.gives) << mine->title.en;
    for (const std::string& also : fixture.also)
      EXPECT_TRUE(std::ranges::any_of(found, [&](const Change& c) { return c.severity + " " + c.effect + " " + c.subject == also; })) << "lacks " << also;
    for (const std::string& says : fixture.says) {
      std::string all;
      for (const Change& c : found) all += c.title.en + "\n";
      EXPECT_NE(("\n" + all).find("\n" + says + "\n"), std::string::npos) << "nothing says: " << says << "\nbut: " << all;
    }
    for (const std::string& never : fixture.never)
      for (const Change& c : found) EXPECT_NE(c.subject, never) << c.severity << " " << c.effect << ": " << c.title.en;
    // A subject that leaves two changes open hides one of them from who looks for it.
    std::set<std::tuple<std::string, std::optional<std::string>, std::optional<std::string>>> told;
    for (const Change& c : found) EXPECT_TRUE(told.emplace(c.subject, c.before, c.after).second) << "two changes of " << c.subject;
    EXPECT_FALSE(mine->subject.empty());
    EXPECT_TRUE(mine->before.has_value() || mine->after.has_value());
    EXPECT_FALSE(mine->before_fact.empty() && mine->after_fact.empty()) << "a change that points at no fact";
    EXPECT_EQ(mine->title.en.find('{'), std::string::npos) << mine->title.en;
    EXPECT_EQ(mine->title.nl.find('{'), std::string::npos) << mine->title.nl;
    EXPECT_EQ(mine->why.en.find('{'), std::string::npos) << mine->why.en;
    EXPECT_EQ(mine->why.nl.find('{'), std::string::npos) << mine->why.nl;

    std::vector<KindRun> same_runs;
    for (const Change& c : changes_of(fixture.after, fixture.after, "", same_runs)) ADD_FAILURE() << "between equal builds: " << c.kind->id << ": " << c.title.en;
  }
}

// A kind of one's own over the fixture's tables.
std::vector<Change> answers(const std::string& sql, const ChangeLimits& limits, std::vector<KindRun>& runs) {
  ChangeKind kind;
  kind.id = "made", kind.theme = "code", kind.effect = "other", kind.severity = "info", kind.says = {"{subject} {how}", "{how}"}, kind.sql = sql;
  test::MadeComparison made(base(), base(), sql);
  sql::StepBudget budget(made.db.get());
  std::vector<Change> found = find_changes(made.db.get(), std::span(&kind, 1), limits, [&](std::uint64_t steps) { budget.refill(steps); }, runs);
  for (Change& c : found) c.kind = nullptr;
  for (KindRun& r : runs) r.kind = nullptr;
  return found;
}

TEST(ChangeKinds, TellTwoChangesThatDifferOnlyInWhatTheySay) {
  std::vector<KindRun> runs;
  const std::string one = "SELECT 's' AS subject, 'off' AS before, 'on' AS after, 'a' AS how", two = one + " UNION ALL SELECT 's', 'off', 'on', 'b'";
  const std::vector<Change> found = answers(two, {}, runs), alone = answers(one, {}, runs), turned = answers("SELECT 's' AS subject, 'off' AS before, 'on' AS after, 'b' AS how UNION ALL " + one, {}, runs);
  ASSERT_EQ(found.size(), 2u);
  EXPECT_NE(found[0].id, found[1].id);
  ASSERT_EQ(turned.size(), 2u);
  EXPECT_EQ(turned[0].id, found[0].id);
  EXPECT_EQ(answers("SELECT 's' AS subject, 'off' AS before, 'on' AS after, 'other words' AS how", {}, runs).front().id, alone.front().id) << "the wording names no change that the rest names";
}

TEST(ChangeKinds, KeepTheGravestOfMoreThanThereIsRoomFor) {
  std::vector<KindRun> runs;
  const std::string many = "WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < 500) SELECT 's' || n AS subject, CASE n WHEN 499 THEN 'critical' WHEN 2 THEN 'high' ELSE 'info' END AS severity, n AS weight FROM c";
  for (const std::string& order : {std::string(" ORDER BY n"), std::string(" ORDER BY n DESC")}) {
    runs.clear();
    const std::vector<Change> found = answers(many + order, {.steps = 2'000'000'000, .rows = 10}, runs);
    ASSERT_EQ(found.size(), 10u);
    EXPECT_EQ(found[0].subject, "s499");
    EXPECT_EQ(found[1].subject, "s2");
    EXPECT_EQ(found[2].subject, "s500");
    EXPECT_EQ(found[9].subject, "s492");
    EXPECT_EQ(runs.front().state, "over_budget");
  }
}

// A sentence that a kind writes for {reason} and the like is in the list of phrases, or it stands in Dutch text as it is.
TEST(ChangeKinds, WhatTheySayThemselvesIsThereInDutch) {
  static const std::regex comment("--[^\n]*"), literal("'((?:[^']|'')*)'"), sentence(" ?(of them |[A-Z])[^%]* [^%]*[.]");
  std::size_t seen = 0;
  for (const ChangeKind& kind : change_kinds()) {
    if (kind.sql.contains("_nl")) continue;   // says its Dutch itself
    const std::string sql = std::regex_replace(kind.sql, comment, "");
    for (std::sregex_iterator at(sql.begin(), sql.end(), literal), end; at != end; ++at) {
      std::string text = std::regex_replace((*at)[1].str(), std::regex("''"), "'");
      if (!std::regex_match(text, sentence)) continue;
      ++seen;
      EXPECT_FALSE(kind.words.empty()) << kind.id;
      EXPECT_TRUE(dutch().find(text.starts_with(' ') && text[1] == 'o' ? "5" + text : text)) << kind.id << ": " << text;
    }
  }
  EXPECT_GT(seen, 30u);
}

TEST(ChangeKinds, ValuesAreDutchWhereKlikspaanSpeaksAndAsTheyAreWhereThePhoneDoes) {
  const auto change = [](std::string_view id) {
    const ChangeKind* kind = &*std::ranges::find(change_kinds(), id, &ChangeKind::id);
    const Fixture fixture = fixture_of(*kind);
    std::vector<KindRun> runs;
    const auto found = changes_of(fixture.before, fixture.after, fixture.compared, runs, kind);
    return found.at(0);
  };
  const auto values = [&](std::string_view id) {
    const Change c = change(id);
    return c.before_nl.value_or("-") + " | " + c.after_nl.value_or("-");
  };
  EXPECT_EQ(values("code_not_compared"), "2 klassen | 3 klassen");
  EXPECT_EQ(values("code_rewritten"), "5 methoden | 6 methoden: 4 teruggevonden op naam, 1 op bouw, 1 nieuw, 0 weg, 0 met andere code");
  for (const std::string_view id : {"component_switched", "domain_permissive", "signature_verdict", "right_gained", "power_lost", "package_added", "package_user", "update_agent"}) {
    const Change c = change(id);
    EXPECT_TRUE(c.before_nl != c.before || c.after_nl != c.after) << id << ": " << values(id);
  }
  for (const std::string_view id : {"property_changed", "version_raised", "target_sdk_lowered"}) {
    const Change c = change(id);
    EXPECT_EQ(c.before_nl, c.before);
    EXPECT_EQ(c.after_nl, c.after);
  }
  EXPECT_EQ(change("code_calls_added").why.nl, "1 daarvan gaan over het netwerk, andere processen, versleuteling, de hardware of gegevens van de eigenaar. Na het paren van klassen en methoden naar hun bouw staan deze aanroepen nergens in de oude code van de app.");
}

// An update that names some files only: what is made of the build as a whole is made of a part of it there.
TEST(ChangeKinds, OverAPartOfTheBuildWhatNeedsTheWholeWeighsLess) {
  const std::string patch = "INSERT INTO update_step(build_id, artifact_id, position, what, function, target, fact_id) VALUES(1, 10, 0, 'patch', 'apply_patch', '/system/a', 'f0');";
  const auto first = [&](std::string_view id, const std::string& more) {
    const ChangeKind* kind = &*std::ranges::find(change_kinds(), id, &ChangeKind::id);
    const Fixture fixture = fixture_of(*kind);
    std::vector<KindRun> runs;
    return changes_of(fixture.before, fixture.after + more, fixture.compared, runs, kind).at(0);
  };
  EXPECT_EQ(first("door_opened", "").severity, "critical");
  EXPECT_EQ(first("door_opened", patch).severity, "medium");
  EXPECT_EQ(first("right_gained", "").severity, "medium");
  const Change part = first("right_gained", patch);
  EXPECT_EQ(part.severity, "info");
  EXPECT_TRUE(part.why.en.starts_with("Worked out over the part of the build")) << part.why.en;
  EXPECT_NE(part.why.en.find("would weigh medium"), std::string::npos);
  EXPECT_NE(part.why.nl.find("gewicht middel"), std::string::npos) << part.why.nl;
  // What a file itself shows is as it was.
  EXPECT_EQ(first("call_added", patch).severity, first("call_added", "").severity);
  EXPECT_EQ(first("package_signer", patch).severity, first("package_signer", "").severity);
}

// A key that stayed is no other key; that its signature does not hold any more is a change of what is verified.
TEST(ChangeKinds, TellAnotherKeyFromOneWhoseSignatureFails) {
  std::vector<KindRun> runs;
  const auto found = changes_of("", "", "INSERT INTO update_check(subject, what, before, after, result, detail, severity, old_fact, new_fact) VALUES"
                                        "('boot', 'avb_key', 'aa', 'aa', 'failed', 'it has the same key, but its signature does not hold', 'critical', printf('%032x', 900), printf('%032x', 901)),"
                                        "('vendor', 'avb_key', 'aa', 'bb', 'failed', 'the structure has another key', 'high', printf('%032x', 902), printf('%032x', 903));", runs);
  std::map<std::string, std::string> kinds;
  for (const Change& c : found) kinds[c.subject] += c.kind->id;
  EXPECT_EQ(kinds, (std::map<std::string, std::string>{{"boot", "verified_boot_off"}, {"vendor", "verified_boot_key"}}));
}

TEST(ChangeKinds, StopAtTheirBudgetAndSayWhatTheyFoundSoFar) {
  const ChangeKind* kind = &*std::ranges::find(change_kinds(), std::string("property_changed"), &ChangeKind::id);
  std::string rows;
  for (int i = 0; i < 50; ++i) rows += "INSERT INTO setting(build_id, scope, name, value, fact_id) VALUES(1, 'prop', 'p" + std::to_string(i) + "', 'v', printf('%032x', " + std::to_string(500 + i) + "));";
  test::MadeComparison made(base(), base() + rows, kind->sql);
  sql::StepBudget budget(made.db.get());
  std::vector<KindRun> runs;
  const auto found = find_changes(made.db.get(), std::span(kind, 1), {.steps = 2'000'000'000, .rows = 10}, [&](std::uint64_t steps) { budget.refill(steps); }, runs);
  EXPECT_EQ(found.size(), 10u);
  EXPECT_EQ(runs.front().state, "over_budget");
}

TEST(ChangeKinds, RankWhatGivesOthersMoreFirst) {
  std::vector<KindRun> runs;
  const std::string rows = "INSERT INTO open_door(package_id, kind, entry, power, code, fixed, guard, way, fact_id) VALUES(11, 'receiver', 'com.maker.agent.R', 'run_commands', 'a', 0, NULL, 'R', printf('%032x', 400));"
                           "INSERT INTO setting(build_id, scope, name, value, fact_id) VALUES(1, 'prop', 'p', 'v', printf('%032x', 401));"
                           "INSERT INTO sdk(build_id, actor_id, artifact_id, name, how, fact_id) VALUES(1, 10, 10, 'Tracker', 'name', printf('%032x', 402));";
  const auto found = changes_of("", rows, "", runs);
  ASSERT_GE(found.size(), 3u);
  EXPECT_EQ(found.front().kind->id, "door_opened");
  EXPECT_EQ(found.back().kind->id, "property_changed");
  // The order does not depend on the order of the rows.
  std::vector<KindRun> again;
  EXPECT_EQ(changes_of("", rows, "", again).front().id, found.front().id);
}

}  // namespace
}  // namespace klik::compare
