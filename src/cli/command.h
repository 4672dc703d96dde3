// The command line as one table: parsing, --help, the man page and completions are made from it.
#pragma once

#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace klik::cli {

// A contract (DESIGN.md).
enum Exit : int {
#define KLIK_EXIT(name, value, text) name = value,
#include "cli/exit_codes.def"
#undef KLIK_EXIT
};

struct Flag {
  std::string_view name;      // "--threads"
  std::string_view value;     // what stands for its value in help, "" for a switch
  std::string_view help;
  bool many = false;          // may be given more than once
  std::span<const std::string_view> choices{};
};

struct Arguments {
  std::map<std::string, std::vector<std::string>, std::less<>> values;   // by flag name or positional name

  bool has(std::string_view name) const { return values.contains(name); }
  // The last value, or `otherwise`.
  std::string get(std::string_view name, std::string_view otherwise = "") const;
  const std::vector<std::string>& all(std::string_view name) const;
};

struct Positional {
  std::string_view name;      // "INPUT"
  std::string_view help;
  bool many = false;
};

struct Command {
  std::string_view name;
  std::string_view summary;   // one line
  std::string_view details;   // a paragraph for --help and the man page
  std::span<const Positional> positionals;
  std::span<const Flag> flags;
  int (*run)(const Arguments& arguments);
};

// In the order of commands.def.
std::span<const Command* const> commands();

// Parses and runs. Usage errors go to standard error and give Exit::usage.
int run(int argc, char** argv);

// For packagers: the man page in troff, and completions for bash, from the same table.
std::string man_page();
std::string bash_completion();

}  // namespace klik::cli
