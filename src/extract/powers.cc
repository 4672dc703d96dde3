// Who is able to do what to the owner: for each app and each power, the right that allows it joined with the code that
// uses it, and whether anything reaches that code. A right without code and code without a right are rows too.
#include <algorithm>
#include <map>
#include <set>

#include "data/baseline.h"
#include "data/callbacks.h"
#include "data/powers.h"
#include "extract/app_code.h"
#include "extract/app_reach.h"
#include "extract/columns.h"

namespace klik {
namespace {

constexpr std::string_view kName = "powers@1";
constexpr std::uint64_t kStepsPerApp = 40'000'000;   // the largest app measured needs a fortieth
constexpr std::size_t kSitesNamed = 8;               // as reasons of a row; the rest are counted

constexpr Column kColumns[] = {
    {"actor_kind", ColumnType::text, "Kind of the actor.", true},
    {"actor", ColumnType::text, "Name of the actor.", true},
    {"path", ColumnType::text, "The artifact that it is.", true},
    {"power", ColumnType::text, "A file of data/powers.", true},
    {"held_by", ColumnType::text, "The right that allows it; null when none is held: code without a right.", false, true},
    {"code", ColumnType::text, "The code that uses it, nearest to outside first; null when none was found: a right without code.", false, true},
    {"sites", ColumnType::integer, "How many places in its code use it."},
    {"reachable", ColumnType::boolean, "Whether an entry reaches that code; null when that is not known or there is no code.", false, true},
    {"entry", ColumnType::text, "The part of the app that is started.", false, true},
    {"entry_kind", ColumnType::text, "exported: anybody may start it; guarded: only who holds the guard; background: the system or the app itself starts it.", false, true},
    {"guard", ColumnType::text, "What a caller must hold, or that the code asks who called.", false, true},
    {"way", ColumnType::text, "From the entry to the code.", false, true},
    {"baseline", ColumnType::boolean, "Whether plain AOSP has a package of this name."},
};
constexpr Column kDoorColumns[] = {
    {"actor", ColumnType::text, "Name of the app.", true},
    {"path", ColumnType::text, "Its APK.", true},
    {"kind", ColumnType::text, "activity, alias, service, receiver or provider.", true},
    {"entry", ColumnType::text, "The part that anybody may start.", true},
    {"power", ColumnType::text, "A file of data/powers, to which the app holds a right.", true},
    {"code", ColumnType::text, "The code that uses it."},
    {"guard", ColumnType::text, "That code on the way asks who called; or a permission that everybody can have.", false, true},
    {"way", ColumnType::text, "From the entry to the code."},
};
constexpr FactKind kDoor{"device.open_door", "A part of an app that anybody on the phone may start, and a power that the code it reaches uses: able, not done.", kDoorColumns};
constexpr FactKind kPower{"device.power", "What an actor is able to do to the owner: able, not done.", kColumns};
constexpr const FactKind* kEmits[] = {&kPower, &kDoor};

constexpr std::string_view door_name(Door d) { return d == Door::open ? "exported" : d == Door::guarded ? "guarded" : "background"; }

// The users of Android that need no permission. Source: AOSP ActivityManager.checkComponentPermission (root and system),
// system/core libcutils android_filesystem_config.h for the names.
std::string_view user_of(std::string_view shared_uid) {
  if (shared_uid == "android.uid.system") return "system";
  if (shared_uid == "android.uid.phone") return "radio";
  return {};
}

struct Held {
  std::string by;               // "" when no right is held
  std::vector<FactId> because;
  bool permission = false;      // by a permission, so that it is worth a row without code
};

struct Use {
  std::string code;             // "" when there is none
  std::int64_t sites = 0;
  std::optional<bool> reachable;
  std::string entry, entry_kind, guard, way;
  std::vector<FactId> because;
};

struct PowerRow {
  const data::Power* power;
  Held held;
  Use use;
};

int rank(std::string_view effective) { return effective == "granted" || effective == "pregranted" ? 0 : effective == "on_request" ? 1 : effective == "unknown" ? 2 : 3; }

Held right_to(const data::Power& p, const AppCode& app) {
  Held h;
  std::vector<std::pair<int, std::string>> names;
  for (const std::string_view right : p.rights) {
    const auto g = app.grants.find(std::string(right));
    if (g == app.grants.end() || rank(g->second.effective) > 2) continue;
    names.emplace_back(rank(g->second.effective), std::string(right) + " (" + g->second.effective + ")");
    h.because.push_back(g->second.id);
  }
  std::ranges::stable_sort(names, {}, [](const auto& n) { return n.first; });
  const std::string_view user = user_of(app.uid);
  if (!user.empty() && std::ranges::find(p.uids, user) != p.uids.end()) h.by = "user " + std::string(user);
  for (const auto& [r, name] : names) h.by += (h.by.empty() ? "" : ", ") + name;
  h.permission = !names.empty();
  if (h.by.empty() && p.none_until && app.target_sdk <= *p.none_until) h.by = "no right needed";
  return h;
}

// Smaller is nearer to outside.
std::tuple<int, std::size_t> nearness(const std::optional<ReachedFrom>& from) {
  if (!from) return {3, 0};
  return {from->entry ? static_cast<int>(from->entry->door) : 2, from->length};
}

std::string guard_of(const ReachedFrom& from) {
  std::string guard = from.entry ? from.entry->guard : std::string();
  if (from.checks_caller) guard += std::string(guard.empty() ? "" : ", ") + "code on the way asks who called";
  return guard;
}

std::string code_of(const AppCallSite& s) {
  std::string code = s.class_name + "." + s.method + " calls " + s.callee.substr(0, s.callee.find('('));
  if (!s.argument.empty()) code += " with " + s.argument;
  return code;
}

void describe(Use& u, const std::optional<ReachedFrom>& from, const AppCode& app) {
  if (!from) return;
  u.reachable = true;
  u.entry = from->entry ? from->entry->class_name : app.application;
  u.entry_kind = from->entry ? door_name(from->entry->door) : door_name(Door::background);
  u.guard = guard_of(*from);
  u.way = from->way;
  if (from->entry) u.because.push_back(from->entry->id);
}

Use call_of(const data::Power& p, const AppCode& app, const AppReach& reach) {
  Use u;
  const AppCallSite* best = nullptr;
  std::optional<ReachedFrom> best_from;
  bool nested_only = true;
  std::vector<FactId> named;
  for (const AppCallSite& s : app.sites) {
    if (s.power != p.id) continue;
    ++u.sites;
    nested_only &= s.nested;
    auto from = reach.method(s.class_name, s.method, s.descriptor);
    const auto order = [](const AppCallSite& x) { return std::tie(x.class_name, x.method, x.descriptor, x.at); };
    if (!best || nearness(from) < nearness(best_from) || (nearness(from) == nearness(best_from) && order(s) < order(*best))) {
      best = &s;
      best_from = std::move(from);
    }
    if (named.size() < kSitesNamed) named.push_back(s.id);
  }
  if (!best) return u;
  u.code = code_of(*best);
  // Code that is loaded at run time has no edge from the rest; whether it runs is not known. The same where the search
  // was cut short.
  if (!nested_only && !reach.exhausted()) u.reachable = false;
  u.because.push_back(best->id);
  for (const FactId& id : named)
    if (id != best->id) u.because.push_back(id);
  describe(u, best_from, app);
  return u;
}

bool has_action(std::string_view joined, std::string_view action) {
  while (!joined.empty()) {
    const auto comma = joined.find(',');
    if (joined.substr(0, comma) == action) return true;
    joined.remove_prefix(comma == joined.npos ? joined.size() : comma + 1);
  }
  return false;
}

// A part of the app that the system calls: a receiver of a broadcast, a service of a kind that only the system may bind.
void entry_of(const data::Power& p, const AppCode& app, const AppReach& reach, Use& u) {
  const auto take = [&](const AppEntry& e, const std::string& what) {
    ++u.sites;
    u.because.push_back(e.id);
    if (!u.code.empty()) return;
    u.code = e.class_name + " " + what;
    u.reachable = true;
    u.entry = e.class_name;
    u.entry_kind = door_name(e.door);
    u.guard = e.guard;
    u.way = e.class_name;
  };
  for (const AppEntry& e : app.entries) {
    for (const std::string_view action : p.receivers)
      if (e.kind == "receiver" && has_action(e.actions, action)) take(e, "receives " + std::string(action));
    for (const std::string_view guard : p.services)
      if (e.kind == "service" && e.guard == guard) take(e, "is a service for " + std::string(guard));
  }
  for (const std::string_view above : p.extends) {
    const std::string descriptor = descriptor_of_class(above);
    if (const AppEntry* e = reach.entry_extending(descriptor)) {
      if (u.code.empty()) take(*e, "extends " + std::string(above));
    } else if (const std::string c = reach.class_extending(descriptor); !c.empty() && u.code.empty()) {
      u.code = c + " extends " + std::string(above);
      ++u.sites;
      u.reachable = false;
      u.because.push_back(app.manifest);
    }
  }
}

bool cleartext_allowed(const AppCode& app) { return app.cleartext.value_or(app.target_sdk <= 27); }

// Powers made of others: one of each line, in code that something reaches and with a right to it.
PowerRow composed(const data::Power& p, const std::vector<PowerRow>& rows) {
  PowerRow out{&p, {}, {}};
  std::string parts;
  for (const auto& line : p.all) {
    const auto fits = std::ranges::find_if(rows, [&](const PowerRow& r) {
      return std::ranges::find(line, r.power->id) != line.end() && !r.held.by.empty() && !r.use.code.empty() && r.use.reachable.value_or(false);
    });
    if (fits == rows.end()) return out;
    out.held.by += (out.held.by.empty() ? "" : "; ") + std::string(fits->power->id) + ": " + fits->held.by;
    parts += (parts.empty() ? "" : "; ") + std::string(fits->power->id) + ": " + fits->use.code;
    out.use.sites += fits->use.sites;
    out.held.because.insert(out.held.because.end(), fits->held.because.begin(), fits->held.because.end());
    if (!fits->use.because.empty()) out.use.because.push_back(fits->use.because.front());
    // The door nearest to outside of those that are needed.
    if (out.use.entry.empty() || fits->use.entry_kind == door_name(Door::open)) {
      out.use.entry = fits->use.entry;
      out.use.entry_kind = fits->use.entry_kind;
      out.use.guard = fits->use.guard;
      out.use.way = fits->use.way;
    }
  }
  out.use.code = std::move(parts);
  out.use.reachable = true;
  return out;
}

// An entry that stands open and what it reaches.
struct OpenDoor {
  const AppEntry* entry;
  const data::Power* power;
  const AppCallSite* site;
  ReachedFrom from;
};

// Reaching is done again for each open entry alone: the shortest way to a call is one of many, and each door matters.
std::vector<OpenDoor> open_doors(const AppCode& app, const AppReach& reach, const std::vector<PowerRow>& rows) {
  std::vector<OpenDoor> out;
  std::vector<const data::Power*> held;
  for (const PowerRow& r : rows)
    if (!r.held.by.empty() && r.use.entry_kind == door_name(Door::open)) held.push_back(r.power);
  if (held.empty()) return out;
  for (std::uint32_t n = 0; n < app.entries.size() && app.entries[n].door == Door::open; ++n) {
    const AppReach::FromOne from = reach.from(n);
    for (const data::Power* p : held) {
      const AppCallSite* best = nullptr;
      std::optional<ReachedFrom> best_from;
      for (const AppCallSite& s : app.sites) {
        if (s.power != p->id) continue;
        auto way = from.method(s.class_name, s.method, s.descriptor);
        const auto order = [](const AppCallSite& x) { return std::tie(x.class_name, x.method, x.descriptor, x.at); };
        if (!way || (best && std::tuple(best_from->length, order(*best)) <= std::tuple(way->length, order(s)))) continue;
        best = &s;
        best_from = std::move(way);
      }
      if (best) out.push_back({&app.entries[n], p, best, std::move(*best_from)});
    }
  }
  return out;
}

struct AppResult {
  std::vector<PowerRow> rows;
  std::vector<OpenDoor> doors;
  bool exhausted = false;
  std::uint64_t unreadable = 0;
};

AppResult powers_of(const AppCode& app, const flow::Platform& platform) {
  AppResult out;
  const AppReach reach(app, platform, kStepsPerApp);
  out.exhausted = reach.exhausted();
  out.unreadable = reach.unreadable();
  std::set<std::string_view> used;
  for (const AppCallSite& s : app.sites) used.insert(s.power);
  for (const data::Power& p : data::powers()) {
    if (p.guard || !p.all.empty()) continue;
    if (p.needs_cleartext && !cleartext_allowed(app)) continue;
    PowerRow row{&p, right_to(p, app), {}};
    if (used.contains(p.id)) row.use = call_of(p, app, reach);
    entry_of(p, app, reach, row.use);
    if (!row.use.code.empty() || row.held.permission) out.rows.push_back(std::move(row));
  }
  out.doors = open_doors(app, reach, out.rows);
  for (const data::Power& p : data::powers())
    if (!p.all.empty())
      if (PowerRow row = composed(p, out.rows); !row.use.code.empty()) out.rows.push_back(std::move(row));
  return out;
}

void emit(const Image& image, const AppCode& app, PowerRow& r, FactSink& sink) {
  Row row(kPower);
  row.set("actor_kind", "package").set("actor", app.name).set("path", app.path).set("power", r.power->id).set("sites", r.use.sites).set("baseline", data::in_plain_aosp(app.name));
  const auto text = [&](std::string_view column, const std::string& value) {
    if (!value.empty()) row.set(column, value);
  };
  text("held_by", r.held.by);
  text("code", r.use.code);
  row.set("reachable", r.use.reachable);
  text("entry", r.use.entry);
  text("entry_kind", r.use.entry_kind);
  text("guard", r.use.guard);
  text("way", r.use.way);
  std::vector<FactId> because{app.actor};
  because.insert(because.end(), r.held.because.begin(), r.held.because.end());
  because.insert(because.end(), r.use.because.begin(), r.use.because.end());
  sink.fact({&kPower, image.rows.build(), row.values(), {}, kName, std::move(because)});
}

void emit(const Image& image, const AppCode& app, const OpenDoor& d, FactSink& sink) {
  Row row(kDoor);
  row.set("actor", app.name).set("path", app.path).set("kind", d.entry->kind).set("entry", d.entry->class_name).set("power", d.power->id).set("code", code_of(*d.site)).set("way", d.from.way);
  if (const std::string guard = guard_of(d.from); !guard.empty()) row.set("guard", guard);
  sink.fact({&kDoor, image.rows.build(), row.values(), {}, kName, {d.entry->id, d.site->id, app.actor}});
}

void run(const Image& image, FactSink& sink) {
  flow::Platform platform;
  std::vector<std::string> texts;   // names of the platform are copied, so these go as they are used
  for (const AppGraph& g : platform_graphs(image.rows)) {
    std::string raw;
    if (!unpack_graph(g.packed, raw)) continue;
    if (const auto graph = flow::unpacked(Bytes::of(raw))) platform.add(*graph);
  }
  for (const data::PlatformClass& c : data::platform_classes()) {
    std::vector<std::string> interfaces, names(c.methods.begin(), c.methods.end());
    for (const std::string_view i : c.interfaces) interfaces.push_back(descriptor_of_class(i));
    platform.add_known(descriptor_of_class(c.name), descriptor_of_class(c.super), std::move(interfaces), std::move(names));
  }
  const std::vector<AppCode> apps = apps_of(image.rows);
  std::vector<AppResult> results(apps.size());
  for (std::size_t i = 0; i < apps.size(); ++i)
    image.pool.add([&, i] {
      try {
        results[i] = powers_of(apps[i], platform);
      } catch (const std::exception&) {   // a bug or no memory: one app is lost, not the run
        results[i].unreadable = 1;
      }
    });
  image.pool.wait_idle();
  for (std::size_t i = 0; i < apps.size(); ++i) {
    for (PowerRow& r : results[i].rows) emit(image, apps[i], r, sink);
    for (const OpenDoor& d : results[i].doors) emit(image, apps[i], d, sink);
    if (results[i].exhausted)
      sink.problem({fail(Code::over_budget, 0, "an app's code is too tangled to follow within the budget; what it reaches is not fully known").error(), ProblemSeverity::data_loss, apps[i].path, {}});
    if (results[i].unreadable) sink.problem({fail(Code::internal, 0, "a packed code graph cannot be read").error(), ProblemSeverity::data_loss, apps[i].path, {}});
  }
}

constexpr ViewColumn kViewColumns[] = {
    {"actor_id", "Who."},
    {"power", "What: a file of data/powers."},
    {"held_by", "The right that allows it; null when none is held."},
    {"code", "The code that uses it; null when none was found."},
    {"sites", "How many places in its code use it."},
    {"reachable", "1 when an entry reaches that code, 0 when none does, null when that is not known or there is no code."},
    {"entry", "The part that is started."},
    {"entry_kind", "exported, guarded or background."},
    {"guard", "What a caller must hold, or that the code asks who called."},
    {"way", "From the entry to the code."},
    {"baseline", "1 when plain AOSP has a package of this name."},
    {"fact_id", "For `klikspaan why`."},
};
constexpr View kPowerView{"power", "Who is able to do what, by which right, with which code, and whether anything reaches that code.", kViewColumns,
                          R"(SELECT d.row_id, p.power, p.held_by, p.code, p.sites, p.reachable, p.entry, p.entry_kind, p.guard, p.way, p.baseline, lower(hex(p.fact_id))
FROM _device_power p JOIN _device_actor d ON d.build_id = p.build_id AND d.kind = p.actor_kind AND d.name = p.actor AND d.path = p.path)"};

constexpr ViewColumn kDoorViewColumns[] = {
    {"package_id", "The app."},
    {"kind", "activity, alias, service, receiver or provider."},
    {"entry", "The part that anybody on the phone may start."},
    {"power", "What the code it reaches uses; the app holds a right to it."},
    {"code", "The code that uses it."},
    {"guard", "That code on the way asks who called; null when none does."},
    {"way", "From the entry to the code."},
    {"fact_id", "For `klikspaan why`."},
};
constexpr View kDoorView{"open_door", "What anybody on the phone can set in motion: exported parts of apps and the powers that their code reaches.", kDoorViewColumns,
                         R"(SELECT d.row_id, o.kind, o.entry, o.power, o.code, o.guard, o.way, lower(hex(o.fact_id))
FROM _device_open_door o JOIN _device_actor d ON d.build_id = o.build_id AND d.kind = 'package' AND d.name = o.actor AND d.path = o.path)"};
constexpr const View* kViews[] = {&kPowerView, &kDoorView};

}  // namespace

extern const ImageExtractor image_extractor_powers;
constexpr ImageExtractor image_extractor_powers{.name = kName, .title = "Who is able to do what, by which right and with which code", .emits = kEmits, .run = run, .views = kViews};

}  // namespace klik
