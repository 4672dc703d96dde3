// One app of an image with what its powers depend on: place, rights, doors, code. Gathered from the rows of a build.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "extract/extractor.h"

namespace klik {

// How far from outside an entry can be started. The order is that of interest.
enum class Door : std::uint8_t {
  open,        // exported, and nothing that not everybody can have is asked of the caller
  guarded,     // exported, and the caller must hold a right that not everybody can have
  background,  // started by the system, or by the app itself
};

struct AppEntry {
  std::string kind, class_name;    // class_name as in the manifest: com.example.A
  Door door;
  std::string guard;               // the permission asked for; "" for none
  std::string actions;
  FactId id;
};

struct AppGrant {
  std::string effective, why;
  FactId id;
};

struct AppCallSite {
  std::string power, class_name, method, descriptor, callee, argument;
  std::int64_t at;
  bool nested;                     // in code that is loaded at run time, from inside the app
  FactId id;
};

struct AppGraph {
  std::string path;                // of the DEX
  std::string packed;              // still compressed
  bool nested;
};

struct AppCode {
  std::string path, name, uid;     // of the APK; package; shared user
  FactId actor{}, manifest{};
  std::optional<bool> cleartext;
  std::int64_t target_sdk = 1;
  std::string application;         // its Application class; "" for none of its own
  std::vector<AppEntry> entries;   // enabled ones, by door, kind and class
  std::vector<std::string> service_guards;   // permissions that its services ask of who binds them
  std::map<std::string, AppGrant> grants;    // by permission
  std::vector<AppCallSite> sites;
  std::vector<AppGraph> graphs;    // those that run: of several copies of the code one
};

// In path order. REQUIRES: actors and rights have run.
std::vector<AppCode> apps_of(const BuildRows& rows);

// The packed graphs of the boot class path's code, in path order.
std::vector<AppGraph> platform_graphs(const BuildRows& rows);

}  // namespace klik
