// Which code of a build belongs together: all DEX files of an app, or of a library of the platform, whatever they are
// split over.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "compare/comparer.h"

namespace klik::compare {

struct CodeFile {
  std::string path;            // of the DEX in the case
  std::int64_t blob = 0, n = 0; // n: -1 when it was not read
  std::string digest;          // of the file's bytes, in hex; empty when not even they are known
  std::int64_t classes = 0, methods = 0, units = 0;
  std::string fact;            // of code.dex, in hex
};

struct CodeOfApp {
  std::string place;           // where it lies on the phone, without ending
  std::vector<CodeFile> files; // of several copies of the code one
};

// By the app's package name, or the place of a library; where two packages have one name, with the place behind it.
std::map<std::string, CodeOfApp> code_of_build(const Side& side);

}  // namespace klik::compare
