// The places of named facts, found by index: to read all places of a case, with text for every fact, would take its whole length.
#pragma once

#include <functional>
#include <set>
#include <string>
#include <vector>

#include "ledger/queryable.h"

namespace klik {

// Gives rows of fact_id, n, path, sha256, at, length, extractor, because_fact_id in the order of the facts, until `use` says no. The view `origin`
// must have the column `fact`; what is no fact_id is passed over. False when a query failed; reader.error() tells.
bool each_origin(Queryable& reader, const std::set<std::string>& facts, const std::function<bool(std::vector<Value>& row)>& use);

}  // namespace klik
