// A comparison of two builds for people (HTML, text: the pages of reports/diff) and for machines (JSON).
#pragma once

#include "compare/comparison.h"
#include "views/report.h"

namespace klik::views {

// SQL of the pages, for ComparisonOptions::text.
std::string diff_page_sql();

// The set "change" of reports/words.txt, for ComparisonOptions::phrases.
compare::Phrases change_phrases();

// JSON: {"klikspaan": version, "language", "builds": [rows of side], "changes": [{kind, theme, subject, before, after, severity, effect, rank, title, why, before_fact,
// after_fact, change_id}], "asked": [{kind, state, detail, changes}], "compared": [{comparer, state, detail}]}, and by name each table of a comparer that says how
// much it matched ("code_match", "native_match") and of those about captures ("traffic_seen", "traffic_data", …).
Rendered render_diff(compare::Comparison& comparison, const ReportOptions& options, const Write& write);

}  // namespace klik::views
