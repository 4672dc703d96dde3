// Reading a case file that may come from somebody else: a hostile database. Read-only handle, nothing in
// its schema is trusted, statements are limited in what they may do and how long they may work.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "facts/fact.h"
#include "ledger/queryable.h"
#include "ledger/schema.h"

namespace klik {

class CaseReader final : public Queryable {
 public:
  // Opens and checks the file and creates the public views (as TEMP views, from our own declarations).
  // On failure `valid()` is false and `error()` says why in one sentence.
  CaseReader(const std::string& path, Declarations declarations);
  ~CaseReader() override;
  CaseReader(CaseReader&&) noexcept;
  CaseReader& operator=(CaseReader&&) noexcept;

  bool valid() const;
  const std::string& error() const override;   // of opening, or of the last query; "" when all went well

  // One SELECT (or WITH … SELECT). On failure the table is empty and error() is set.
  Table query(std::string_view sql, const std::vector<Value>& parameters = {}, const QueryLimits& limits = {}) override;

  // Over the rows as they are; equal to the stored one unless somebody changed either.
  Sha256Digest recompute_digest();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace klik
