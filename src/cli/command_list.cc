// klikspaan list formats|facts|rules|changes|claims|powers
#include <algorithm>
#include <cstdio>

#include "cli/case_access.h"
#include "cli/command.h"
#include "compare/change_kind.h"
#include "compare/comparison.h"
#include "compare/gathered.h"
#include "containers/container.h"
#include "data/powers.h"
#include "extract/extractor.h"
#include "extract/traffic_inputs.h"
#include "ledger/rules.h"

namespace klik::cli {
namespace {

constexpr std::string_view kWhats[] = {"formats", "facts", "rules", "changes", "claims", "powers"};
constexpr Positional kPositionals[] = {{"WHAT", "formats, facts, rules, changes, claims or powers"}};
constexpr Flag kFlags[] = {{"--markdown", "", "As the text of the page in docs/"}};

// Captures are no containers: nothing lies inside them that could be listed.
std::string traffic_formats(bool markdown) {
  std::string out = markdown ? "\n## Captures of traffic, and what belongs to them\n\n| kind | what | limits | documented in |\n|---|---|---|---|\n" : "\ncaptures of traffic, and what belongs to them\n";
  for (const TrafficInput& f : traffic_inputs()) {
    if (markdown) out += "| `" + std::string(f.name) + "` | " + std::string(f.title) + " | " + std::string(f.limits) + " | " + std::string(f.spec) + " |\n";
    else out += std::string(f.name) + "  " + std::string(f.title) + "\n    limits: " + std::string(f.limits) + "\n    source: " + std::string(f.spec) + "\n";
  }
  std::string links;
  for (const LinkType& l : link_types()) links += (links.empty() ? "" : ", ") + std::string(l.name) + " (" + std::to_string(l.number) + ")";
  out += markdown ? "\nLink types that are read, by the numbers of tcpdump.org/linktypes.html: " + links + ".\n" : "link types that are read: " + links + "\n";
  return out;
}

std::string formats(bool markdown) {
  std::string out;
  if (markdown) out += "# Formats\n\nMade by `klikspaan list formats --markdown`.\n\n| name | what | limits | documented in |\n|---|---|---|---|\n";
  for (const Container* c : containers()) {
    const std::string limits = c->limits.empty() ? "none known" : std::string(c->limits);
    if (markdown) out += "| `" + std::string(c->name) + "` | " + std::string(c->title) + " | " + limits + " | " + std::string(c->spec) + " |\n";
    else out += std::string(c->name) + "  " + std::string(c->title) + "\n    limits: " + limits + "\n    source: " + std::string(c->spec) + "\n";
  }
  out += traffic_formats(markdown);
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

std::string rule_list(bool markdown) {
  std::string out;
  if (markdown)
    out += "# Rules\n\nMade by `klikspaan list rules --markdown`. A rule is one file in `rules/`: a question in SQL over the views of the case file, whose rows become findings. "
           "A finding says what is there and how much is shown of it, not what anybody meant by it. What plain AOSP has too is `info` and marked as such.\n\n"
           "Strength: *present* (it is there), *able* (right and code are there), *flows* (data goes that way in the code), *seen* (on the wire), *decoded* (what was on the wire is understood).\n";
  for (const std::string_view theme : kRuleThemes) {
    if (markdown) out += "\n## " + std::string(theme) + "\n";
    for (const Rule& r : rules()) {
      if (r.theme != theme) continue;
      std::string needs;
      for (const std::string& view : r.needs) needs += (needs.empty() ? "" : ", ") + (markdown ? "`" + view + "`" : view);
      if (markdown)
        out += "\n### `" + r.id + "`\n\n**" + r.title.en + "** (" + r.severity + ", " + r.strength + ")\n\n" + r.explain.en + "\n\n*" + r.title.nl + "* — " + r.explain.nl + "\n\n* Looks at: " + needs + "\n* Limits: " +
               (r.limits.empty() ? "none known" : r.limits) + "\n* Reference: <" + r.reference + ">\n";
      else
        out += r.id + "  " + r.title.en + "\n    " + r.severity + ", " + r.strength + "; looks at " + needs + "\n    " + r.explain.en + "\n    limits: " + (r.limits.empty() ? "none known" : r.limits) + "\n    " + r.reference + "\n";
    }
  }
  return out;
}

std::string joined(const std::vector<std::string_view>& lines) {
  std::string out;
  for (const std::string_view line : lines) out += (out.empty() ? "" : " ") + std::string(line);
  return out;
}

std::string power_list(bool markdown) {
  std::string out;
  if (markdown) out += "# Powers\n\nMade by `klikspaan list powers --markdown`. What somebody on the phone may be able to do to its owner: the files of `data/powers`.\n\n| power | what | rights, any of |\n|---|---|---|\n";
  for (const data::Power& p : data::powers()) {
    std::string rights;
    for (const std::string_view r : p.rights) rights += (rights.empty() ? "" : ", ") + std::string(r);
    if (rights.empty()) rights = p.none_until ? "none is needed" : "–";
    if (markdown) out += "| `" + std::string(p.id) + "` | " + std::string(p.title_en) + ". " + joined(p.explain_en) + " *" + std::string(p.title_nl) + "* | " + rights + " |\n";
    else out += std::string(p.id) + "  " + std::string(p.title_en) + "\n    " + joined(p.explain_en) + "\n    rights: " + rights + "\n";
  }
  return out;
}

std::string change_list(bool markdown) {
  std::string out;
  if (markdown)
    out += "# Changes\n\nMade by `klikspaan list changes --markdown`. `klikspaan diff OLD NEW` copies the views of both cases into one database in memory, as `old_VIEW` and `new_VIEW`, and asks the files of `changes/`. "
           "Severity and effect are those of most rows; a row may say otherwise.\n\n| kind | what | severity | others can | cannot see |\n|---|---|---|---|---|\n";
  for (const std::string_view theme : kRuleThemes)
    for (const compare::ChangeKind& k : compare::change_kinds()) {
      if (k.theme != theme) continue;
      const std::string limits = k.limits.empty() ? "–" : k.limits;
      if (markdown) out += "| `" + k.id + "` | " + k.title.en + ". *" + k.title.nl + "* | " + k.severity + " | " + k.effect + " | " + limits + " |\n";
      else out += k.id + "  " + k.title.en + "\n    " + k.severity + ", others can: " + k.effect + "\n    limits: " + limits + "\n";
    }
  if (!markdown) return out;
  out += "\nTables of a comparison, beside `old_VIEW` and `new_VIEW`:\n";
  const auto table = [&](std::string_view name, std::string_view doc, std::span<const ViewColumn> columns) {
    out += "\n## " + std::string(name) + "\n\n" + std::string(doc) + "\n\n| column | meaning |\n|---|---|\n";
    for (const ViewColumn& c : columns) out += "| `" + std::string(c.name) + "` | " + std::string(c.doc) + " |\n";
  };
  out += "\n| gathered as `old_NAME` and `new_NAME` | what |\n|---|---|\n";
  for (const compare::Gathered& g : compare::gathered()) out += "| `" + g.id + "` | " + g.says + " |\n";
  for (const View& v : compare::comparison_tables()) table(v.name, v.doc, v.columns);
  for (const compare::Comparer* comparer : compare::comparers())
    for (const compare::ComparedTable& t : comparer->tables) table(t.name, t.doc, t.columns);
  return out;
}

int run(const Arguments& arguments) {
  const std::string what = arguments.get("WHAT");
  std::string out;
  if (what == "formats") out = formats(arguments.has("--markdown"));
  else if (what == "facts") out = facts(arguments.has("--markdown"));
  else if (what == "rules") out = rule_list(arguments.has("--markdown"));
  else if (what == "changes") out = change_list(arguments.has("--markdown"));
  else if (what == "powers") out = power_list(arguments.has("--markdown"));
  else if (std::ranges::find(kWhats, what) != std::end(kWhats)) out = "this version holds no " + what + "\n";
  else {
    complain("list takes formats, facts, rules, changes, claims or powers, not " + what);
    return Exit::usage;
  }
  std::fwrite(out.data(), 1, out.size(), stdout);
  return Exit::done;
}

}  // namespace

extern const Command command_list;
constexpr Command command_list{"list", "Say what this program reads and writes", "Straight from the registries.", kPositionals, kFlags, run};

}  // namespace klik::cli
