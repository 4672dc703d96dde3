// The owner's identifiers on the command line: the file, and the key that stands between their values and the case.
#pragma once

#include <string>

#include "cli/command.h"
#include "engine/scan.h"

namespace klik::cli {

// Fills options.owner from --identifiers and --identifier-key; makes CASE.key, readable by its owner alone, when no key is there yet.
// REQUIRES: options.inputs is complete. False, with a complaint, when a file cannot be used: unreadable, with lines that are no
// identifier, or inside what is scanned.
bool read_owner_identifiers(const Arguments& arguments, const std::string& case_path, ScanOptions& options);

}  // namespace klik::cli
