#include "views/origins.h"

#include <algorithm>

#include "base/text.h"
#include "ledger/origins_query.h"
#include "views/columnar.h"

namespace klik::views {

bool OriginBook::facts_of(Queryable& reader, const Part& part, std::set<std::string>& facts) {
  std::string columns;
  for (const ReportColumn& column : part.columns)
    if (column.kind == ColumnKind::fact) columns += (columns.empty() ? "\"" : ", \"") + column.name + '"';
  if (columns.empty()) return true;
  const Table found = reader.query("SELECT " + columns + " FROM (" + part.sql + "\n)");
  for (const std::vector<Value>& row : found.rows)
    for (const Value& value : row)
      if (const auto* fact = std::get_if<std::string>(&value)) facts.insert(*fact);
  return reader.error().empty();
}

// Of what does not fit the facts that come first go in, each with all its places or not at all.
OriginBook::Taken OriginBook::take(Queryable& reader, const std::set<std::string>& facts) {
  std::set<std::string> wanted = facts;
  for (int step = 0; step < 2; ++step) {
    std::set<std::string> fresh, behind;
    for (const std::string& fact : wanted) {
      if (const auto at = behind_.find(fact); at == behind_.end()) fresh.insert(fact);
      else behind.insert(at->second.begin(), at->second.end());
    }
    std::vector<std::vector<Value>> rows;
    bool fit = true;
    const auto keep = [&] {
      if (rows.empty()) return true;
      if (rows.size() > budget_ - table_.rows.size()) return fit = false;
      std::set<std::string>& of = behind_[std::get<std::string>(rows.front()[0])];
      for (std::vector<Value>& row : rows) {
        if (const auto* because = std::get_if<std::string>(&row[kBecause])) of.insert(*because);
        table_.rows.push_back(std::move(row));
      }
      behind.insert(of.begin(), of.end());
      rows.clear();
      return true;
    };
    const bool asked = each_origin(reader, fresh, [&](std::vector<Value>& row) {
      if (!rows.empty() && row[0] != rows.front()[0] && !keep()) return false;
      rows.push_back(std::move(row));
      return true;
    });
    if (!asked) return Taken::failed;
    if (!fit || !keep()) return Taken::in_part;
    wanted = std::move(behind);
  }
  return Taken::whole;
}

bool OriginBook::add(Queryable& reader, const Page& page, const Part& part, std::vector<std::string>& problems) {
  std::set<std::string> facts;
  const Taken taken = facts_of(reader, part, facts) ? take(reader, facts) : Taken::failed;
  if (taken == Taken::failed) problems.push_back("page " + page.id + ", " + part.id + ", places: " + text::escaped(reader.error()));
  return taken == Taken::whole;
}

bool OriginBook::add_all(Queryable& reader, const std::vector<Page>& pages) {
  std::set<std::string> facts;
  bool asked = true;
  for (const Page& page : pages)
    for (const Part& part : page.parts) asked = asked && facts_of(reader, part, facts);
  if (asked && take(reader, facts) == Taken::whole) return true;
  behind_.clear();
  table_ = {};
  return false;
}

std::string OriginBook::json() {
  // Stable: the places of a fact keep the order of their number.
  std::stable_sort(table_.rows.begin(), table_.rows.end(), [](const auto& a, const auto& b) { return std::get<std::string>(a[0]) < std::get<std::string>(b[0]); });
  std::string out = "{\"n\":" + std::to_string(table_.rows.size()) + ",\"columns\":{";
  constexpr std::pair<std::string_view, std::size_t> kColumns[] = {{"fact", 0}, {"path", 2}, {"sha256", 3}, {"at", 4}, {"length", 5}, {"extractor", 6}, {"because", kBecause}};
  for (const auto& [name, column] : kColumns) {
    if (column) out += ',';
    out += '"' + std::string(name) + "\":" + packed_column(table_, column, column == 0 ? Pack::yes : Pack::no);
  }
  return out + "}}";
}

}  // namespace klik::views
