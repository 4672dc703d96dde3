#include "ledger/origins_query.h"

#include "base/text.h"

namespace klik {
namespace {

constexpr std::size_t kFactsPerQuery = 20'000;           // their names must fit into one statement

}  // namespace

bool each_origin(Queryable& reader, const std::set<std::string>& facts, const std::function<bool(std::vector<Value>& row)>& use) {
  for (auto at = facts.begin(); at != facts.end();) {
    std::string list;
    for (std::size_t n = 0; n < kFactsPerQuery && at != facts.end(); ++n, ++at)
      if (at->size() == 2 * sizeof(FactId) && unhex(*at)) list += (list.empty() ? "X'" : ", X'") + *at + "'";
    Table found = reader.query("SELECT o.fact_id, o.n, a.path, a.sha256, o.at, o.length, o.extractor, o.because_fact_id FROM origin o LEFT JOIN artifact a ON a.artifact_id = o.artifact_id WHERE o.fact IN (" + list +
                               ") ORDER BY o.fact_id, o.n");
    if (!reader.error().empty()) return false;
    for (std::vector<Value>& row : found.rows)
      if (!use(row)) return true;
  }
  return true;
}

}  // namespace klik
