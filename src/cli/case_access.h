// What several commands do with a case file.
#pragma once

#include <string>

#include "ledger/case_reader.h"
#include "ledger/schema.h"

namespace klik::cli {

// Everything this binary can write and show.
Declarations all_declarations();

// Opens a case file; on failure says why on standard error and returns false.
bool opened(const CaseReader& reader);

// A line on standard error: "klikspaan: …".
void complain(const std::string& message);

}  // namespace klik::cli
