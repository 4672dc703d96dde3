// Services of init that exist after all scripts are read: what runs beside apps, as which user, from which file.
#include <algorithm>
#include <map>
#include <set>
#include <tuple>

#include "base/text.h"
#include "extract/columns.h"
#include "extract/init_order.h"
#include "extract/settings.h"

namespace klik {
namespace {

constexpr std::string_view kName = "services@1";

constexpr Column kServiceColumns[] = {
    {"name", ColumnType::text, "Of the service.", true},
    {"script", ColumnType::text, "The artifact whose definition counts.", true},
    {"executable", ColumnType::text, "The program, as written."},
    {"arguments", ColumnType::text, "Of the program."},
    {"user", ColumnType::text, "As whom it runs: root when not stated."},
    {"groups", ColumnType::text, "Of which groups it is: root when not stated."},
    {"seclabel", ColumnType::text, "SELinux label as written; null leaves it to the policy.", false, true},
    {"capabilities", ColumnType::text, "The only ones it keeps; null when it is not stated: all of root's for root, none for others.", false, true},
    {"class", ColumnType::text, "As written, else default."},
    {"disabled", ColumnType::boolean, "Not started with its class, only by name."},
    {"oneshot", ColumnType::boolean, "Not started again when it ends."},
    {"console", ColumnType::boolean, "Attached to the console."},
    {"program", ColumnType::text, "The artifact that runs; of a shell the script that it is given. Null when the build names no such file.", false, true},
    {"program_state", ColumnType::text, "read, listed, …: what is known of that file; absent when the build names no such file."},
    {"started_by", ColumnType::text, "Triggers whose actions start it by name.", false, true},
    {"options", ColumnType::text, "Other options as written.", false, true},
};
constexpr FactKind kService{"device.service", "A service that init knows on this phone.", kServiceColumns};

constexpr Column kScriptColumns[] = {
    {"path", ColumnType::text, "The artifact.", true},
    {"n", ColumnType::integer, "Its place in the order of reading, from 0; null when this phone's init does not read it.", false, true},
    {"why", ColumnType::text, "How init comes to it.", false, true},
};
constexpr FactKind kScript{"device.init_script", "A script of init, and whether init reads it when the system starts: those of factory and recovery modes are not.", kScriptColumns};
constexpr const FactKind* kEmits[] = {&kService, &kScript};

struct Defined {
  std::int64_t at;
  std::string path, name, executable, arguments, user, groups, seclabel, capabilities, classes, options;
  bool has_seclabel, has_capabilities, disabled, oneshot, console, overrides;
  FactId id;
};

struct Start {
  std::set<std::string> triggers;
  std::vector<FactId> because;
};

// The first word, and what is behind it.
std::pair<std::string, std::string> split(std::string_view text) {
  const auto blank = text.find(' ');
  return {std::string(text.substr(0, blank)), blank == text.npos ? std::string() : std::string(text.substr(blank + 1))};
}

bool is_shell(std::string_view executable) { return executable == "/system/bin/sh" || executable == "/vendor/bin/sh" || executable == "/bin/sh" || executable == "/sbin/sh"; }

// Where not only the system may write.
bool writable_place(std::string_view path) {
  return std::ranges::any_of(std::initializer_list<std::string_view>{"/data/", "/sdcard", "/storage/", "/mnt/sdcard", "/cache/", "/tmp/"}, [&](std::string_view p) { return path.starts_with(p); });
}

std::string partition_of(std::string_view device_path) {
  if (!device_path.starts_with('/') || device_path.find('/', 1) == device_path.npos) return {};
  return std::string(device_path.substr(1, device_path.find('/', 1) - 1));
}

class Services {
 public:
  Services(const Image& image, FactSink& sink) : rows_(image.rows), sink_(sink), files_(image.rows), props_(image.rows), order_(init_order(image.rows, files_, props_)) {}

  void run() {
    scripts();
    const std::vector<Defined> all = effective();
    starts();
    for (const Defined& d : all) service(d);
    for (const MissingImport& m : order_.missing) set("missing import", m.name, m.by, m.id);
  }

 private:
  void set(std::string_view name, std::string_view value, std::string_view path, const FactId& because) {
    sink_.fact({&settings::kSetting, rows_.build(), settings::values("init", name, value, path), {}, kName, {because}});
  }

  void scripts() {
    for (std::size_t n = 0; n < order_.scripts.size(); ++n) {
      Row row(kScript);
      row.set("path", order_.scripts[n].path).set("n", static_cast<std::int64_t>(n)).set("why", order_.scripts[n].why);
      sink_.fact({&kScript, rows_.build(), row.values(), {}, kName, {}});
      place_[order_.scripts[n].path] = n;
    }
    rows_.artifacts([&](const ArtifactRow& a) {
      if (a.kind != "init" || place_.contains(a.path) || text::last_part(a.path).starts_with("ueventd")) return;
      Row row(kScript);
      row.set("path", a.path);
      sink_.fact({&kScript, rows_.build(), row.values(), {}, kName, {}});
    });
  }

  // The first definition counts, unless a later one says `override`.
  std::vector<Defined> effective() const {
    std::vector<Defined> defined;
    const FactKind* kind = find_kind("init.service");
    if (!kind) return {};
    rows_.facts(*kind, [&](const FactRow& row) {
      if (!place_.contains(row.artifact.path)) return;
      const auto text = [&](std::string_view column) { return std::string(text_of(*kind, row, column)); };
      const auto flag = [&](std::string_view column) { return number_of(*kind, row, column).value_or(0) != 0; };
      const auto stated = [&](std::string_view column) {
        const auto at = static_cast<std::size_t>(std::ranges::find(kind->columns, column, &Column::name) - kind->columns.begin());
        return at < row.values.size() && std::holds_alternative<std::string>(row.values[at]);
      };
      defined.push_back({number_of(*kind, row, "at").value_or(0), std::string(row.artifact.path), text("name"), text("executable"), text("arguments"), text("user"), text("groups"), text("seclabel"),
                         text("capabilities"), text("class"), text("options"), stated("seclabel"), stated("capabilities"), flag("disabled"), flag("oneshot"), flag("console"), flag("override"), row.id});
    });
    std::ranges::sort(defined, {}, [&](const Defined& d) { return std::tuple(place_.find(d.path)->second, d.at); });
    std::map<std::string, Defined, std::less<>> by_name;
    for (Defined& d : defined) {
      const auto [at, fresh] = by_name.try_emplace(d.name, d);
      if (!fresh && d.overrides) at->second = std::move(d);
    }
    std::vector<Defined> out;
    for (auto& [name, d] : by_name) out.push_back(std::move(d));
    return out;
  }

  void starts() {
    const FactKind* kind = find_kind("init.action");
    if (!kind) return;
    rows_.facts(*kind, [&](const FactRow& row) {
      const std::string_view command = text_of(*kind, row, "command");
      if (!place_.contains(row.artifact.path) || (command != "start" && command != "restart" && command != "exec_start" && command != "enable")) return;
      Start& start = starts_[split(text_of(*kind, row, "arguments")).first];
      start.triggers.emplace(text_of(*kind, row, "trigger"));
      start.because.push_back(row.id);
    });
  }

  void service(const Defined& d) {
    std::string runs = d.executable;
    if (is_shell(d.executable))
      if (const std::string script = split(d.arguments).first; script.starts_with('/')) runs = script;
    const PhoneFile* program = files_.find(runs);
    Row row(kService);
    row.set("name", d.name).set("script", d.path).set("executable", d.executable).set("arguments", d.arguments).set("user", d.user.empty() ? "root" : d.user);
    row.set("groups", d.groups.empty() ? "root" : d.groups).set("class", d.classes.empty() ? "default" : d.classes);
    row.set("disabled", d.disabled).set("oneshot", d.oneshot).set("console", d.console);
    if (d.has_seclabel) row.set("seclabel", d.seclabel);
    if (d.has_capabilities) row.set("capabilities", d.capabilities);
    if (!d.options.empty()) row.set("options", d.options);
    if (program) row.set("program", program->path);
    row.set("program_state", program ? std::string_view(program->state) : "absent");
    std::vector<FactId> because{d.id};
    if (const auto start = starts_.find(d.name); start != starts_.end()) {
      std::string triggers;
      for (const std::string& t : start->second.triggers) triggers += (triggers.empty() ? "" : "; ") + t;
      row.set("started_by", triggers);
      because.insert(because.end(), start->second.because.begin(), start->second.because.end());
    }
    sink_.fact({&kService, rows_.build(), row.values(), {}, kName, std::move(because)});
    actor(d, program);
    if (d.console) set("console service", d.name, d.path, d.id);
    if (const auto at = d.arguments.find("--root_seclabel="); at != std::string::npos) set("root_seclabel of " + d.name, split(d.arguments.substr(at + 16)).first, d.path, d.id);
    if (writable_place(runs)) set("service from a writable place", d.name + ": " + runs, d.path, d.id);
    if (runs.ends_with("/su") || d.name == "su_daemon" || d.name == "daemonsu") set("service that gives root", d.name + ": " + runs, d.path, d.id);
  }

  void actor(const Defined& d, const PhoneFile* program) {
    const FactKind* kind = find_kind("device.actor");
    if (!kind) return;
    Row row(*kind);
    row.set("kind", "service").set("name", d.name).set("path", program ? program->path : d.path).set("uid", d.user.empty() ? "root" : d.user);
    if (d.has_seclabel) row.set("seclabel", d.seclabel);
    if (const std::string partition = partition_of(canonical_device_path(d.executable)); !partition.empty()) row.set("partition", partition);
    sink_.fact({kind, rows_.build(), row.values(), {}, kName, {d.id}});
  }

  const BuildRows& rows_;
  FactSink& sink_;
  PhoneFiles files_;
  EffectiveProps props_;
  InitOrder order_;
  std::map<std::string, std::size_t, std::less<>> place_;   // of scripts that are read
  std::map<std::string, Start, std::less<>> starts_;
};

void run(const Image& image, FactSink& sink) { Services(image, sink).run(); }

constexpr ViewColumn kServiceViewColumns[] = {
    {"actor_id", "The service as an actor."},
    {"build_id", "The build."},
    {"name", "Of the service."},
    {"executable", "The program, as written."},
    {"arguments", "Of the program."},
    {"user", "As whom it runs."},
    {"groups", "Of which groups it is."},
    {"seclabel", "SELinux label as written; null leaves it to the policy."},
    {"capabilities", "The only ones it keeps; null when that is not stated."},
    {"class", "With which others it is started and stopped."},
    {"disabled", "1: only started by name."},
    {"oneshot", "1: not started again when it ends."},
    {"artifact_id", "The script that defines it."},
    {"program_id", "The artifact that runs; null when the build names no such file."},
    {"program_state", "What is known of that file: read, listed, …, absent."},
    {"started_by", "Triggers whose actions start it by name."},
    {"options", "Other options as written."},
    {"fact_id", "For `klikspaan why`."},
};
constexpr View kServiceView{"service", "Services of init that exist when all scripts are read. That one exists does not show that it runs.", kServiceViewColumns,
                            R"(SELECT d.row_id, s.build_id, s.name, s.executable, s.arguments, s.user, s.groups, s.seclabel, s.capabilities, s.class, s.disabled, s.oneshot, a.artifact_id, p.artifact_id, s.program_state, s.started_by, s.options, lower(hex(s.fact_id))
FROM _device_service s CROSS JOIN _device_actor d ON d.build_id = s.build_id AND d.kind = 'service' AND d.name = s.name
CROSS JOIN _artifact a ON a.build_id = s.build_id AND a.path = s.script LEFT JOIN _artifact p ON p.build_id = s.build_id AND p.path = s.program)"};

constexpr ViewColumn kSocketViewColumns[] = {
    {"actor_id", "The service."},
    {"name", "It appears as /dev/socket/NAME."},
    {"type", "dgram, stream or seqpacket."},
    {"mode", "Permission bits, octal."},
    {"user", "Its owner."},
    {"socket_group", "Its group."},
    {"seclabel", "SELinux label as written."},
    {"fact_id", "For `klikspaan why`."},
};
constexpr View kSocketView{"service_socket", "Local sockets that init makes for services.", kSocketViewColumns,
                           R"(SELECT d.row_id, x.name, x.type, x.mode, coalesce(x.user, 'root'), coalesce(x.socket_group, 'root'), x.seclabel, lower(hex(x.fact_id))
FROM _init_socket x CROSS JOIN _artifact a ON a.blob_id = x.blob_id CROSS JOIN _device_service s ON s.build_id = a.build_id AND s.script = a.path AND s.name = x.service
CROSS JOIN _device_actor d ON d.build_id = s.build_id AND d.kind = 'service' AND d.name = s.name)"};

constexpr ViewColumn kActionViewColumns[] = {
    {"build_id", "The build."},
    {"trigger", "What it waits for: an event of the boot, a property's value, or the restart of a service."},
    {"command", "setprop, write, start, exec, …: only commands that change something beyond folders and labels."},
    {"arguments", "Of the command."},
    {"artifact_id", "The script."},
    {"at", "Where the line starts in it."},
    {"script_read", "1: init reads the script when the system starts. 0: it is for another mode, or for nobody."},
    {"fact_id", "For `klikspaan why`."},
};
constexpr View kActionView{"init_action", "What init changes, and when.", kActionViewColumns,
                           R"(SELECT a.build_id, x.trigger, x.command, x.arguments, a.artifact_id, x.at, s.path IS NOT NULL, lower(hex(x.fact_id))
FROM _init_action x JOIN _artifact a ON a.blob_id = x.blob_id LEFT JOIN (SELECT DISTINCT build_id, path FROM _device_init_script WHERE n IS NOT NULL) s ON s.build_id = a.build_id AND s.path = a.path)"};
constexpr const View* kViews[] = {&kServiceView, &kSocketView, &kActionView};

}  // namespace

extern const ImageExtractor image_extractor_services;
constexpr ImageExtractor image_extractor_services{.name = kName, .title = "Services of init, their users and sockets", .emits = kEmits, .run = run, .views = kViews};

}  // namespace klik
