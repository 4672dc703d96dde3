// Findings: rows that rules derive from the public views. They are no facts: in no digest, stored beside the facts
// by the scan, and made afresh when a case is opened by a program whose rules are others.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "facts/fact.h"
#include "facts/view.h"
#include "ledger/rules.h"
#include "ledger/sqlite.h"

namespace klik {

struct Finding {
  FactId id{};                        // over rule, build, subject and main fact: equal across runs
  std::int64_t build = 0;
  std::optional<std::int64_t> actor;
  std::string subject, severity, strength, note;
  RuleText title;
  std::optional<bool> baseline;       // plain AOSP has it too
  std::vector<FactId> facts;          // the main one first, then what else it rests on, as far as the limit goes
};

struct RuleRun {
  const Rule* rule;
  std::string_view state;             // evaluated, no_rows, no_view, over_budget or fault
  std::string detail;                 // the view without rows, the database's complaint
  std::vector<Finding> findings;      // in order of id, each once
};

struct FindingLimits {
  std::uint64_t steps = 400'000'000;   // of SQLite's virtual machine, per rule; usual rules take a few million
  std::size_t rows = 20'000;             // findings of one rule
  std::size_t facts = 256;               // that one finding names; what it says may rest on more
};

// Runs every rule. Columns of its SELECT: build_id, actor_id, subject, fact_id (hex); optional: evidence (fact ids in
// hex, joined with commas), note, severity, strength, baseline. Any column may be named in `says`.
// `may_work` is called with the steps that the next statement may take; the caller enforces them.
std::vector<RuleRun> run_rules(sqlite3* db, std::span<const Rule> rules, const FindingLimits& limits, const std::function<void(std::uint64_t)>& may_work);

// Tables for findings; the reader makes its own in `temp` when the stored ones are of other rules.
std::span<const std::string_view> finding_tables();
// Indexes are left out in temp. False when the database cannot be written.
bool store_findings(sqlite3* db, std::string_view schema, const std::vector<RuleRun>& runs);
// The table behind the view `rule`: of this program, never of the case.
bool make_rule_table(sqlite3* db);

// finding, finding_evidence, rule, rule_run.
std::span<const View* const> finding_views();

}  // namespace klik
