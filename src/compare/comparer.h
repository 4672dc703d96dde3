// What SQL over two cases cannot find: code matched by structure, functions of native libraries, signatures of an update
// checked with the keys of the old build. A comparer reads both builds and fills tables that changes/*.sql ask. Adding
// one is one file, src/compare/NAME.cc, and one line in comparers.def.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string_view>
#include <vector>

#include "facts/view.h"
#include "io/pool.h"
#include "ledger/queryable.h"

namespace klik::compare {

// One build of one case. Views and raw tables are asked through `reader` (raw: `_kind_noun`).
struct Side {
  Queryable& reader;
  std::int64_t build;          // build_id in that case
};

struct Pair {
  Side before, after;
  Pool& pool;                  // what is found must not depend on the number of threads
};

// A table in the comparison: documented like a view, filled by its comparer. Columns have no types: a Value is what it is.
struct ComparedTable {
  std::string_view name;       // "code_change"
  std::string_view doc;
  std::span<const ViewColumn> columns;
};

// Adds a row to the comparer's table of that number. REQUIRES: one value per column. From the comparer's own thread.
using AddRow = std::function<void(std::size_t table, std::vector<Value> values)>;

struct Comparer {
  std::string_view name;
  std::string_view title;      // one sentence
  std::span<const ComparedTable> tables;
  // Rows in an order that does not depend on threads. What could not be compared is a row too; a query that a case does not
  // answer is noted by the frame.
  void (*run)(const Pair& pair, const AddRow& add);
};

// In the order of comparers.def.
std::span<const Comparer* const> comparers();

}  // namespace klik::compare
