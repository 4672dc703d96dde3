#include "views/diff.h"

#include "base/text.h"
#include "views/answers.h"
#include "views/phrases.h"

namespace klik::views {
namespace {

std::string objects_of(Queryable& from, std::string_view sql, std::vector<std::string>& problems) {
  const Table table = from.query(sql);
  if (!from.error().empty()) problems.push_back("comparison: " + text::escaped(from.error()));
  std::string out = "[";
  for (const auto& row : table.rows) {
    out += out.size() > 1 ? ",\n{" : "\n{";
    for (std::size_t i = 0; i < row.size(); ++i) out += (i ? "," : "") + text::json_string(table.columns[i]) + ':' + json_of(row[i]);
    out += '}';
  }
  return out + ']';
}

Rendered render_changes(compare::Comparison& comparison, const ReportOptions& options, const Write& write) {
  Rendered rendered;
  const bool dutch = options.language == Language::nl;
  const std::string words = dutch ? "title_nl AS title, why_nl AS why" : "title, why", values = dutch ? "before_nl AS before, after_nl AS after" : "before, after";
  write("{\"klikspaan\":" + text::json_string(options.version) + ",\"language\":" + text::json_string(language_name(options.language)) + ",\n\"builds\":" +
        objects_of(comparison, "SELECT * FROM side ORDER BY side DESC", rendered.problems) + ",\n\"changes\":" +
        objects_of(comparison, "SELECT kind, theme, subject, " + values + ", severity, effect, rank, " + words + ", before_fact, after_fact, change_id FROM change ORDER BY rank", rendered.problems) +
        ",\n\"asked\":" + objects_of(comparison, "SELECT kind, state, detail, changes FROM change_run ORDER BY kind", rendered.problems));
  write(",\n\"compared\":" + objects_of(comparison, "SELECT comparer, state, detail FROM comparer_run ORDER BY comparer", rendered.problems));
  // What every comparer says of how much it could match.
  for (const compare::Comparer* comparer : compare::comparers())
    for (const compare::ComparedTable& table : comparer->tables)
      if (table.name.ends_with("_match") || table.name.starts_with("traffic_")) write(",\n" + text::json_string(table.name) + ":" + objects_of(comparison, "SELECT * FROM \"" + std::string(table.name) + "\"", rendered.problems));
  write("}\n");
  return rendered;
}

}  // namespace

compare::Phrases change_phrases() {
  const compare::Phrases* phrases = phrases_named(kChangeWords);
  return phrases ? *phrases : compare::Phrases();
}

std::string diff_page_sql() {
  std::string text;
  for (const Page& page : diff_pages())
    for (const Part& part : page.parts) text += part.sql + "\n";
  return text;
}

Rendered render_diff(compare::Comparison& comparison, const ReportOptions& options, const Write& write) {
  if (options.format == ReportFormat::json) return render_changes(comparison, options, write);
  ReportOptions pages = options;
  pages.pages = &diff_pages();
  return render(comparison, pages, write);
}

}  // namespace klik::views
