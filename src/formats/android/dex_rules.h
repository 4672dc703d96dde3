// Rules of DEX that the phone checks when it loads a file from outside the system, and that reading does not depend on: order
// and repetition in the tables, spelling of strings, order of classes. Files that break one are still read, and said to.
// Source: AOSP art/libdexfile/dex/dex_file_verifier.cc.
#pragma once

#include <optional>

#include "formats/android/dex.h"

namespace klik::dex {

// The first broken rule with its place, or nothing. Costs about as much as opening the file.
std::optional<Error> first_broken_rule(const DexFile& dex);

// Modified UTF-8 as the phone accepts it; a NUL is spelled in two bytes, characters beyond 16 bits as two halves.
bool is_modified_utf8(std::string_view text, std::uint32_t& utf16_units);
// As the tables are ordered: by UTF-16 code units.
bool comes_before(std::string_view a, std::string_view b);

}  // namespace klik::dex
