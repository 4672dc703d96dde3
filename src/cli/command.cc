#include "cli/command.h"

#include <CLI/CLI.hpp>

#include <cstdio>
#include <deque>

#include "cli/version.h"

namespace klik::cli {

#define KLIK_COMMAND(name) extern const Command command_##name;
#include "cli/commands.def"
#undef KLIK_COMMAND

std::span<const Command* const> commands() {
  static constexpr const Command* all[] = {
#define KLIK_COMMAND(name) &command_##name,
#include "cli/commands.def"
#undef KLIK_COMMAND
  };
  return all;
}

std::string Arguments::get(std::string_view name, std::string_view otherwise) const {
  const auto found = values.find(name);
  return found == values.end() || found->second.empty() ? std::string(otherwise) : found->second.back();
}

const std::vector<std::string>& Arguments::all(std::string_view name) const {
  static const std::vector<std::string> none;
  const auto found = values.find(name);
  return found == values.end() ? none : found->second;
}

namespace {

constexpr const char* kSummary = "klikspaan makes a phone tell on itself: facts about its software that anyone can check.";

std::string footer() {
  std::string out = "Exit codes:\n";
#define KLIK_EXIT(name, value, text) out += "  " #value "  " text "\n";
#include "cli/exit_codes.def"
#undef KLIK_EXIT
  return out;
}

}  // namespace

int run(int argc, char** argv) {
  CLI::App app{kSummary, "klikspaan"};
  app.require_subcommand(0, 1);
  app.set_version_flag("--version", std::string("klikspaan ") + kVersion);
  bool man = false, completion = false;
  app.add_flag("--man", man, "Print the man page and stop");
  app.add_flag("--completion", completion, "Print completions for bash and stop");
  app.footer(footer());

  struct Bound {
    const Command* command;
    CLI::App* app;
    std::map<std::string, std::vector<std::string>> texts;
    std::map<std::string, std::string> singles;
    std::map<std::string, bool> switches;
  };
  std::deque<Bound> bound;
  for (const Command* c : commands()) {
    Bound& b = bound.emplace_back(Bound{c, app.add_subcommand(std::string(c->name), std::string(c->summary)), {}, {}, {}});
    b.app->description(std::string(c->summary) + ".\n" + std::string(c->details));
    for (const Positional& p : c->positionals) {
      const std::string name(p.name), help(p.help);
      if (p.many) b.app->add_option(name, b.texts[name], help)->required();
      else b.app->add_option(name, b.singles[name], help)->required();
    }
    for (const Flag& f : c->flags) {
      // "-o,--output": known by its last name.
      const std::string key(f.name.substr(f.name.rfind(',') + 1));
      if (f.value.empty()) {
        b.app->add_flag(std::string(f.name), b.switches[key], std::string(f.help));
        continue;
      }
      auto* option = b.app->add_option(std::string(f.name), b.texts[key], std::string(f.help))->type_name(std::string(f.value));
      option->multi_option_policy(f.many ? CLI::MultiOptionPolicy::TakeAll : CLI::MultiOptionPolicy::Throw)->expected(1)->allow_extra_args(false);   // what follows is an input
      if (!f.choices.empty()) option->check(CLI::IsMember(std::vector<std::string>(f.choices.begin(), f.choices.end())));
    }
  }
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& e) {
    const int code = app.exit(e);
    return code == 0 ? Exit::done : Exit::usage;
  }
  if (man) {
    std::fputs(man_page().c_str(), stdout);
    return Exit::done;
  }
  if (completion) {
    std::fputs(bash_completion().c_str(), stdout);
    return Exit::done;
  }
  for (Bound& b : bound) {
    if (!b.app->parsed()) continue;
    Arguments arguments;
    for (auto& [name, values] : b.texts)
      if (!values.empty()) arguments.values[name] = values;
    for (const auto& [name, value] : b.singles) arguments.values[name] = {value};
    for (const auto& [name, on] : b.switches)
      if (on) arguments.values[name] = {};
    return b.command->run(arguments);
  }
  std::fputs(app.help().c_str(), stderr);
  return Exit::usage;
}

std::string man_page() {
  const auto plain = [](std::string_view s) {
    std::string out;
    for (const char c : s) out += c == '-' ? std::string("\\-") : c == '\\' ? std::string("\\e") : std::string(1, c);
    return out;
  };
  std::string out = ".TH KLIKSPAAN 1\n.SH NAME\nklikspaan \\- make a phone tell on itself\n.SH SYNOPSIS\n";
  for (const Command* c : commands()) {
    out += ".B klikspaan " + std::string(c->name);
    for (const Positional& p : c->positionals) out += " " + std::string(p.name) + (p.many ? "..." : "");
    out += " [options]\n.br\n";
  }
  out += ".SH COMMANDS\n";
  for (const Command* c : commands()) {
    out += ".SS " + std::string(c->name) + "\n" + plain(c->summary) + ". " + plain(c->details) + "\n";
    for (const Positional& p : c->positionals) out += ".TP\n.I " + std::string(p.name) + "\n" + plain(p.help) + "\n";
    for (const Flag& f : c->flags) out += ".TP\n.B " + plain(f.name) + (f.value.empty() ? "" : " " + std::string(f.value)) + "\n" + plain(f.help) + "\n";
  }
  out += ".SH EXIT STATUS\n";
#define KLIK_EXIT(name, value, text) out += ".TP\n" #value "\n" text "\n";
#include "cli/exit_codes.def"
#undef KLIK_EXIT
  return out;
}

std::string bash_completion() {
  std::string names, cases;
  for (const Command* c : commands()) {
    names += (names.empty() ? "" : " ") + std::string(c->name);
    std::string flags;
    for (const Flag& f : c->flags) flags += (flags.empty() ? "" : " ") + std::string(f.name.substr(f.name.rfind(',') + 1));
    cases += "    " + std::string(c->name) + ") flags='" + flags + "';;\n";
  }
  return "_klikspaan() {\n  local word=${COMP_WORDS[COMP_CWORD]} flags=\n  if [ \"$COMP_CWORD\" = 1 ]; then COMPREPLY=($(compgen -W '" + names +
         "' -- \"$word\")); return; fi\n  case ${COMP_WORDS[1]} in\n" + cases +
         "  esac\n  case $word in -*) COMPREPLY=($(compgen -W \"$flags\" -- \"$word\"));; *) COMPREPLY=($(compgen -f -- \"$word\"));; esac\n}\ncomplete -o filenames -F _klikspaan klikspaan\n";
}

}  // namespace klik::cli
