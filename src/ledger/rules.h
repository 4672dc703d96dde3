// A rule is one file, rules/NAME.sql: what it asks in SQL comments, then one SELECT over the public views whose rows
// become findings. Adding a rule is adding a file and its two fixtures. Format: sql_file.h (docs: rules/README.md).
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/embedded.h"
#include "ledger/sql_file.h"

namespace klik {

struct Rule {
  std::string id;                   // the file's name
  std::string theme;                // a word of kRuleThemes, for the order of lists
  std::string severity;             // a word of kSeverityWords
  std::string strength;             // a word of kStrengthWords
  RuleText title;                   // what the rule looks for, in general
  RuleText says;                    // of one finding, with {column}; empty: the title
  RuleText explain;                 // why it matters, what it does not show
  std::string reference;            // where the rule comes from
  std::string limits;               // what it cannot see, or takes for what it is not
  std::vector<std::string> needs;   // views that must have rows for "nothing found" to mean anything
  std::string sql;
};

// From low to high.
inline constexpr std::string_view kSeverityWords[] = {"info", "low", "medium", "high", "critical"};
// present: it is there; able: right and code are there; flows: data goes that way in the code; seen: on the wire;
// decoded: what was on the wire is understood.
inline constexpr std::string_view kStrengthWords[] = {"present", "able", "flows", "seen", "decoded"};
inline constexpr std::string_view kRuleThemes[] = {"doors", "rights", "code", "updates", "keys", "build", "files", "selinux", "services", "network", "data", "removal", "whose"};

// The place in kSeverityWords; -1 for a word that is none of them.
int severity_rank(std::string_view word);

struct ParsedRule {
  Rule rule;
  std::vector<std::string> errors;   // "name.sql: …"; empty when the rule can be used
};
ParsedRule parse_rule(std::string_view file_name, std::string_view text);

std::span<const EmbeddedFile> embedded_rules();

// The rules that are part of the program, by id. Rules with errors are left out: a test sees to it that there are none.
const std::vector<Rule>& rules();
const Rule* find_rule(std::string_view id);

// The SQL of each rule.
std::vector<std::string_view> queries_of_rules();

// SHA-256 over names and texts of all rules, hex: findings of another digest are made afresh.
const std::string& rules_digest();

}  // namespace klik
