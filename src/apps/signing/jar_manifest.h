// MANIFEST.MF and .SF files: sections of attributes, with the bytes that digests of a section cover.
// Source: "JAR File Specification", Name-Value pairs and Sections, read as leniently as the phone does.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"

namespace klik::apk {

struct JarSection {
  struct Attribute {
    std::string name, value;
  };
  std::uint64_t at = 0, length = 0;   // from its first line to behind the empty line that ends it
  std::vector<Attribute> attributes;

  // The first attribute of that name, whatever its case; null when there is none.
  const std::string* value(std::string_view name) const;
  // Of an individual section: the first attribute, when it is "Name"; else null.
  const std::string* entry_name() const;
};

struct JarManifest {
  JarSection main;                    // empty when the file is
  std::vector<JarSection> sections;
};

JarManifest parse_jar_manifest(Bytes bytes);

// ASCII only, as header names are.
bool equal_ignoring_case(std::string_view a, std::string_view b);

}  // namespace klik::apk
