// A kind of change is one file, changes/NAME.sql: what it asks in SQL comments, then one SELECT over both builds whose
// rows become changes. Adding a kind is adding a file and its fixture. Format: ledger/sql_file.h (docs: changes/README.md).
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/embedded.h"
#include "ledger/sql_file.h"

namespace klik::compare {

// Whom a change gives more: what ranks first is what gives somebody outside more power over the owner.
//   more: others can do more than before. less: others can do less; a fix is a fact too. other: neither is known.
inline constexpr std::string_view kEffects[] = {"more", "other", "less"};

struct ChangeKind {
  std::string id;          // the file's name
  std::string theme;       // a word of kRuleThemes
  std::string effect;      // a word of kEffects, unless a row says otherwise
  std::string severity;    // a word of kSeverityWords, unless a row says otherwise
  RuleText title;          // the kind in general
  RuleText says;           // of one change, with {column}; empty: the title
  RuleText why;            // the reason for its rank, with {column}
  std::string limits;      // what it cannot see
  bool needs_whole = false;   // follows from the build as a whole, not from one file: `needs: whole`
  std::vector<std::string> words;   // columns whose values klikspaan writes itself: in Dutch they pass through Phrases
  std::string sql;
};

struct ParsedChangeKind {
  ChangeKind kind;
  std::vector<std::string> errors;   // "name.sql: …"; empty when the kind can be used
};
ParsedChangeKind parse_change_kind(std::string_view file_name, std::string_view text);

std::span<const EmbeddedFile> change_files();

// The kinds that are part of the program, by id. Those with errors are left out: a test sees to it that there are none.
const std::vector<ChangeKind>& change_kinds();

}  // namespace klik::compare
