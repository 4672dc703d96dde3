// The case file's tables, from declarations: the fixed ones below and one per fact kind.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "facts/fact.h"
#include "facts/view.h"

namespace klik {

// Raised when a table changes in a way that old readers or writers cannot follow.
inline constexpr int kSchemaVersion = 1;
inline constexpr int kApplicationId = 0x4B4C4B53;   // "KLKS", in the database header

// What a scan knows about: every fact kind and every public view that a binary can make.
struct Declarations {
  std::vector<const FactKind*> kinds;   // without repeats, in name order
  std::vector<const View*> views;       // core views and those of the fact families, in name order
};
// Adds the core views and sorts.
Declarations declarations(std::vector<const FactKind*> kinds, std::vector<const View*> views);

// The views that rules may ask: all but those over the findings themselves.
std::vector<const View*> fact_views(const Declarations& all);

std::string table_name(const FactKind& kind);            // "_app_package"
// CREATE TABLE statements, fixed tables first, without a trailing semicolon. A case file whose stored
// statements differ was not written by this version.
std::vector<std::string> table_statements(const Declarations& all);
// CREATE TEMP VIEW statements.
std::string view_statement(const View& view);
std::vector<std::string> view_statements(const Declarations& all);

// Views over the fixed tables: input, artifact, problem, origin, coverage.
std::span<const View* const> core_views();

}  // namespace klik
