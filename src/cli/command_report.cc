// klikspaan report CASE [-o FILE] [--format html|json|text] [--lang en|nl]
#include <cstdio>

#include "cli/case_access.h"
#include "cli/command.h"
#include "cli/fail_on.h"
#include "cli/version.h"
#include "views/report.h"

namespace klik::cli {
namespace {

constexpr Positional kPositionals[] = {{"CASE", "A case file"}};
constexpr std::string_view kFormats[] = {"html", "json", "text"};
constexpr std::string_view kLanguages[] = {"en", "nl"};
constexpr Flag kFlags[] = {
    {"-o,--output", "FILE", "Where to write; default: the case's name with .html, .json or .txt; - is standard output"},
    {"--format", "FORMAT", "html (one file that needs no network), json or text; by default what the name of FILE says, else html", false, kFormats},
    {"--lang", "LANG", "en or nl; an HTML report holds both and opens in this one", false, kLanguages},
    {"--show-private", "", "Show what may tell who somebody is: names of devices, paths of web addresses. Hidden otherwise"},
    {"--fail-on", "SEVERITY|RULE", "Exit with 1 when a finding is of this severity or higher, or of this rule; may be given several times", true},
};

std::string default_output(const std::string& path, std::string_view format) {
  std::string stem = path;
  if (stem.ends_with(".case")) stem.resize(stem.size() - 5);
  return stem + (format == "text" ? ".txt" : "." + std::string(format));
}

int run(const Arguments& arguments) {
  const std::string path = arguments.get("CASE"), format = arguments.get("--format", format_of_file(arguments.get("--output"), "html"));
  if (!valid_fail_on(arguments.all("--fail-on"))) return Exit::usage;
  CaseReader reader(path, all_declarations());
  if (!opened(reader)) return Exit::usage;
  const std::string output = arguments.get("--output", format == "text" ? "-" : default_output(path, format));
  std::FILE* file = output == "-" ? stdout : std::fopen(output.c_str(), "wb");
  if (!file) {
    complain("cannot write " + output);
    return Exit::usage;
  }
  const views::ReportOptions options{.format = *views::report_format_named(format), .language = arguments.get("--lang", "en") == "nl" ? views::Language::nl : views::Language::en, .case_path = path, .version = kVersion, .show_private = arguments.has("--show-private")};
  bool written = true;
  const views::Rendered rendered = views::render(reader, options, [&](std::string_view text) { written = std::fwrite(text.data(), 1, text.size(), file) == text.size() && written; });
  written = (file == stdout ? std::fflush(file) : std::fclose(file)) == 0 && written;
  for (const std::string& problem : rendered.problems) complain(problem);
  if (!written) {
    complain("cannot write " + output + "; is the disk full?");
    return Exit::usage;
  }
  if (output != "-") std::printf("%s\n", output.c_str());
  if (!rendered.problems.empty()) return Exit::usage;
  return arguments.has("--fail-on") && matches_fail_on(reader, arguments.all("--fail-on"), false) ? Exit::matched : Exit::done;
}

}  // namespace

extern const Command command_report;
constexpr Command command_report{"report", "Write what a case says for people to read", "What was looked at and what could not be, who signed what, packages, permissions, components, and every problem. Each row leads to its evidence.",
                                 kPositionals, kFlags, run};

}  // namespace klik::cli
