// A report for coordinated disclosure, in Markdown: what, where, in which build, by which entry, on which evidence, and
// what was not analysed. It holds nothing that would set anything off.
#pragma once

#include <string>

#include "ledger/case_reader.h"
#include "views/words.h"

namespace klik::views {

struct Exported {
  std::string text;
  std::string error;   // "" when it was made
};

struct DisclosureOptions {
  std::string package;               // "": everything of severity medium and higher
  Language language = Language::en;
  std::string version;               // of klikspaan
};

Exported disclosure(CaseReader& reader, const DisclosureOptions& options);

}  // namespace klik::views
