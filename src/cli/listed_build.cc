#include "cli/listed_build.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "cli/command.h"

namespace klik::cli {
namespace {

using compare::Listed;

std::string_view words(Listed answer, bool dutch) {
  switch (answer) {
    case Listed::same_as_others: return dutch ? "zoals anderen het hebben" : "same as others have";
    case Listed::only_you: return dutch ? "alleen jij hebt dit" : "only you have this";
    case Listed::not_listed: return dutch ? "staat in geen lijst" : "in no list";
    case Listed::only_others: break;
  }
  return dutch ? "anderen hebben het; hier niet, of niet gelezen" : "others have it; not here, or not read";
}

void print_json(std::FILE* out, const compare::ListComparison& found, const std::string& name) {
  fmt::print(out, "{{\"build\":{},\"fingerprint\":{},\"lists\":{},\"other_lists\":{},\"files_same\":{},\"answers\":[", text::json_string(name), text::json_string(found.fingerprint), found.lists, found.other_lists, found.files_same);
  for (bool first = true; const compare::ListedAnswer& a : found.answers) {
    fmt::print(out, "{}{{\"what\":\"{}\",\"name\":{},\"digest\":{},\"answer\":\"{}\",\"lists_same\":{},\"lists_other\":{}}}", first ? "\n" : ",\n", a.partition ? "partition" : "file", text::json_string(a.name),
               a.digest.empty() ? "null" : text::json_string(a.digest), compare::listed_name(a.answer), a.lists_same, a.lists_other);
    first = false;
  }
  fmt::print(out, "]}}\n");
}

}  // namespace

int print_listed(std::FILE* out, const compare::ListComparison& found, const std::string& name, const std::string& format, bool dutch) {
  const bool alone = std::ranges::any_of(found.answers, [](const compare::ListedAnswer& a) { return a.answer == Listed::only_you; });
  if (format == "json") {
    print_json(out, found, name);
    return alone ? Exit::matched : Exit::done;
  }
  if (found.lists == 0) {
    fmt::print(out, "{}", dutch ? "Geen lijst gaat over deze build; er is niets om mee te vergelijken.\n" : "No list is about this build: there is nothing to compare with.\n");
    return Exit::done;
  }
  fmt::print(out, "{} ({}): {} {}\n", text::escaped(name), text::escaped(found.fingerprint), found.lists, dutch ? (found.lists == 1 ? "lijst" : "lijsten") : (found.lists == 1 ? "list" : "lists"));
  std::size_t shown = 0;
  for (const compare::ListedAnswer& a : found.answers) {
    if (!a.partition && a.answer != Listed::only_you && ++shown > 50) continue;
    fmt::print(out, "  {:<10} {:<48} {}{}\n", a.partition ? (dutch ? "partitie" : "partition") : (dutch ? "bestand" : "file"), text::escaped(a.name), words(a.answer, dutch),
               a.lists_same ? fmt::format(" ({} {})", a.lists_same, dutch ? "lijsten" : "lists") : "");
  }
  if (shown > 50) fmt::print(out, "  {} {}\n", shown - 50, dutch ? "meer; --format json noemt ze alle" : "more; --format json names them all");
  fmt::print(out, "{}\n", dutch ? fmt::format("{} bestanden zijn zoals anderen ze hebben.", found.files_same) : fmt::format("{} files are as others have them.", found.files_same));
  if (alone)
    fmt::print(out, "{}", dutch ? "Deze telefoon heeft iets wat anderen met dezelfde build niet hebben. Waarom is hiermee niet gezegd: klikspaan diff met de zaak van een ander toont wat.\n"
                           : "This phone has something that others with the same build have not. Why is not said by this: klikspaan diff with the case of another shows what.\n");
  return alone ? Exit::matched : Exit::done;
}

}  // namespace klik::cli
