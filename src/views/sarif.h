// Findings as SARIF 2.1.0 (OASIS), for tools that gather findings of many programs.
#pragma once

#include <string>

#include "views/disclosure.h"

namespace klik::views {

Exported sarif(CaseReader& reader, const std::string& version);

}  // namespace klik::views
