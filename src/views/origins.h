// The places behind the facts of a report, as far as they fit. Private to views.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "ledger/queryable.h"
#include "views/pages.h"

namespace klik::views {

class OriginBook {
 public:
  explicit OriginBook(std::uint64_t budget) : budget_(budget) {}

  // Facts shown by this part, and one step behind them: the facts they follow from.
  // False: not all fitted, or the query failed (then a problem is appended).
  bool add(Queryable& reader, const Page& page, const Part& part, std::vector<std::string>& problems);

  // All parts in one go, which reads the places once instead of once per part. False: they do not all fit, or a query
  // failed; the book is then empty, and parts have to be added one by one.
  bool add_all(Queryable& reader, const std::vector<Page>& pages);

  std::size_t rows() const { return table_.rows.size(); }
  // {"n":rows,"columns":{…}}, sorted by fact.
  std::string json();

 private:
  enum class Taken : std::uint8_t { whole, in_part, failed };
  static constexpr std::size_t kBecause = 7;             // columns as of origins_query()
  Taken take(Queryable& reader, const std::set<std::string>& facts);
  static bool facts_of(Queryable& reader, const Part& part, std::set<std::string>& facts);

  std::uint64_t budget_;
  std::map<std::string, std::set<std::string>> behind_;  // by each fact in the book, the facts that it follows from
  Table table_;
};

}  // namespace klik::views
