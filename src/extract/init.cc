// Scripts of init, file by file: services, sockets, what actions change, imports; world-writable device nodes of ueventd.
#include "formats/android/init_rc.h"

#include <algorithm>
#include <array>
#include <map>

#include "extract/extractor.h"
#include "extract/settings.h"

namespace klik {
namespace {

using init_rc::Line;
using init_rc::Range;

constexpr std::string_view kName = "init@1";
constexpr std::uint64_t kLargest = std::uint64_t{4} << 20;   // a script is kilobytes

constexpr Column kServiceColumns[] = {
    {"name", ColumnType::text, "Of the service.", true},
    {"at", ColumnType::integer, "Where its section starts."},
    {"executable", ColumnType::text, "The program, as written."},
    {"arguments", ColumnType::text, "Of the program, with blanks between."},
    {"user", ColumnType::text, "As written; null is root.", false, true},
    {"groups", ColumnType::text, "As written, the first one is its own; null is root.", false, true},
    {"seclabel", ColumnType::text, "SELinux label as written; null leaves it to the policy.", false, true},
    {"capabilities", ColumnType::text, "As written: the only ones it keeps; null when it is not stated.", false, true},
    {"class", ColumnType::text, "As written; null is `default`.", false, true},
    {"disabled", ColumnType::boolean, "Not started with its class, only by name."},
    {"oneshot", ColumnType::boolean, "Not started again when it ends."},
    {"console", ColumnType::boolean, "Attached to the console."},
    {"override", ColumnType::boolean, "Replaces an earlier service of its name."},
    {"options", ColumnType::text, "Other options as written, with `; ` between.", false, true},
};
constexpr FactKind kService{"init.service", "A service as one script of init defines it; another script may define it too.", kServiceColumns};

constexpr Column kSocketColumns[] = {
    {"service", ColumnType::text, "The service that gets it.", true},
    {"name", ColumnType::text, "It appears as /dev/socket/NAME.", true},
    {"type", ColumnType::text, "dgram, stream or seqpacket."},
    {"mode", ColumnType::text, "Permission bits, octal."},
    {"user", ColumnType::text, "Its owner; null is root.", false, true},
    {"socket_group", ColumnType::text, "Its group; null is root.", false, true},
    {"seclabel", ColumnType::text, "SELinux label as written.", false, true},
};
constexpr FactKind kSocket{"init.socket", "A local socket that init makes for a service.", kSocketColumns};

constexpr Column kActionColumns[] = {
    {"trigger", ColumnType::text, "What it waits for: an event of the boot, a property's value, or the restart of a service.", true},
    {"command", ColumnType::text, "setprop, write, start, exec, …: only commands that change something beyond folders and labels.", true},
    {"arguments", ColumnType::text, "Of the command, with blanks between.", true},
    {"at", ColumnType::integer, "Where the line starts."},
};
constexpr FactKind kAction{"init.action", "A command of init that changes something.", kActionColumns};

constexpr Column kImportColumns[] = {
    {"path", ColumnType::text, "As written; ${…} stands for a property.", true},
    {"at", ColumnType::integer, "Where the line starts."},
};
constexpr FactKind kImport{"init.import", "A script that another one imports.", kImportColumns};
constexpr const FactKind* kEmits[] = {&kService, &kSocket, &kAction, &kImport};

constexpr std::array<std::string_view, 20> kEffects = {
    "setprop", "write", "chmod", "chown", "insmod", "exec", "exec_background", "exec_start", "start", "stop", "restart", "enable",
    "mount", "umount", "symlink", "copy", "setenforce", "interface_start", "interface_restart", "perform_apex_config"};

bool wants(std::string_view kind, std::string_view name) {
  if (kind == "init") return true;
  // From Android 13 on: name.34rc is for that API level and later ones.
  const auto dot = name.rfind('.');
  return dot != name.npos && name.size() > dot + 3 && name.ends_with("rc") && name.substr(dot + 1).find_first_not_of("0123456789") == name.size() - dot - 3;
}

std::string joined(const std::vector<std::string>& words, std::size_t from = 0) {
  std::string out;
  for (std::size_t i = from; i < words.size(); ++i) out += (i > from ? " " : "") + words[i];
  return out;
}

std::optional<std::string> stated(const std::string& text) { return text.empty() ? std::nullopt : std::optional(text); }

class Emitter {
 public:
  Emitter(const FileItem& item, FactSink& sink) : item_(item), sink_(sink) {}

  void service(const init_rc::Service& s) {
    std::string options;
    for (const Line& line : s.other) options += (options.empty() ? "" : "; ") + joined(line.words);
    Row row(kService);
    row.set("name", s.name).set("at", static_cast<std::int64_t>(s.range.at)).set("executable", s.executable).set("arguments", joined(s.arguments)).set("user", s.user);
    row.set("groups", stated(joined(s.groups))).set("seclabel", s.seclabel).set("class", stated(joined(s.classes))).set("disabled", s.disabled);
    row.set("oneshot", s.oneshot).set("console", s.console).set("override", s.overrides).set("options", stated(options));
    if (s.stated_capabilities) row.set("capabilities", joined(s.capabilities));
    put(kService, row, s.range);
    for (const init_rc::Socket& socket : s.sockets) {
      Row its(kSocket);
      its.set("service", s.name).set("name", socket.name).set("type", socket.type).set("mode", socket.mode);
      its.set("user", stated(socket.user)).set("socket_group", stated(socket.group)).set("seclabel", stated(socket.seclabel));
      put(kSocket, its, socket.range);
    }
    for (const Line& command : s.on_restart) effect("restart of " + s.name, command);
  }

  void effect(const std::string& trigger, const Line& line) {
    if (std::ranges::find(kEffects, line.words.front()) == kEffects.end()) return;
    Row row(kAction);
    row.set("trigger", trigger).set("command", line.words.front()).set("arguments", joined(line.words, 1)).set("at", static_cast<std::int64_t>(line.range.at));
    put(kAction, row, line.range);
  }

  void import(const init_rc::Import& i) {
    Row row(kImport);
    row.set("path", i.path).set("at", static_cast<std::int64_t>(i.range.at));
    put(kImport, row, i.range);
  }

  // `/dev/name 0666 user group`: everybody may write to it.
  void device_node(const Line& line) {
    if (line.words.size() < 4 || !line.words[0].starts_with("/")) return;
    const std::string& mode = line.words[1];
    const bool octal = !mode.empty() && mode.find_first_not_of("01234567") == mode.npos;
    if (!octal || (mode.back() - '0') % 4 < 2) return;
    sink_.fact({&settings::kSetting, item_.blob, settings::values("device_node", line.words[0], joined(line.words, 1)), {{item_.blob, line.range.at, line.range.length}}, kName});
  }

 private:
  void put(const FactKind& kind, Row& row, Range at) { sink_.fact({&kind, item_.blob, row.values(), {{item_.blob, at.at, at.length}}, kName}); }

  const FileItem& item_;
  FactSink& sink_;
};

void run(const FileItem& item, FactSink& sink) {
  if (item.source->size() > kLargest) return sink.problem({fail(Code::over_budget, 0, "a script of init of more than 4 MiB").error(), ProblemSeverity::data_loss});
  const auto blob = item.source->load();
  if (!blob) return sink.problem({blob.error(), ProblemSeverity::data_loss});
  Emitter emit(item, sink);
  if (item.name.starts_with("ueventd")) {
    const auto lines = init_rc::lines_of(blob->bytes(), 100'000);
    if (!lines) return sink.problem({lines.error(), ProblemSeverity::data_loss});
    for (const Line& line : *lines) emit.device_node(line);
    return;
  }
  const auto file = init_rc::parse(blob->bytes());
  if (!file) return sink.problem({file.error(), ProblemSeverity::data_loss});
  for (const init_rc::Service& s : file->services) emit.service(s);
  for (const init_rc::Action& a : file->actions)
    for (const Line& line : a.commands) emit.effect(a.trigger, line);
  for (const init_rc::Import& i : file->imports) emit.import(i);
  // One row for each sort of oddity, at its first place.
  std::map<std::string_view, std::pair<const init_rc::Oddity*, std::size_t>> sorts;
  for (const init_rc::Oddity& o : file->oddities) {
    const auto [at, fresh] = sorts.try_emplace(o.error.what, &o, 0);
    ++at->second.second;
  }
  for (const auto& [what, seen] : sorts)
    sink.problem({seen.first->error, ProblemSeverity::info, seen.first->detail + (seen.second > 1 ? " (and " + std::to_string(seen.second - 1) + " more)" : ""), {}});
}

}  // namespace

extern const Extractor extractor_init;
constexpr Extractor extractor_init{.name = kName, .title = "Scripts of init: services, sockets, effects", .emits = kEmits, .wants = wants, .run = run};

}  // namespace klik
