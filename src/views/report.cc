#include "views/report.h"

#include "base/text.h"
#include "views/answers.h"

namespace klik::views {
namespace {

constexpr std::string_view kHidden = "•••";   // the same in both languages

}  // namespace

std::optional<ReportFormat> report_format_named(std::string_view name) {
  if (name == "html") return ReportFormat::html;
  if (name == "json") return ReportFormat::json;
  if (name == "text") return ReportFormat::text;
  return std::nullopt;
}

Rendered render(Queryable& reader, const ReportOptions& options, const Write& write) {
  switch (options.format) {
    case ReportFormat::json: return render_json(reader, options, write);
    case ReportFormat::text: return render_text(reader, options, write);
    case ReportFormat::html: break;
  }
  return render_html(reader, options, write);
}

bool has_part(Queryable& reader, const Part& part) {
  if (part.condition.empty()) return true;
  const Table table = reader.query("SELECT 1 WHERE " + part.condition);
  // What cannot be asked is said in the place of the part, not passed over.
  return !reader.error().empty() || !table.rows.empty();
}

Answer ask(Queryable& reader, const Page& page, const Part& part, bool show_private, std::vector<std::string>& problems) {
  Answer answer{.table = reader.query(part.sql), .error = reader.error()};
  if (answer.error.empty()) {
    bool same = answer.table.columns.size() == part.columns.size();
    for (std::size_t i = 0; same && i < part.columns.size(); ++i) same = answer.table.columns[i] == part.columns[i].name;
    if (!same) answer.error = "the columns of the answer are not the declared ones";
  }
  if (!answer.error.empty()) {
    answer.table = {};
    problems.push_back("page " + page.id + ", " + part.id + ": " + text::escaped(answer.error));
  }
  for (std::size_t i = 0; i < answer.table.columns.size() && !show_private; ++i)
    if (part.columns[i].kind == ColumnKind::personal)
      for (auto& row : answer.table.rows)
        if (!std::holds_alternative<std::monostate>(row[i])) row[i] = std::string(kHidden);
  return answer;
}

std::string json_of(const Localized& localized) {
  return "{\"en\":" + text::json_string(localized.en) + ",\"nl\":" + text::json_string(localized.nl) + '}';
}

std::string json_of(const Value& value) {
  if (const auto* number = std::get_if<std::int64_t>(&value)) return std::to_string(*number);
  if (const auto* string = std::get_if<std::string>(&value)) return text::json_string(*string);
  return "null";
}

}  // namespace klik::views
