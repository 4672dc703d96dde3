#include "extract/app_powers.h"

#include <algorithm>
#include <set>

namespace klik {
namespace {

constexpr std::uint64_t kStepsPerApp = 40'000'000;   // the largest app measured needs a fortieth
constexpr std::uint32_t kMostDoors = 400;            // of one app, looked at one by one
constexpr std::uint64_t kStepsPerDoor = 2'000'000;
constexpr std::size_t kMostSitesPerDoor = 2'000;     // of one power
constexpr std::size_t kSitesNamed = 8;               // as reasons of a row; the rest are counted

// The users of Android that need no permission. Source: AOSP ActivityManager.checkComponentPermission (root and system),
// system/core libcutils android_filesystem_config.h for the names.
std::string_view user_of(std::string_view shared_uid) {
  if (shared_uid == "android.uid.system") return "system";
  if (shared_uid == "android.uid.phone") return "radio";
  return {};
}

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
  h.sure = h.by.starts_with("user ") || (!names.empty() && names.front().first < 2);
  if (h.by.empty() && p.none_until && app.target_sdk <= *p.none_until) h.by = "no right needed", h.sure = true;
  return h;
}

// Whether the call is given something that is not written down in the code: what it does may then be chosen by others.
bool is_open(const AppCallSite& s) { return s.argument.empty() || s.argument.find("…") != std::string::npos; }

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
  std::optional<Nearness> best_near;
  bool nested_only = true;
  std::vector<FactId> named;
  for (const AppCallSite& s : app.sites) {
    if (s.power != p.id) continue;
    ++u.sites;
    nested_only &= s.nested;
    const auto near = reach.nearness(s.class_name, s.method, s.descriptor);
    const auto order = [](const AppCallSite& x, const std::optional<Nearness>& n) { return std::tuple(!n.has_value(), n.value_or(Nearness{Door::background, 0}), x.class_name, x.method, x.descriptor, x.at); };
    if (!best || order(s, near) < order(*best, best_near)) {
      best = &s;
      best_near = near;
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
  describe(u, reach.method(best->class_name, best->method, best->descriptor), app);
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

// Keyboards, listeners of notifications, accessibility services and device administrators need no permission of their own:
// the system binds them once the owner, or whoever speaks for the owner, has switched them on.
void bound_by_system(const data::Power& p, const AppCode& app, Held& held) {
  if (!held.by.empty()) return;
  const auto takes = [&](const AppEntry& e) {
    if (!e.guard.starts_with("android.permission.BIND_") || e.guard == "android.permission.BIND_JOB_SERVICE") return false;
    if (std::ranges::find(p.services, e.guard) != p.services.end()) return true;
    return e.guard == "android.permission.BIND_DEVICE_ADMIN" && std::ranges::find(p.rights, e.guard) != p.rights.end();
  };
  const auto e = std::ranges::find_if(app.entries, takes);
  if (e == app.entries.end()) return;
  held.by = "bound by the system as " + e->guard.substr(std::string_view("android.permission.BIND_").size()) + " (on_request)";
  held.because.push_back(e->id);
  held.sure = true;
}

bool cleartext_allowed(const AppCode& app) { return app.cleartext.value_or(app.target_sdk <= 27); }

// Powers made of others: one of each line, in code that something reaches and with a right to it.
PowerRow composed(const data::Power& p, const std::vector<PowerRow>& rows) {
  PowerRow out{&p, {}, {}};
  std::string parts;
  for (const auto& line : p.all) {
    const auto fits = std::ranges::find_if(rows, [&](const PowerRow& r) {
      return std::ranges::find(line, r.power->id) != line.end() && r.held.sure && !r.use.code.empty() && r.use.reachable.value_or(false);
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

// Reaching is done again for each open entry alone: the shortest way to a call is one of many, and each door matters.
std::vector<OpenDoor> open_doors(const AppCode& app, const AppReach& reach, const std::vector<PowerRow>& rows, bool& left_out) {
  std::vector<OpenDoor> out;
  std::vector<const data::Power*> held;
  for (const PowerRow& r : rows)
    if (!r.held.by.empty() && r.use.entry_kind == door_name(Door::open)) held.push_back(r.power);
  if (held.empty()) return out;
  for (std::uint32_t n = 0; n < app.entries.size() && app.entries[n].door == Door::open; ++n) {
    // A hostile manifest may have as many doors as it likes; real apps have a few dozen.
    if (n == kMostDoors) {
      left_out = true;
      break;
    }
    const AppReach::FromOne from = reach.from(n, kStepsPerDoor);
    for (const data::Power* p : held) {
      const AppCallSite* best = nullptr;
      Nearness best_near{};
      std::size_t looked_at = 0;
      for (const AppCallSite& s : app.sites) {
        if (s.power != p->id) continue;
        if (++looked_at > kMostSitesPerDoor) {
          left_out = true;
          break;
        }
        const auto near = from.nearness(s.class_name, s.method, s.descriptor);
        const auto order = [](const AppCallSite& x, const Nearness& at) { return std::tuple(!is_open(x), at.length, x.class_name, x.method, x.descriptor, x.at); };
        if (!near || (best && order(*best, best_near) <= order(s, *near))) continue;
        best = &s;
        best_near = *near;
      }
      if (!best) continue;
      if (const auto way = from.method(best->class_name, best->method, best->descriptor)) out.push_back({&app.entries[n], p, best, code_of(*best), guard_of(*way), way->way, !is_open(*best)});
    }
  }
  return out;
}

}  // namespace

std::string_view door_name(Door d) { return d == Door::open ? "exported" : d == Door::guarded ? "guarded" : "background"; }

AppPowers powers_of(const AppCode& app, const flow::Platform& platform) {
  AppPowers out;
  const AppReach reach(app, platform, kStepsPerApp);
  out.exhausted = reach.exhausted();
  out.unreadable = reach.unreadable();
  out.platform_classes = reach.platform_classes();
  std::set<std::string_view> used;
  for (const AppCallSite& s : app.sites) used.insert(s.power);
  for (const data::Power& p : data::powers()) {
    if (p.guard || !p.all.empty()) continue;
    if (p.needs_cleartext && !cleartext_allowed(app)) continue;
    PowerRow row{&p, right_to(p, app), {}};
    if (used.contains(p.id)) row.use = call_of(p, app, reach);
    entry_of(p, app, reach, row.use);
    bound_by_system(p, app, row.held);
    if (!row.use.code.empty() || row.held.permission) out.rows.push_back(std::move(row));
  }
  out.doors = open_doors(app, reach, out.rows, out.doors_left_out);
  for (const data::Power& p : data::powers())
    if (!p.all.empty())
      if (PowerRow row = composed(p, out.rows); !row.use.code.empty()) out.rows.push_back(std::move(row));
  return out;
}

}  // namespace klik
