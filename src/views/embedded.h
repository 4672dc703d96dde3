// Files that are part of the program: report pages, words, the shell of the HTML report. cmake/embed.cmake writes
// the definitions.
#pragma once

#include <span>
#include <string_view>

namespace klik::views {

struct EmbeddedFile {
  std::string_view name;   // without folder
  std::string_view text;
};

std::span<const EmbeddedFile> embedded_reports();   // reports/*.sql
std::span<const EmbeddedFile> embedded_words();     // reports/words.txt
std::span<const EmbeddedFile> embedded_shell();     // src/views/shell/*

}  // namespace klik::views
