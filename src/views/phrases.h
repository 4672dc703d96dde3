// Dutch for the sentences that klikspaan itself writes into a case. Sets of phrases: reports/phrases/SET.txt, or SET.PART.txt
// where a set is long, with one "English | Dutch" per line; and the set "change" of reports/words.txt.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/embedded.h"
#include "compare/phrases.h"

namespace klik::views {

struct ParsedPhrases {
  std::vector<std::pair<std::string, std::string>> phrases;   // English, Dutch; as many {} in both
  std::vector<std::string> errors;                            // "right.txt, line 3: …"; such a line is left out
};

// What a file's name says before its first dot is its set. A sentence stands once in a set, whatever the file.
ParsedPhrases parse_phrases(std::string_view set, std::span<const EmbeddedFile> files);

// Null when there is no such set.
const compare::Phrases* phrases_named(std::string_view set);

}  // namespace klik::views
