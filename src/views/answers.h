// Page parts, asked: what the three formats of the report have in common. Private to views.
#pragma once

#include <string>
#include <vector>

#include "ledger/case_reader.h"
#include "views/pages.h"
#include "views/report.h"

namespace klik::views {

struct Answer {
  Table table;
  std::string error;   // "" when the query ran and gave the declared columns
};

// On an error the table is empty and a sentence for Rendered::problems is appended.
Answer ask(CaseReader& reader, const Page& page, const Part& part, std::vector<std::string>& problems);

inline bool is_prose(const Part& part) { return part.form == PartForm::sentences || part.form == PartForm::banner; }

Rendered render_html(CaseReader& reader, const ReportOptions& options, const Write& write);
Rendered render_json(CaseReader& reader, const ReportOptions& options, const Write& write);
Rendered render_text(CaseReader& reader, const ReportOptions& options, const Write& write);

// {"en":…,"nl":…}
std::string json_of(const Localized& text);
std::string json_of(const Value& value);

}  // namespace klik::views
