// Public views turned into indexed tables in `temp`, for work that reads them many times: rules join views with views, and
// a view over a join of raw tables has no index.
#pragma once

#include <span>
#include <string_view>
#include <unordered_set>

#include "facts/view.h"
#include "ledger/sqlite.h"

namespace klik {

// Replaces each view that one of the queries names, but those that are searched, by a table of the same name and rows, with those of its columns that
// the same query names: working out the others can cost more than all that is asked. REQUIRES: no `*` for columns.
// A view that reads other views is made over their tables, so it stands behind them in `views`.
// Views that are not there are left alone. False when the database could not do it; those replaced so far stay tables.
bool tabulate_views(sqlite3* db, std::span<const View* const> views, std::span<const std::string_view> queries);
// Puts the views back, for work that may ask for every column. Same arguments.
bool restore_views(sqlite3* db, std::span<const View* const> views, std::span<const std::string_view> queries);

// All runs of letters, digits and '_'; they point into `text`.
std::unordered_set<std::string_view> words_of(std::string_view text);

// Whether `text` holds `word` with no letter, digit or '_' beside it.
bool holds_word(std::string_view text, std::string_view word);

// Indexes on what joins go by. `schema`: "temp" or "main". False when the database could not do it.
bool index_joins(sqlite3* db, std::string_view schema, std::string_view table, std::span<const ViewColumn> columns);

}  // namespace klik
