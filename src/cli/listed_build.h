// A build held against published digest lists: the same as others have, or something that only this phone has.
#pragma once

#include <cstdio>
#include <string>

#include "compare/digest_list.h"

namespace klik::cli {

// Writes the answer to `out` as text or JSON. Exit::matched when only this build has something.
int print_listed(std::FILE* out, const compare::ListComparison& found, const std::string& build_name, const std::string& format, bool dutch);

}  // namespace klik::cli
