// Which format bytes are of that do not say it, or not truly, and what they look like before anybody reads them.
#pragma once

#include <string_view>

#include "base/bytes.h"
#include "traffic/outline.h"

namespace klik::traffic {

bool looks_binary(Bytes bytes);               // control characters that no text has, near the start
bool looks_text(Bytes bytes);
bool looks_structured(std::string_view text); // worth while to look for structure within a value
bool looks_marked(std::string_view text);     // of a format that says what it is
bool is_marked(const Outline& outline);       // the same; others may be a chance
bool is_media(Bytes bytes);                   // by its mark, a picture, sound, film or typeface: what is compressed within is that
// What may be compressed without saying so: brotli keeps short texts nearly as they are, with a few bytes around them.
bool may_be_packed(Bytes bytes);

// Its values, by the first format that fits. `type`: the declared Content-Type, "" when there is none. Values shorter than `shortest`
// are left out. Errors: bad_magic and the like, when no format fits.
Result<Outline> structure_of(Bytes bytes, std::string_view type, std::uint32_t shortest);

}  // namespace klik::traffic
