// klikspaan export CASE --disclosure | --format csv|sarif [-o FILE] [--package NAME] [--lang en|nl]
#include <cstdio>
#include <filesystem>
#include <fstream>

#include "cli/case_access.h"
#include "cli/command.h"
#include "cli/table_output.h"
#include "cli/version.h"
#include "compare/digest_list.h"
#include "views/disclosure.h"
#include "views/sarif.h"

namespace klik::cli {
namespace {

constexpr Positional kPositionals[] = {{"CASE", "A case file"}};
constexpr std::string_view kFormats[] = {"csv", "sarif", "digests"};
constexpr std::string_view kLanguages[] = {"en", "nl"};
constexpr Flag kFlags[] = {
    {"--format", "FORMAT", "csv (every view as a file in a folder), sarif (findings for other tools) or digests (what others with the same build can compare: klikspaan diff)", false, kFormats},
    {"--disclosure", "", "A report for coordinated disclosure, in Markdown; give the maker notice first (docs/disclosure.md)"},
    {"-o,--output", "FILE", "Where to write; of csv a folder; - is standard output; default: the case's name with .csv, .sarif or .md"},
    {"--package", "NAME", "Of a disclosure: this package only"},
    {"--lang", "LANG", "Of a disclosure: en or nl", false, kLanguages},
};

std::string default_output(const std::string& path, std::string_view ending) {
  return (path.ends_with(".case") ? path.substr(0, path.size() - 5) : path) + std::string(ending);
}

bool write_file(const std::string& path, const std::string& text) {
  std::FILE* file = path == "-" ? stdout : std::fopen(path.c_str(), "wb");
  if (!file) return false;
  const bool written = std::fwrite(text.data(), 1, text.size(), file) == text.size();
  return (file == stdout ? std::fflush(file) : std::fclose(file)) == 0 && written;
}

int export_csv(CaseReader& reader, const std::string& folder) {
  std::error_code ec;
  std::filesystem::create_directories(folder, ec);
  const Declarations all = all_declarations();
  for (const View* view : all.views) {
    const Table table = reader.query("SELECT * FROM \"" + std::string(view->name) + "\"");
    if (!reader.error().empty()) {
      complain(std::string(view->name) + ": " + reader.error());
      return Exit::usage;
    }
    const std::string path = (std::filesystem::path(folder) / (std::string(view->name) + ".csv")).string();
    if (!write_file(path, as_csv(table))) {
      complain("cannot write " + path);
      return Exit::usage;
    }
  }
  return Exit::done;
}

// One list per build.
int export_digests(CaseReader& reader, const std::string& output) {
  std::string text;
  for (const auto& row : reader.query("SELECT build_id FROM build ORDER BY build_id").rows) text += compare::make_digest_list({reader, std::get<std::int64_t>(row[0])});
  if (!reader.error().empty()) {
    complain(reader.error());
    return Exit::usage;
  }
  if (!write_file(output, text)) {
    complain("cannot write " + output);
    return Exit::usage;
  }
  if (output != "-") std::printf("%s\n", output.c_str());
  return Exit::done;
}

int run(const Arguments& arguments) {
  const bool disclosure = arguments.has("--disclosure");
  const std::string format = arguments.get("--format"), path = arguments.get("CASE");
  if (disclosure == !format.empty()) {
    complain("export takes either --disclosure or --format csv|sarif|digests");
    return Exit::usage;
  }
  if (arguments.has("--package") && !disclosure) {
    complain("--package belongs to --disclosure");
    return Exit::usage;
  }
  CaseReader reader(path, all_declarations());
  if (!opened(reader)) return Exit::usage;
  const std::string output = arguments.get("--output", default_output(path, disclosure ? ".md" : format == "csv" ? "-csv" : format == "digests" ? ".digests" : ".sarif"));
  if (format == "csv") {
    if (output == "-") {
      complain("csv is a folder of files; give one with -o");
      return Exit::usage;
    }
    const int code = export_csv(reader, output);
    if (code == Exit::done) std::printf("%s\n", output.c_str());
    return code;
  }
  const views::Language language = arguments.get("--lang", "en") == "nl" ? views::Language::nl : views::Language::en;
  if (format == "digests") return export_digests(reader, output);
  const views::Exported made = disclosure ? views::disclosure(reader, {.package = arguments.get("--package"), .language = language, .version = kVersion}) : views::sarif(reader, kVersion);
  if (!made.error.empty()) {
    complain(made.error);
    return Exit::usage;
  }
  if (!write_file(output, made.text)) {
    complain("cannot write " + output);
    return Exit::usage;
  }
  if (output != "-") std::printf("%s\n", output.c_str());
  return Exit::done;
}

}  // namespace

extern const Command command_export;
constexpr Command command_export{"export", "Write what a case says for other tools, or for the maker",
                                 "A disclosure names what was found, where, in which build, by which entry and on which evidence, and what was not analysed. It holds no attack and no way to set one off.", kPositionals, kFlags, run};

}  // namespace klik::cli
