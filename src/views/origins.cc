#include "views/origins.h"

#include <algorithm>

#include "base/text.h"
#include "views/columnar.h"

namespace klik::views {
namespace {

constexpr std::string_view kSelect =
    "SELECT o.fact_id, a.path, a.sha256, o.at, o.length, o.extractor, o.because_fact_id"
    " FROM origin o LEFT JOIN artifact a ON a.artifact_id = o.artifact_id WHERE o.fact_id IN (";

const std::string* text_of(const Value& value) { return std::get_if<std::string>(&value); }

}  // namespace

// `facts` is a query of one column. A fact goes in with all its places or not at all.
bool OriginBook::take(Queryable& reader, const std::string& facts, std::string& error) {
  QueryLimits limits;
  // Places of facts that are known already come back too, so the answer may be longer than the room that is left.
  const std::uint64_t most = budget_ + 1;
  limits.rows = most;
  Table found = reader.query(std::string(kSelect) + facts + ") ORDER BY o.fact_id, o.n LIMIT " + std::to_string(most), {}, limits);
  error = reader.error();
  if (!error.empty()) return false;
  table_.columns = found.columns;
  const bool all = found.rows.size() < most;
  for (std::size_t begin = 0; begin < found.rows.size();) {
    const std::string* fact = text_of(found.rows[begin][0]);
    std::size_t end = begin + 1;
    while (end < found.rows.size() && fact && text_of(found.rows[end][0]) && *text_of(found.rows[end][0]) == *fact) ++end;
    const bool whole = end < found.rows.size() || all;
    if (fact && !known_.contains(*fact)) {
      if (!whole || end - begin > budget_ - table_.rows.size()) return false;
      known_.insert(*fact);
      std::move(found.rows.begin() + static_cast<std::ptrdiff_t>(begin), found.rows.begin() + static_cast<std::ptrdiff_t>(end), std::back_inserter(table_.rows));
    }
    begin = end;
  }
  return all;
}

bool OriginBook::add(Queryable& reader, const Page& page, const Part& part, std::vector<std::string>& problems) {
  bool all = true;
  for (const ReportColumn& column : part.columns) {
    if (column.kind != ColumnKind::fact) continue;
    std::string error;
    const std::string shown = "SELECT \"" + column.name + "\" FROM (" + part.sql + "\n)";
    all = take(reader, shown, error) && all;
    if (error.empty()) all = take(reader, "SELECT because_fact_id FROM origin WHERE fact_id IN (" + shown + ")", error) && all;
    if (error.empty()) continue;
    problems.push_back("page " + page.id + ", " + part.id + ", places: " + text::escaped(error));
    all = false;
  }
  return all;
}

bool OriginBook::add_all(Queryable& reader, const std::vector<Page>& pages) {
  std::string shown;
  for (const Page& page : pages)
    for (const Part& part : page.parts)
      for (const ReportColumn& column : part.columns)
        if (column.kind == ColumnKind::fact) shown += (shown.empty() ? "" : " UNION ") + ("SELECT \"" + column.name + "\" FROM (" + part.sql + "\n)");
  std::string error;
  if (shown.empty() || (take(reader, shown, error) && take(reader, "SELECT because_fact_id FROM origin WHERE fact_id IN (" + shown + ")", error))) return true;
  known_.clear();
  table_ = {};
  return false;
}

std::string OriginBook::json() {
  // Stable: the places of a fact keep the order of their number.
  std::stable_sort(table_.rows.begin(), table_.rows.end(), [](const auto& a, const auto& b) { return std::get<std::string>(a[0]) < std::get<std::string>(b[0]); });
  std::string out = "{\"n\":" + std::to_string(table_.rows.size()) + ",\"columns\":{";
  constexpr std::string_view kNames[] = {"fact", "path", "sha256", "at", "length", "extractor", "because"};
  for (std::size_t i = 0; i < std::size(kNames); ++i) {
    if (i) out += ',';
    out += '"' + std::string(kNames[i]) + "\":" + packed_column(table_, i, i == 0 ? Pack::yes : Pack::no);
  }
  return out + "}}";
}

}  // namespace klik::views
