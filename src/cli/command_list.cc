// klikspaan list formats|facts|rules|claims|powers
#include <algorithm>
#include <cstdio>

#include "cli/case_access.h"
#include "cli/command.h"
#include "containers/container.h"
#include "extract/extractor.h"

namespace klik::cli {
namespace {

constexpr std::string_view kWhats[] = {"formats", "facts", "rules", "claims", "powers"};
constexpr Positional kPositionals[] = {{"WHAT", "formats, facts, rules, claims or powers"}};
constexpr Flag kFlags[] = {{"--markdown", "", "As the text of the page in docs/"}};

std::string formats(bool markdown) {
  std::string out;
  if (markdown) out += "# Formats\n\nMade by `klikspaan list formats --markdown`.\n\n| name | what | limits | documented in |\n|---|---|---|---|\n";
  for (const Container* c : containers()) {
    const std::string limits = c->limits.empty() ? "none known" : std::string(c->limits);
    if (markdown) out += "| `" + std::string(c->name) + "` | " + std::string(c->title) + " | " + limits + " | " + std::string(c->spec) + " |\n";
    else out += std::string(c->name) + "  " + std::string(c->title) + "\n    limits: " + limits + "\n    source: " + std::string(c->spec) + "\n";
  }
  return out;
}

std::string facts(bool markdown) {
  const Declarations all = all_declarations();
  std::string out;
  if (markdown) out += "# The case file\n\nMade by `klikspaan list facts --markdown`. A case file is an SQLite database. These views are the contract; tables whose names start with `_` are not.\n";
  for (const View* v : all.views) {
    out += markdown ? "\n## " + std::string(v->name) + "\n\n" + std::string(v->doc) + "\n\n| column | meaning |\n|---|---|\n" : std::string(v->name) + "  " + std::string(v->doc) + "\n";
    for (const ViewColumn& c : v->columns) out += markdown ? "| `" + std::string(c.name) + "` | " + std::string(c.doc) + " |\n" : "    " + std::string(c.name) + ": " + std::string(c.doc) + "\n";
  }
  out += markdown ? "\n## Kinds of facts\n\n| kind | what | who |\n|---|---|---|\n" : "\nkinds of facts\n";
  const auto family = [&](const auto* e) {
    for (const FactKind* k : e->emits)
      out += markdown ? "| `" + std::string(k->name) + "` | " + std::string(k->doc) + " | `" + std::string(e->name) + "` |\n" : "    " + std::string(k->name) + " (" + std::string(e->name) + "): " + std::string(k->doc) + "\n";
  };
  for (const Extractor* e : extractors()) family(e);
  for (const ImageExtractor* e : image_extractors()) family(e);
  return out;
}

int run(const Arguments& arguments) {
  const std::string what = arguments.get("WHAT");
  std::string out;
  if (what == "formats") out = formats(arguments.has("--markdown"));
  else if (what == "facts") out = facts(arguments.has("--markdown"));
  else if (std::ranges::find(kWhats, what) != std::end(kWhats)) out = "this version holds no " + what + "\n";
  else {
    complain("list takes formats, facts, rules, claims or powers, not " + what);
    return Exit::usage;
  }
  std::fwrite(out.data(), 1, out.size(), stdout);
  return Exit::done;
}

}  // namespace

extern const Command command_list;
constexpr Command command_list{"list", "Say what this program reads and writes", "Straight from the registries.", kPositionals, kFlags, run};

}  // namespace klik::cli
