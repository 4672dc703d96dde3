// The rows of one build as the rules of rights need them: packages, what they ask for, what is defined, what the image says.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "extract/rights_rules.h"
#include "facts/build_rows.h"

namespace klik::rights {

struct Request {
  std::string permission;
  std::vector<FactId> because;          // the line of the manifest; of an implied one, what it follows from
  bool stated = true;                   // in the manifest
  std::string not_asked;                // why this version does not see the request, or ""
};

// A permission that two packages declare: the first one's word counts.
struct Conflict {
  std::string permission, first, second;
};

struct Model {
  Image image;
  std::vector<Package> packages;        // in path order
  std::vector<std::vector<Request>> requests;   // of each package
  std::map<std::string, Definition> definitions;
  std::vector<Conflict> conflicts;
  std::vector<std::string> contradictions;      // packages whose signer bars them from their shared user
};

Model read_model(const BuildRows& rows);

}  // namespace klik::rights
