// klikspaan scan INPUT... --case FILE
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <vector>

#include "base/text.h"
#include "cli/case_access.h"
#include "cli/command.h"
#include "cli/fail_on.h"
#include "cli/live_recording.h"
#include "cli/quantities.h"
#include "cli/scan_case.h"
#include "cli/scan_identifiers.h"
#include "extract/name_lists.h"
#include "io/source.h"

namespace klik::cli {
namespace {

constexpr Positional kPositionals[] = {{"INPUT", "A firmware image, an update, a folder, an app, a capture, …, or live:IFACE: the traffic of a network interface from now on; several form one build", true}};
constexpr Flag kFlags[] = {
    {"-c,--case", "FILE", "The case file to write; default: the first input's name with .case, in the current folder"},
    {"--force", "", "Replace an existing case file"},
    {"--build", "LABEL=INPUT", "Take this input as a part of the build LABEL; may be given several times", true},
    {"--base", "OLD", "The old build that an incremental update among the inputs is applied to: a full update, a folder or archive of images, a super image, a folder of files"},
    {"--threads", "N", "Worker threads; default: one per processor"},
    {"--tmp", "DIR", "Folder for large decoded data; default: $TMPDIR or /var/tmp"},
    {"--cache", "DIR", "Folder that keeps what earlier scans found in equal files; default: $KLIKSPAAN_CACHE (`off` for none), else klikspaan in $XDG_CACHE_HOME or ~/.cache"},
    {"--cache-size", "MB", "How large the cache may become; default: 2048"},
    {"--no-cache", "", "Read everything anew and keep nothing for later"},
    {"--keys", "FILE", "Keys for encrypted packages, one per line: FORMAT HEX. Logs of TLS secrets are inputs, not keys"},
    {"--lists", "FILE", "A list of names to look for: Exodus trackers, LibChecker rules, UAD-NG (JSON), hosts or domains (hagezi, v2fly), MVT indicators (STIX 2); may be given several times", true},
    kDataFlag,
    kIdentifiersFlag,
    kIdentifierKeyFlag,
    {"--own-traffic", "", "For a live input: states that every device whose packets are kept is yours, or that its user has agreed to the recording"},
    {"--phone", "ADDRESS,...", "For a live input: keep only packets of these MAC or IP addresses; nothing of others reaches the disk"},
    {"--for", "DURATION", "For a live input: record so long, as 90s, 10m or 1h30m; default: until Ctrl-C"},
    {"--size", "BYTES", "For a live input: record at most so much, as 500MB; default: 10GB"},
    {"--time-limit", "SECONDS", "Stop reading after so long; the case is then marked incomplete and has no digest"},
    {"--fail-on", "SEVERITY|RULE", "Exit with 1 when a finding is of this severity or higher, or of this rule; may be given several times", true},
};

bool read_list(const std::string& file, NameLists& lists) {
  const auto source = file_source(file.c_str());
  const auto bytes = source && (*source)->size() <= data::kLargestList ? (*source)->load() : Result<Blob>(fail(Code::io, 0, "it cannot be read, or has more than 256 MiB"));
  const auto added = bytes ? add_name_list(lists, std::filesystem::path(file).filename().string(), bytes->bytes()) : Result<void>(fail(bytes.error()));
  if (!added) {
    complain("the list " + file + " was not taken: " + added.error().what);
    return false;
  }
  const data::NameList& list = lists.back();
  fmt::print("list {}: {} names, {} entries not matched; licence: {}\n", text::escaped(list.title), list.names.size(), list.unread, list.licence.empty() ? "not stated in the file" : text::escaped(list.licence));
  return true;
}

// The name of the first input without its endings.
std::string default_case(const std::string& input) {
  if (const auto interface = live_interface(input)) return std::filesystem::path(*interface).filename().string() + ".case";
  std::string name = std::filesystem::path(input).lexically_normal().filename().string();
  if (name.empty()) name = std::filesystem::path(input).lexically_normal().parent_path().filename().string();
  const auto dot = name.find('.', 1);
  return (dot == name.npos ? name : name.substr(0, dot)) + ".case";
}

// What was looked for of the owner's identifiers, with where it was seen, and what was not: a null result is one too.
void print_identifiers(CaseReader& reader) {
  std::string out, back, stayed, chance, not_seen;
  for (const auto& row : reader.query("SELECT identifier, sum(sought), sum(went_out), sum(hosts), min(host), sum(came_back), sum(stayed), sum(chance), sum(not_seen) FROM identifier_tally GROUP BY identifier ORDER BY identifier").rows) {
    const auto text = [&](std::size_t column) { return row[column].index() == 2 ? text::escaped(std::get<std::string>(row[column])) : std::string(); };
    const auto number = [&](std::size_t column) { return row[column].index() == 1 ? std::get<std::int64_t>(row[column]) : 0; };
    const auto add = [&](std::string& to, std::string_view separator, std::size_t column, const std::string& more) {
      if (number(column) <= 0) return;
      to += fmt::format("{}{}{}{}", to.empty() ? "" : separator, text(0), number(1) > 1 ? fmt::format(" ({} of {})", number(column), number(1)) : "", more);
    };
    add(out, "; ", 2, fmt::format(" to {}{}", text(4), number(3) > 1 ? fmt::format(" and {} more", number(3) - 1) : ""));
    add(back, ", ", 5, "");
    add(stayed, ", ", 6, "");
    add(chance, ", ", 7, "");
    add(not_seen, ", ", 8, "");
  }
  for (const auto& [words, which] : {std::pair{"identifiers that went out", &out}, {"seen in what came back", &back}, {"seen in the local network only", &stayed}, {"seen only in a form so short that it may be chance", &chance},
                                     {"looked for and not seen in what could be read", &not_seen}})
    if (!which->empty()) fmt::print("{}: {}\n", words, *which);
  if (!reader.error().empty()) fmt::print("where identifiers were seen was not worked out: {}\n", text::escaped(reader.error()));
}

void print_summary(const std::string& path, const ScanResult& result, const std::string& digest) {
  CaseReader reader(path, all_declarations());
  for (const auto& row : reader.query("SELECT label, coalesce(fingerprint, '') FROM build ORDER BY build_id").rows)
    fmt::print("{}  {}\n", text::escaped(std::get<std::string>(row[0])), text::escaped(std::get<std::string>(row[1])));
  for (const auto& row : reader.query("SELECT (SELECT count(*) FROM package), sum(files_listed), sum(files_read), sum(bytes_read) FROM coverage WHERE what = 'all'").rows)
    if (row[1].index() == 1)
      fmt::print("{} packages; {} of {} files read, {}\n", std::get<std::int64_t>(row[0]), std::get<std::int64_t>(row[2]), std::get<std::int64_t>(row[1]), size_text(static_cast<std::uint64_t>(std::get<std::int64_t>(row[3]))));
  for (const auto& row : reader.query("SELECT count(*), count(DISTINCT host) FILTER (WHERE host GLOB '*[^0-9.]*' AND host NOT LIKE '%:%'), count(*) FILTER (WHERE dark IS NOT NULL), sum(bytes_out + bytes_in), sum(dark_out + dark_in) FROM connection").rows) {
    const auto number = [&](std::size_t column) { return row[column].index() == 1 ? static_cast<std::uint64_t>(std::get<std::int64_t>(row[column])) : 0; };
    if (number(0) > 0)
      fmt::print("{} {}, {} {}; {} {} with {} of {} could not be seen into\n", number(0), number(0) == 1 ? "connection" : "connections", number(1), number(1) == 1 ? "name of a host" : "names of hosts", number(2),
                 number(2) == 1 ? "connection" : "connections", size_text(number(4)), size_text(number(3)));
  }
  for (const auto& row : reader.query("SELECT count(*), count(*) FILTER (WHERE secrets_used = 0) FROM capture WHERE secrets > 0").rows)
    if (const std::int64_t with = std::get<std::int64_t>(row[0]), without = std::get<std::int64_t>(row[1]); without > 0)
      fmt::print("  TLS secrets were at hand for {} {}; in {} of them no connection is one that they are of\n", with, with == 1 ? "capture" : "captures", without);
  print_identifiers(reader);
  for (const auto& row : reader.query("SELECT state, count(*) FROM artifact WHERE state <> 'read' GROUP BY state ORDER BY state").rows)
    fmt::print("  not read: {} {}\n", std::get<std::int64_t>(row[1]), std::get<std::string>(row[0]));
  if (result.spilled) fmt::print("{:.1f} MB of decoded data were held in scratch files\n", static_cast<double>(result.spilled) / 1e6);
  fmt::print("case {}\n", text::escaped(path));
  if (result.complete) fmt::print("digest {}\n", digest);
  else fmt::print("INCOMPLETE: the time limit ended the scan; there is no digest\n");
}

// A live input becomes the recording that it will be. Afterwards the program has no rights but the user's.
bool prepare_live(const Arguments& arguments, ScanOptions& options, const std::string& path, std::unique_ptr<LiveRecording>& live) {
  const auto is_live = [](const ScanInput& input) { return live_interface(input.path).has_value(); };
  const auto input = std::ranges::find_if(options.inputs, is_live);
  if (input == options.inputs.end()) {
    const std::string_view flag = live_flag_given(arguments);
    if (!flag.empty()) complain(std::string(flag) + " is for a live input, as live:wlan0");
    return flag.empty();
  }
  if (std::find_if(input + 1, options.inputs.end(), is_live) != options.inputs.end()) {
    complain("one live input at a time; the interface `any` is all of them");
    return false;
  }
  live = LiveRecording::prepare(arguments, *live_interface(input->path), path);
  if (!live) return false;
  input->path = live->path();
  // Before the recording, since nobody wants to hear it after an hour.
  std::vector<std::string> read{options.base};
  for (const ScanInput& other : options.inputs)
    if (other.path != live->path()) read.push_back(other.path);
  for (const std::string& file : read)
    if (!file.empty() && ::access(file.c_str(), R_OK) != 0) {
      complain(file + " cannot be read by the user " + live->user() + ", who goes on without root");
      return false;
    }
  return true;
}

// Inputs, --base and --case are there or not there, as they should be.
bool prepare_inputs(const Arguments& arguments, ScanOptions& options, std::string& path, std::unique_ptr<LiveRecording>& live) {
  options.base = arguments.get("--base");
  path = arguments.get("--case", default_case(options.inputs.front().path));
  options.output = path;
  std::error_code ec;
  if (std::filesystem::exists(path, ec) && !arguments.has("--force")) {
    complain(path + " is there already; --force replaces it");
    return false;
  }
  std::vector<std::string> needed{options.base};
  for (const ScanInput& input : options.inputs)
    if (!live_interface(input.path)) needed.push_back(input.path);
  for (const std::string& file : needed)
    if (!file.empty() && !std::filesystem::exists(file, ec)) {
      complain("no such file or folder: " + file);
      return false;
    }
  return prepare_live(arguments, options, path, live);
}

int run(const Arguments& arguments) {
  ScanOptions options;
  for (const std::string& input : arguments.all("INPUT")) options.inputs.push_back({input, ""});
  for (const std::string& build : arguments.all("--build")) {
    const auto equals = build.find('=');
    if (equals == build.npos || equals == 0 || equals + 1 == build.size()) {
      complain("--build takes LABEL=INPUT, not " + build);
      return Exit::usage;
    }
    const std::string label = build.substr(0, equals), input = build.substr(equals + 1);
    auto named = std::ranges::find(options.inputs, input, &ScanInput::path);
    if (named == options.inputs.end()) options.inputs.push_back({input, label});
    else named->build_label = label;
  }
  std::unique_ptr<LiveRecording> live;
  std::string path;
  OwnerFiles owner_files;
  if (!load_owner_files(arguments, owner_files)) return Exit::usage;
  if (!prepare_inputs(arguments, options, path, live) || !read_threads(arguments, options.threads)) return Exit::usage;
  options.scratch_folder = arguments.get("--tmp");
  if (!read_cache_options(arguments, options)) return Exit::usage;
  if (!read_keys(arguments.get("--keys"), options.keys)) return Exit::usage;
  for (const std::string& file : arguments.all("--lists"))
    if (!read_list(file, options.lists)) return Exit::usage;
  if (!find_networks(arguments, options)) return Exit::usage;
  unsigned seconds = 0;
  if (arguments.has("--time-limit") && (!read_number(arguments.get("--time-limit"), seconds) || seconds == 0)) {
    complain("--time-limit takes a number of seconds");
    return Exit::usage;
  }
  options.time_limit_seconds = seconds;
  if (!valid_fail_on(arguments.all("--fail-on"))) return Exit::usage;
  if (!read_owner_identifiers(arguments, owner_files, path, options)) return Exit::usage;
  bool whole = true;
  if (live) {
    const auto recorded = live->record();
    if (!recorded) return Exit::usage;
    whole = *recorded;
  }
  const auto scanned = scan_to_case(options, path);
  if (!scanned) {
    if (live) complain("the recording is kept and can be scanned again: " + live->path());
    return Exit::usage;
  }
  print_summary(path, scanned->result, scanned->digest);
  if (scanned->result.data_loss) fmt::print("{} problems of the kind `data_loss`: see the view `problem` or the report\n", scanned->result.data_loss);
  // A match is one whatever else was lost; without a match, lost data leaves the question open.
  if (arguments.has("--fail-on")) {
    CaseReader reader(path, all_declarations());
    if (matches_fail_on(reader, arguments.all("--fail-on"), true)) return Exit::matched;
  }
  return scanned->result.data_loss || !whole ? Exit::data_loss : Exit::done;
}

}  // namespace

extern const Command command_scan;
constexpr Command command_scan{"scan", "Read a phone's software and write a case file",
                               "Detects what each input is and reads everything inside it, without changing it and without the network. "
                               "live:IFACE (as live:wlan0) first records the packets of an interface into a file beside the case, which needs root or CAP_NET_RAW and --own-traffic; both are given up before the first packet is read. "
                               "What cannot be read is a row in the case file. A file NAME.LISTED.tsv beside an archive (path, size, sha256) names what was in the build and is not in the archive.",
                               kPositionals, kFlags, run};

}  // namespace klik::cli
