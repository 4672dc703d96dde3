// From questions to a ranked list: runs the kinds of change over the prepared tables.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "compare/change_kind.h"
#include "compare/phrases.h"
#include "facts/fact.h"
#include "ledger/sqlite.h"

namespace klik::compare {

struct Change {
  FactId id{};                          // over kind, subject, before and after, and the title when they leave several: equal across runs
  const ChangeKind* kind;
  std::string subject;
  std::optional<std::string> before, after;   // absent: it was not there, it is not there any more
  std::optional<std::string> before_nl, after_nl;   // the same in Dutch: only what klikspaan itself says differs
  std::string severity, effect;
  std::int64_t weight = 0;              // among equals of one severity and effect; higher first
  RuleText title, why;
  std::string before_fact, after_fact;  // hex, "" when there is none
};

// How changes are told.
struct Telling {
  const Phrases& phrases;
  bool over_part = false;               // the new build is an update that names some files only (patched_side.h)
};

struct KindRun {
  const ChangeKind* kind;
  std::string state;                    // asked, over_budget or fault
  std::string detail;
  std::size_t changes = 0;
};

struct ChangeLimits {
  std::uint64_t steps = 2'000'000'000;  // of SQLite's virtual machine, per kind
  std::size_t rows = 20'000;            // changes of one kind; of more the gravest are kept
};

// Over part of a build, what needs the whole may follow from what is not there: medium and low become info, what is graver
// medium, and the reason says what it would weigh.
// Ranked: severity, then what gives others more, then weight and theme; the rest by content, so that the order is one.
// Columns of a kind's SELECT: subject; optional: before, after, severity, effect, weight, before_fact, after_fact (hex), before_nl, after_nl. Any
// column may be named in `says` and `why`.
std::vector<Change> find_changes(sqlite3* db, std::span<const ChangeKind> kinds, const ChangeLimits& limits, const std::function<void(std::uint64_t)>& may_work,
                                 std::vector<KindRun>& runs, const Telling& telling = {Phrases()});

}  // namespace klik::compare
