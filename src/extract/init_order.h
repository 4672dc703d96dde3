// Which scripts init reads on this phone, and in which order.
// Source: AOSP system/core init/init.cpp LoadBootScripts, parser.cpp, import_parser.cpp; apexd for modules.
#pragma once

#include <string>
#include <vector>

#include "extract/effective_props.h"
#include "extract/phone_files.h"

namespace klik {

struct ReadScript {
  std::string path;              // of the artifact
  std::string why;               // "first script", "imported by …", "in /vendor/etc/init", "assumed: …"
};

struct MissingImport {
  std::string name, by;          // as written; the artifact that imports it
  FactId id;
};

struct InitOrder {
  std::vector<ReadScript> scripts;        // in the order of reading
  std::vector<MissingImport> missing;     // imports that name no file of the build
};

// REQUIRES: the extractor `init` has run.
InitOrder init_order(const BuildRows& rows, const PhoneFiles& files, const EffectiveProps& props);

}  // namespace klik
