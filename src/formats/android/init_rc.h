// The language of init: services with their options, actions with their commands, imports. Every item with its place.
// Source: AOSP system/core init/README.md, tokenizer.cpp, parser.cpp, service_parser.cpp.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"

namespace klik::init_rc {

struct Range {
  std::uint64_t at = 0, length = 0;
};

// A line as init takes it: continued lines are one, quotes and escapes are resolved, comments are gone.
// ${prop} stays as written: its value is known on the phone only.
struct Line {
  std::vector<std::string> words;   // never empty
  Range range;                      // from the first word's first byte to the last one's last
};

struct Socket {
  std::string name, type, mode, user, group, seclabel;   // "" when not stated
  Range range;
};

struct Service {
  std::string name, executable;
  std::vector<std::string> arguments;
  std::optional<std::string> user, seclabel;   // not stated: root, and the policy's transition
  std::vector<std::string> groups, capabilities, classes;
  bool stated_capabilities = false;            // an empty list takes all of them away
  bool disabled = false, oneshot = false, critical = false, console = false, overrides = false, updatable = false;
  std::vector<Socket> sockets;
  std::vector<Line> on_restart;                // commands
  std::vector<Line> other;                     // options that none of the fields holds
  Range range;                                 // with all its options
};

struct Action {
  std::string trigger;                         // "boot", "property:a=b", joined as written: "boot && property:a=b"
  std::vector<Line> commands;
  Range range;                                 // of its first line
};

struct Import {
  std::string path;
  Range range;
};

struct Oddity {
  Error error;
  std::string detail;
};

struct File {
  std::vector<Service> services;
  std::vector<Action> actions;
  std::vector<Import> imports;
  std::vector<Oddity> oddities;                // lines that init refuses, and those it takes otherwise than written
};

// Lines of the whole text, for files of relatives of init too (ueventd).
// Errors: over_budget (more than `most` lines).
Result<std::vector<Line>> lines_of(Bytes text, std::size_t most);

// Errors: over_budget.
Result<File> parse(Bytes text);

// Of a trigger's conditions, those on properties: "a=b". "*" stands for any value.
std::vector<std::string> properties_of(std::string_view trigger);

}  // namespace klik::init_rc
