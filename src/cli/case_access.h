// What several commands do with a case file and with their arguments.
#pragma once

#include <string>

#include "cli/command.h"
#include "ledger/case_reader.h"
#include "ledger/schema.h"

namespace klik::cli {

// Everything this binary can write and show.
Declarations all_declarations();

// Opens a case file; on failure says why on standard error and returns false.
bool opened(const CaseReader& reader);

// The text of the user's key file; "" for no file. False, with a complaint, when it cannot be read or holds no key for a package: a
// log of TLS secrets is none, though it is called one.
bool read_keys(const std::string& path, std::string& keys);

bool read_number(const std::string& text, unsigned& out);
// --threads, 0 when it is not given. False, with a complaint, for what is no number of threads.
bool read_threads(const Arguments& arguments, unsigned& threads);

// The format of a report that a file's name asks for (html, json, text), else `otherwise`.
std::string format_of_file(std::string_view name, std::string_view otherwise);

// A line on standard error: "klikspaan: …".
void complain(const std::string& message);

}  // namespace klik::cli
