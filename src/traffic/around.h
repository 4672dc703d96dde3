// What stands around a find in an encoding, decoded.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "traffic/identifier_forms.h"

namespace klik::traffic {

// The bytes before and after it, when there are any.
struct Around {
  bool same = false;               // what was found is `whole` to its last bit
  std::optional<char> before, after;
};

// Of [from, to) in the text, where `form` was found; nothing for a form that is no encoding. REQUIRES: from < to <= text.size().
std::optional<Around> around_encoded(const Form& form, std::string_view text, std::uint64_t from, std::uint64_t to);

}  // namespace klik::traffic
