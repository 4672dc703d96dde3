// klikspaan diff OLD NEW [--format html|json|text] [-o FILE] [--lang en|nl]
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <optional>

#include "cli/case_access.h"
#include "cli/command.h"
#include "cli/listed_build.h"
#include "cli/scan_case.h"
#include "cli/scan_identifiers.h"
#include "cli/version.h"
#include "compare/comparison.h"
#include "io/source.h"
#include "ledger/rules.h"
#include "views/diff.h"

namespace klik::cli {
namespace {

constexpr Positional kPositionals[] = {{"OLD", "The build before: a case file, anything that `scan` takes, or a published digest list"}, {"NEW", "The build after, likewise; or an update that is applied to OLD"}};
constexpr std::string_view kFormats[] = {"html", "json", "text"};
constexpr std::string_view kLanguages[] = {"en", "nl"};
constexpr Flag kFlags[] = {
    {"-o,--output", "FILE", "Where to write; default: standard output for text and json, OLD-NEW.html for html"},
    {"--format", "FORMAT", "text, html (one file that needs no network) or json ({\"changes\": […]}); by default what the name of FILE says, else text", false, kFormats},
    {"--lang", "LANG", "en or nl; an HTML report holds both and opens in this one", false, kLanguages},
    {"--fail-on", "SEVERITY|KIND", "Exit with 1 when a change is of this severity or higher, or of this kind; may be given several times", true},
    {"--old-build", "LABEL", "Which build of OLD, when it holds several"},
    {"--new-build", "LABEL", "Which build of NEW, when it holds several"},
    {"--cases", "DIR", "Keep the cases made of raw inputs in this folder; default: they are made in --tmp and removed"},
    {"--threads", "N", "Worker threads; default: one per processor"},
    {"--tmp", "DIR", "Folder for large decoded data; default: $TMPDIR or /var/tmp"},
    {"--cache", "DIR", "Folder that keeps what earlier scans found in equal files; default as of scan"},
    {"--cache-size", "MB", "How large the cache may become; default: 2048"},
    {"--no-cache", "", "Read everything anew and keep nothing for later"},
    {"--keys", "FILE", "Keys for encrypted packages, one per line: FORMAT HEX. Logs of TLS secrets are inputs, not keys"},
    kDataFlag,
    kIdentifiersFlag,
    kIdentifierKeyFlag,
};

// The first bytes of a file; "" of a folder.
std::string start_of(const std::string& path) {
  std::string start(64, '\0');
  std::FILE* file = std::fopen(path.c_str(), "rb");
  if (!file) return {};
  start.resize(std::fread(start.data(), 1, start.size(), file));
  std::fclose(file);
  return start;
}

constexpr std::uint64_t kLongestList = std::uint64_t{1} << 30;

std::string format_of(const Arguments& arguments) { return arguments.get("--format", format_of_file(arguments.get("--output"), "text")); }

bool is_case(const std::string& path) { return start_of(path).starts_with("SQLite format 3"); }
bool is_list(const std::string& path) { return compare::is_digest_list(Bytes::of(start_of(path))); }

// A folder that goes away with what is in it.
class TemporaryFolder {
 public:
  explicit TemporaryFolder(const std::string& below) {
    std::error_code ec;
    const auto parent = below.empty() ? std::filesystem::temp_directory_path(ec) : std::filesystem::path(below);
    std::string pattern = (parent / "klikspaan-diff-XXXXXX").string();
    if (::mkdtemp(pattern.data())) path_ = pattern;
  }
  ~TemporaryFolder() {
    std::error_code ec;
    if (!path_.empty()) std::filesystem::remove_all(path_, ec);
  }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

std::string stem_of(const std::string& input) {
  std::string name = std::filesystem::path(input).lexically_normal().filename().string();
  if (name.empty()) name = std::filesystem::path(input).lexically_normal().parent_path().filename().string();
  return name.ends_with(".case") ? name.substr(0, name.size() - 5) : name;
}

// The only build, or the one of this label. Says what is wrong.
std::optional<std::int64_t> build_of(CaseReader& reader, const std::string& name, const std::string& label, std::string_view flag) {
  const Table builds = reader.query("SELECT build_id, label FROM build ORDER BY build_id");
  std::string labels;
  for (const auto& row : builds.rows) {
    const auto* found = std::get_if<std::string>(&row[1]);
    if (label.empty() ? builds.rows.size() == 1 : found && *found == label) return std::get<std::int64_t>(row[0]);
    labels += (labels.empty() ? "" : ", ") + (found ? *found : std::string("?"));
  }
  if (builds.rows.empty()) complain(name + " holds no build");
  else if (label.empty()) complain(name + " holds several builds; say which with " + std::string(flag) + ": " + labels);
  else complain(name + " holds no build of that label, but: " + labels);
  return std::nullopt;
}

bool valid_fail_on_change(const std::vector<std::string>& wanted) {
  for (const std::string& word : wanted)
    if (severity_rank(word) < 0 && std::ranges::find(compare::change_kinds(), word, &compare::ChangeKind::id) == compare::change_kinds().end()) {
      complain("--fail-on takes info, low, medium, high, critical or a kind of change (see `klikspaan list changes`), not " + word);
      return false;
    }
  return true;
}

bool matches(const std::vector<compare::Change>& changes, const std::vector<std::string>& wanted) {
  return std::ranges::any_of(changes, [&](const compare::Change& c) {
    return std::ranges::any_of(wanted, [&](const std::string& word) {
      const int rank = severity_rank(word);
      return rank >= 0 ? severity_rank(c.severity) >= rank : c.kind->id == word;
    });
  });
}

// What a delta is applied to: the old build itself, or what its case was made of, when that is still there.
std::string base_for_deltas(const std::string& old) {
  if (is_list(old)) return {};
  if (!is_case(old)) return old;
  CaseReader reader(old, all_declarations());
  if (!reader.valid()) return {};
  const Table inputs = reader.query("SELECT location FROM _input ORDER BY artifact_id");
  if (inputs.rows.size() != 1) return {};
  const auto* location = std::get_if<std::string>(&inputs.rows[0][0]);
  std::error_code ec;
  return location && std::filesystem::exists(*location, ec) ? *location : std::string();
}

// Whether something of a build could not be read, so that it may have changed unseen: the same for a case made just now as
// for one of last year.
bool lost_in(CaseReader& reader, std::int64_t build) {
  return !reader.query("SELECT 1 FROM problem p LEFT JOIN artifact a ON a.artifact_id = p.artifact_id WHERE p.severity = 'data_loss' AND (a.build_id IS NULL OR a.build_id = ?1) LIMIT 1", {Value{build}}).rows.empty();
}

// The file to write to: standard output for "-". Null, with a complaint, when it cannot be made.
std::FILE* opened_output(const std::string& output) {
  std::FILE* file = output == "-" ? stdout : std::fopen(output.c_str(), "wb");
  if (!file) complain("cannot write " + output);
  return file;
}

// False, with a complaint, when not everything arrived.
bool closed_output(std::FILE* file, const std::string& output, bool written) {
  const bool whole = std::ferror(file) == 0;
  if ((file == stdout ? std::fflush(file) : std::fclose(file)) == 0 && whole && written) {
    if (output != "-") std::printf("%s\n", output.c_str());
    return true;
  }
  complain("cannot write " + output + "; is the disk full?");
  return false;
}

// One side is a digest list, the other a build.
int against_list(const Declarations& all, const std::string (&named)[2], const std::string (&cases)[2], const Arguments& arguments) {
  const int list = is_list(named[0]) ? 0 : 1, build = 1 - list;
  if (is_list(named[build])) {
    complain("two digest lists; one of OLD and NEW has to be a build");
    return Exit::usage;
  }
  const auto source = file_source(named[list].c_str());
  const auto bytes = source && (*source)->size() <= kLongestList ? (*source)->load() : Result<Blob>(fail(Code::io, 0, "it cannot be read, or has more than 1 GiB"));
  const auto lists = bytes ? compare::parse_digest_lists(bytes->bytes()) : Result<std::vector<compare::DigestList>>(fail(bytes.error()));
  if (!lists) {
    complain(named[list] + ": " + lists.error().what + ", at " + std::to_string(lists.error().at));
    return Exit::usage;
  }
  CaseReader reader(cases[build], all);
  if (!opened(reader)) return Exit::usage;
  const auto id = build_of(reader, named[build], arguments.get(build == 0 ? "--old-build" : "--new-build"), build == 0 ? "--old-build" : "--new-build");
  if (!id) return Exit::usage;
  compare::ListComparison found;
  if (!compare::compare_with_lists({reader, *id}, *lists, found)) {
    complain(reader.error());
    return Exit::usage;
  }
  const std::string output = arguments.get("--output", "-");
  std::FILE* file = opened_output(output);
  if (!file) return Exit::usage;
  const int code = print_listed(file, found, stem_of(named[build]), format_of(arguments), arguments.get("--lang") == "nl");
  if (!closed_output(file, output, true)) return Exit::usage;
  if (code == Exit::matched && arguments.has("--fail-on")) return code;
  return lost_in(reader, *id) ? Exit::data_loss : Exit::done;
}

int run(const Arguments& arguments) {
  const std::string format = format_of(arguments);
  if (!valid_fail_on_change(arguments.all("--fail-on"))) return Exit::usage;
  ScanOptions scanning;
  scanning.scratch_folder = arguments.get("--tmp");
  if (!read_threads(arguments, scanning.threads) || !read_cache_options(arguments, scanning) || !find_networks(arguments, scanning) || !read_keys(arguments.get("--keys"), scanning.keys)) return Exit::usage;

  const bool listed = is_list(arguments.get("OLD")) || is_list(arguments.get("NEW"));
  if (listed && format == "html") {
    complain("against a digest list the answer is text or json");
    return Exit::usage;
  }
  std::optional<TemporaryFolder> temporary;
  std::string folder = arguments.get("--cases");
  const std::string named[] = {arguments.get("OLD"), arguments.get("NEW")};
  // A case holds what it was searched for when it was made; silence here would pass for "not found".
  if ((arguments.has(kIdentifiersFlag.name) || arguments.has(kIdentifierKeyFlag.name)) && std::ranges::all_of(named, [](const std::string& side) { return is_case(side) || is_list(side); })) {
    complain("--identifiers are looked for in what is scanned now, and both sides are made already; scan them with --identifiers");
    return Exit::usage;
  }
  std::string cases[2];
  for (const int i : {0, 1}) {
    std::error_code ec;
    if (!std::filesystem::exists(named[i], ec)) {
      complain("no such file or folder: " + named[i]);
      return Exit::usage;
    }
    cases[i] = named[i];
    if (is_case(named[i]) || is_list(named[i])) continue;
    if (folder.empty()) {
      temporary.emplace(arguments.get("--tmp"));
      folder = temporary->path();
      if (folder.empty()) {
        complain("no folder for temporary cases can be made; give one with --tmp or --cases");
        return Exit::usage;
      }
    }
    std::filesystem::create_directories(folder, ec);
    cases[i] = (std::filesystem::path(folder) / (std::string(i == 0 ? "old-" : "new-") + stem_of(named[i]) + ".case")).string();
    ScanOptions one = scanning;
    one.inputs = {{named[i], ""}};
    if (i == 1) one.base = base_for_deltas(named[0]);
    one.output = cases[i];
    OwnerFiles owner_files;
    if (!load_owner_files(arguments, owner_files) || !read_owner_identifiers(arguments, owner_files, cases[i], one)) return Exit::usage;
    const auto scanned = scan_to_case(one, cases[i]);
    if (!scanned) return Exit::usage;
  }

  const Declarations all = all_declarations();
  if (listed) return against_list(all, named, cases, arguments);
  CaseReader before(cases[0], all), after(cases[1], all);
  if (!opened(before) || !opened(after)) return Exit::usage;
  const auto old_build = build_of(before, named[0], arguments.get("--old-build"), "--old-build");
  const auto new_build = build_of(after, named[1], arguments.get("--new-build"), "--new-build");
  if (!old_build || !new_build) return Exit::usage;
  Pool pool(scanning.threads);
  compare::Comparison comparison(all, {{before, *old_build}, {after, *new_build}, pool}, {stem_of(named[0]), stem_of(named[1]), views::diff_page_sql(), views::change_phrases()});
  if (!comparison.valid()) {
    complain(comparison.error());
    return Exit::usage;
  }

  const std::string output = arguments.get("--output", format == "html" ? stem_of(named[0]) + "-" + stem_of(named[1]) + ".html" : "-");
  std::FILE* file = opened_output(output);
  if (!file) return Exit::usage;
  views::ReportOptions options{.format = *views::report_format_named(format), .language = arguments.get("--lang", "en") == "nl" ? views::Language::nl : views::Language::en, .case_path = temporary ? stem_of(named[1]) + ".case" : cases[1], .version = kVersion};
  options.before_path = temporary ? stem_of(named[0]) + ".case" : cases[0];
  bool written = true;
  const views::Rendered rendered = views::render_diff(comparison, options, [&](std::string_view text) { written = std::fwrite(text.data(), 1, text.size(), file) == text.size() && written; });
  for (const std::string& problem : rendered.problems) complain(problem);
  bool lost = lost_in(before, *old_build) || lost_in(after, *new_build) || !comparison.not_compared().empty();
  for (const compare::KindRun& r : comparison.runs()) {
    if (r.state == "asked") continue;
    lost = true;
    complain("not all is known of " + r.kind->id + ": " + r.state + (r.detail.empty() ? "" : ", " + r.detail));
  }
  for (const std::string& which : comparison.not_compared()) complain("not all was compared: " + which);
  if (!closed_output(file, output, written)) return Exit::usage;
  if (!rendered.problems.empty()) return Exit::usage;
  if (arguments.has("--fail-on") && matches(comparison.changes(), arguments.all("--fail-on"))) return Exit::matched;
  return lost ? Exit::data_loss : Exit::done;
}

}  // namespace

extern const Command command_diff;
constexpr Command command_diff{"diff", "Say what an update changed, ranked by what it lets others do",
                               "Compares two builds at the level of powers, rights, doors, hosts, signers and rules of the system. A rebuild that changes bytes and nothing else gives no changes. "
                               "What gives somebody outside more power over the owner comes first; what was taken away is a fact too.",
                               kPositionals, kFlags, run};

}  // namespace klik::cli
