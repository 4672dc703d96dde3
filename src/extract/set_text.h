// A text that may be empty: then the column is left out.
#pragma once

#include <string_view>

#include "facts/fact.h"

namespace klik {

inline void set_text(Row& row, std::string_view column, std::string_view text) {
  if (!text.empty()) row.set(column, text);
}

}  // namespace klik
