// Reading fact rows of other families by name, so that families do not include each other.
#pragma once

#include <algorithm>
#include <span>
#include <string>
#include <string_view>

#include "extract/extractor.h"

namespace klik {

// The kind that some extractor declares under this name, or null.
const FactKind* find_kind(std::string_view name);

// A column of a row of values as its kind declares them: a text, "" when null; a number. REQUIRES: the kind has the column.
inline std::string_view text_of(const FactKind& kind, std::span<const Value> values, std::string_view column) {
  const auto at = static_cast<std::size_t>(std::ranges::find(kind.columns, column, &Column::name) - kind.columns.begin());
  if (at >= values.size()) return {};
  const auto* text = std::get_if<std::string>(&values[at]);
  return text ? std::string_view(*text) : std::string_view();
}

inline std::optional<std::int64_t> number_of(const FactKind& kind, std::span<const Value> values, std::string_view column) {
  const auto at = static_cast<std::size_t>(std::ranges::find(kind.columns, column, &Column::name) - kind.columns.begin());
  if (at >= values.size()) return std::nullopt;
  const auto* number = std::get_if<std::int64_t>(&values[at]);
  return number ? std::optional(*number) : std::nullopt;
}

inline std::string_view text_of(const FactKind& kind, const FactRow& row, std::string_view column) { return text_of(kind, row.values, column); }
inline std::optional<std::int64_t> number_of(const FactKind& kind, const FactRow& row, std::string_view column) { return number_of(kind, row.values, column); }

}  // namespace klik
