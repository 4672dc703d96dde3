// A result table as text for people, CSV or JSON.
#pragma once

#include <string>
#include <string_view>

#include "ledger/case_reader.h"

namespace klik::cli {

std::string as_text(const Table& table);   // aligned, escaped for a terminal
std::string as_csv(const Table& table);    // RFC 4180, escaped likewise
std::string as_json(const Table& table);   // an array of objects

}  // namespace klik::cli
