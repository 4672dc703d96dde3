// What answers SELECTs over documented tables: a case file, or a comparison of two. Reports are made from it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "facts/fact.h"

namespace klik {

struct Table {
  std::vector<std::string> columns;
  std::vector<std::vector<Value>> rows;
};

struct QueryLimits {
  std::uint64_t steps = 2'000'000'000;   // virtual machine instructions; work, not time
  std::uint64_t rows = 5'000'000;
};

class Queryable {
 public:
  virtual ~Queryable() = default;
  // One SELECT (or WITH … SELECT). On failure the table is empty and error() is set.
  virtual Table query(std::string_view sql, const std::vector<Value>& parameters = {}, const QueryLimits& limits = {}) = 0;
  virtual const std::string& error() const = 0;   // of the last query, in one sentence; "" when all went well
};

}  // namespace klik
