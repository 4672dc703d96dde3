// What views carry with them: report pages, words, the shell of the HTML report.
#pragma once

#include <span>

#include "base/embedded.h"

namespace klik {

std::span<const EmbeddedFile> embedded_reports();   // reports/*.sql
std::span<const EmbeddedFile> embedded_diff_reports();   // reports/diff/*.sql
std::span<const EmbeddedFile> embedded_words();     // reports/words.txt
std::span<const EmbeddedFile> embedded_phrases();   // reports/phrases/*.txt
std::span<const EmbeddedFile> embedded_shell();     // src/views/shell/*

}  // namespace klik
