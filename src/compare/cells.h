// Cells of the rows that comparers get from a case and give to a comparison.
#pragma once

#include <string>
#include <utility>

#include "ledger/queryable.h"

namespace klik::compare {

// What a cell holds; "" and 0 when it is null or of the other type.
inline const std::string& text_in(const Value& value) {
  static const std::string none;
  const auto* text = std::get_if<std::string>(&value);
  return text ? *text : none;
}
inline std::int64_t number_in(const Value& value) {
  const auto* number = std::get_if<std::int64_t>(&value);
  return number ? *number : 0;
}
// A text as a cell: null when it is empty.
inline Value or_null(std::string text) { return text.empty() ? Value() : Value(std::move(text)); }

}  // namespace klik::compare
