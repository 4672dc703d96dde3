// klikspaan query CASE SQL
#include <cstdio>

#include "cli/case_access.h"
#include "cli/command.h"
#include "cli/table_output.h"

namespace klik::cli {
namespace {

constexpr Positional kPositionals[] = {{"CASE", "A case file"}, {"SQL", "One SELECT over the public views; see `klikspaan list facts`"}};
constexpr std::string_view kFormats[] = {"table", "csv", "json"};
constexpr Flag kFlags[] = {{"--format", "FORMAT", "table, csv or json", false, kFormats}};

int run(const Arguments& arguments) {
  CaseReader reader(arguments.get("CASE"), all_declarations());
  if (!opened(reader)) return Exit::usage;
  const Table table = reader.query(arguments.get("SQL"));
  if (!reader.error().empty()) {
    complain(reader.error());
    return Exit::usage;
  }
  const std::string format = arguments.get("--format", "table");
  const std::string out = format == "csv" ? as_csv(table) : format == "json" ? as_json(table) : as_text(table);
  std::fwrite(out.data(), 1, out.size(), stdout);
  return Exit::done;
}

}  // namespace

extern const Command command_query;
constexpr Command command_query{"query", "Ask a case file a question in SQL",
                                "The file is only read: no statement can change it, attach another, or run longer than its budget of work.", kPositionals, kFlags, run};

}  // namespace klik::cli
