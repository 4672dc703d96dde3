// Page parts, asked: what the three formats of the report have in common. Private to views.
#pragma once

#include <string>
#include <vector>

#include "ledger/queryable.h"
#include "views/pages.h"
#include "views/report.h"

namespace klik::views {

struct Answer {
  Table table;
  std::string error;   // "" when the query ran and gave the declared columns
};

// Whether the report has this part at all: a case without captures says nothing of traffic, and one without software nothing of builds.
bool has_part(Queryable& reader, const Part& part);

// On an error the table is empty and a sentence for Rendered::problems is appended.
Answer ask(Queryable& reader, const Page& page, const Part& part, bool show_private, std::vector<std::string>& problems);

inline const std::vector<Page>& pages_of(const ReportOptions& options) { return options.pages ? *options.pages : report_pages(); }

inline bool is_prose(const Part& part) { return part.form == PartForm::sentences || part.form == PartForm::banner; }

Rendered render_html(Queryable& reader, const ReportOptions& options, const Write& write);
Rendered render_json(Queryable& reader, const ReportOptions& options, const Write& write);
Rendered render_text(Queryable& reader, const ReportOptions& options, const Write& write);

// {"en":…,"nl":…}
std::string json_of(const Localized& text);
std::string json_of(const Value& value);

}  // namespace klik::views
