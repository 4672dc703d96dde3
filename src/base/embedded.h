// A file that is part of the program: report pages, rules, tables of data/. cmake/embed.cmake writes the definitions of
// embedded_NAME(), declared by the module that they are embedded in.
#pragma once

#include <string_view>

namespace klik {

struct EmbeddedFile {
  std::string_view name;   // without folder
  std::string_view text;
};

}  // namespace klik
