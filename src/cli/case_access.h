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

// The text of the user's key file; "" for no file. False, with a complaint, when it cannot be read.
bool read_keys(const std::string& path, std::string& keys);

// A line on standard error: "klikspaan: …".
void complain(const std::string& message);

}  // namespace klik::cli
