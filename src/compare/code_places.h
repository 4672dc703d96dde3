// Which code of a build belongs together: all DEX files of an app, or of a library of the platform, whatever they are
// split over.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "compare/comparer.h"

namespace klik::compare {

// In the order in which a phone takes classes from them.
enum class CodeRole : std::uint8_t { own, compiled, inside };   // classes*.dex of the archive itself; beside it; elsewhere in it

struct CodeFile {
  std::string path;            // of the DEX in the case
  CodeRole role;
  std::int64_t blob = 0, n = 0; // n: -1 when it was not read
  std::string digest;          // of the file's bytes, in hex; empty when not even they are known
  std::int64_t classes = 0, methods = 0, units = 0;
  std::string fact;            // of code.dex, in hex
};

struct CodeOfApp {
  std::string place;           // where it lies on the phone, without ending
  std::vector<CodeFile> files; // of several copies of the code one
};

// What may hold code, whether or not code was found in it.
struct CodeHolder {
  std::string app, place;      // as the keys of `apps`, and CodeOfApp::place
  std::string digest;          // of the archive
  bool says_so;                // it declares code of its own
};

struct CodeOfBuild {
  // By the app's package name, or the place of a library; where two packages have one name, with the place behind it.
  std::map<std::string, CodeOfApp> apps;
  std::vector<CodeHolder> holders;
};

CodeOfBuild code_of_build(const Side& side);

}  // namespace klik::compare
