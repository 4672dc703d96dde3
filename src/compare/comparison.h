// Two builds side by side: both cases' views as tables old_VIEW and new_VIEW of one database in memory, what comparers
// found, and the ranked changes. Neither case is changed. Result tables, documented in docs/case-file.md:
//   change, change_run, comparer_run, side, package_pair, actor_pair, file_pair, and those of the comparers.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "compare/changes.h"
#include "compare/comparer.h"
#include "ledger/queryable.h"
#include "ledger/schema.h"

namespace klik::compare {

struct ComparisonOptions {
  std::string before_name, after_name;   // what the user called them: file names
  std::string text;                      // SQL of others that will be asked (report pages): its old_ and new_ tables are made too
  Phrases phrases{};                     // Dutch for what changes say themselves
};

class Comparison final : public Queryable {
 public:
  // Does the whole work. On failure valid() is false and error() says why.
  Comparison(const Declarations& declarations, const Pair& pair, const ComparisonOptions& options);
  ~Comparison() override;

  bool valid() const;
  const std::vector<Change>& changes() const;    // ranked
  const std::vector<KindRun>& runs() const;
  const std::vector<std::string>& not_compared() const;   // comparers that a case did not answer: "name: why"
  Table query(std::string_view sql, const std::vector<Value>& parameters = {}, const QueryLimits& limits = {}) override;
  const std::string& error() const override;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// The tables that every comparison has, documented like views. Their `sql` is empty.
std::span<const View> comparison_tables();

}  // namespace klik::compare
