// --fail-on SEVERITY|RULE: an exit code for scripts when a finding matched.
#pragma once

#include <string>
#include <vector>

#include "ledger/case_reader.h"

namespace klik::cli {

// What may be given; says on standard error what is wrong and returns false for anything else.
bool valid_fail_on(const std::vector<std::string>& wanted);
// Whether the case holds a finding of one of these rules, or of one of these severities or higher. What plain AOSP
// has too is info, so it matches nothing above. Prints one line per match to standard output when `say`.
bool matches_fail_on(CaseReader& reader, const std::vector<std::string>& wanted, bool say);

}  // namespace klik::cli
