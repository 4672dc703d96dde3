// Latin letters with marks as one character or as letter and mark: a name typed on a phone may be sent either way.
// Source: Unicode 15, canonical decompositions of U+00C0 to U+017F (UAX 15).
#pragma once

#include <string>
#include <string_view>

namespace klik::traffic {

// UTF-8. Characters beyond the table stay as they are.
std::string decomposed(std::string_view text);
std::string composed(std::string_view text);

}  // namespace klik::traffic
