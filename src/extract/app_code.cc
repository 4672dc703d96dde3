#include "extract/app_code.h"

#include <algorithm>

#include "extract/code_owner.h"
#include "extract/columns.h"

namespace klik {
namespace {

// Base level of a permission: what it takes to hold it.
bool everybody_can_hold(std::string_view protection) { return protection.starts_with("normal") || protection.starts_with("dangerous"); }

class Gathering {
 public:
  explicit Gathering(const BuildRows& rows) : rows_(rows), files_(rows) {}

  std::vector<AppCode> run() {
    actors();
    manifests();
    protections();
    components();
    rights();
    call_sites();
    graphs();
    for (AppCode& app : apps_) {
      std::ranges::sort(app.entries, {}, [](const AppEntry& e) { return std::tuple(e.door, e.kind, e.class_name); });
      choose_copy(app.graphs);
    }
    return std::move(apps_);
  }

 private:
  AppCode* app_at(std::string_view apk) {
    const auto at = by_path_.find(apk);
    return at == by_path_.end() ? nullptr : &apps_[at->second];
  }
  AppCode* app_of_file(std::string_view path) {
    const auto owner = files_.app_of(path);
    return owner ? app_at(*owner) : nullptr;
  }
  void each(std::string_view kind_name, const std::function<void(const FactKind&, const FactRow&)>& row) {
    if (const FactKind* kind = find_kind(kind_name)) rows_.facts(*kind, [&](const FactRow& r) { row(*kind, r); });
  }

  void actors() {
    each("device.actor", [&](const FactKind& k, const FactRow& r) {
      if (text_of(k, r, "kind") != "package") return;
      AppCode app;
      app.path = text_of(k, r, "path");
      app.name = text_of(k, r, "name");
      app.uid = text_of(k, r, "uid");
      app.actor = r.id;
      apps_.push_back(std::move(app));
    });
    std::ranges::sort(apps_, {}, [](const AppCode& a) { return std::tie(a.path, a.name); });
    for (std::size_t i = 0; i < apps_.size(); ++i) by_path_.emplace(apps_[i].path, i);
  }
  void manifests() {
    each("app.package", [&](const FactKind& k, const FactRow& r) {
      AppCode* app = app_at(r.artifact.path);
      if (!app) return;
      app->manifest = r.id;
      if (const auto clear = number_of(k, r, "cleartext")) app->cleartext = *clear != 0;
      app->target_sdk = number_of(k, r, "target_sdk").value_or(1);
      app->application = text_of(k, r, "application");
    });
  }
  void protections() {
    each("app.permission_declaration", [&](const FactKind& k, const FactRow& r) { protection_.try_emplace(std::string(text_of(k, r, "permission")), text_of(k, r, "protection")); });
    // What the build decides goes over what single manifests say.
    each("device.permission_definition", [&](const FactKind& k, const FactRow& r) { protection_.insert_or_assign(std::string(text_of(k, r, "permission")), std::string(text_of(k, r, "protection"))); });
  }
  Door door_of(bool exported, std::string_view kind, const std::string& permission, const std::string& read, const std::string& write, std::string& guard) const {
    if (!exported) return Door::background;
    std::vector<std::string> asked;
    if (kind == "provider") asked = {read.empty() ? permission : read, write.empty() ? permission : write};
    else asked = {permission};
    for (const std::string& p : asked) {
      if (!guard.empty() || p.empty()) continue;
      guard = p;
    }
    for (const std::string& p : asked) {
      if (p.empty()) return Door::open;
      if (const auto level = protection_.find(p); level != protection_.end() && everybody_can_hold(level->second)) return Door::open;
    }
    return Door::guarded;
  }
  void components() {
    each("app.component", [&](const FactKind& k, const FactRow& r) {
      AppCode* app = app_at(r.artifact.path);
      if (!app) return;
      const std::string permission(text_of(k, r, "permission"));
      if (text_of(k, r, "kind") == "service" && !permission.empty()) app->service_guards.push_back(permission);
      if (number_of(k, r, "enabled") == 0) return;   // null: a resource outside decides, so it may be
      AppEntry e{std::string(text_of(k, r, "kind")), std::string(text_of(k, r, "class")), Door::background, {}, std::string(text_of(k, r, "action")), r.id};
      e.door = door_of(number_of(k, r, "exported").value_or(0) != 0, e.kind, permission, std::string(text_of(k, r, "read_permission")), std::string(text_of(k, r, "write_permission")), e.guard);
      if (e.kind == "alias") e.class_name = text_of(k, r, "target_class");
      app->entries.push_back(std::move(e));
    });
  }
  void rights() {
    each("device.grant", [&](const FactKind& k, const FactRow& r) {
      if (AppCode* app = app_at(text_of(k, r, "path"))) app->grants.insert_or_assign(std::string(text_of(k, r, "permission")), AppGrant{std::string(text_of(k, r, "effective")), std::string(text_of(k, r, "why")), r.id});
    });
  }
  // Whether a DEX at this path is loaded at run time only: the phone runs classes.dex, classes2.dex, … of the APK itself.
  static bool is_nested(std::string_view apk, std::string_view path) {
    if (!path.starts_with(apk) || !compiled_from(path).empty()) return false;
    std::string_view inside = path.substr(apk.size());
    if (inside.starts_with('!')) inside.remove_prefix(1);
    return !(inside.starts_with("classes") && inside.ends_with(".dex") && inside.find_first_of("!/") == inside.npos);
  }
  void call_sites() {
    each("code.call_site", [&](const FactKind& k, const FactRow& r) {
      AppCode* app = app_of_file(r.artifact.path);
      if (!app) return;
      app->sites.push_back({std::string(text_of(k, r, "power")), std::string(text_of(k, r, "class")), std::string(text_of(k, r, "method")), std::string(text_of(k, r, "descriptor")), std::string(text_of(k, r, "callee")),
                            std::string(text_of(k, r, "argument")), number_of(k, r, "at").value_or(0), is_nested(app->path, r.artifact.path), r.id});
    });
  }
  void graphs() {
    each("code.graph", [&](const FactKind& k, const FactRow& r) {
      if (AppCode* app = app_of_file(r.artifact.path)) app->graphs.push_back({std::string(r.artifact.path), std::string(text_of(k, r, "graph")), is_nested(app->path, r.artifact.path)});
    });
  }
  // The APK's own code runs first; without it, what was compiled from it. One copy is enough: the code for another
  // processor is the same.
  static void choose_copy(std::vector<AppGraph>& graphs) {
    const auto compiled = [](const AppGraph& g) { return !compiled_from(g.path).empty(); };
    const bool own = std::ranges::any_of(graphs, [&](const AppGraph& g) { return !g.nested && !compiled(g); });
    if (own) {
      std::erase_if(graphs, compiled);
    } else {
      const auto is_vdex = [](const AppGraph& g) { return g.path.find(".vdex") != g.path.npos; };
      const bool vdex = std::ranges::any_of(graphs, is_vdex);
      std::string first;
      std::erase_if(graphs, [&](const AppGraph& g) {
        if (!compiled(g)) return false;
        if (vdex != is_vdex(g)) return true;
        const std::string file = g.path.substr(0, g.path.rfind('!'));
        if (first.empty()) first = file;
        return file != first;
      });
    }
    std::ranges::stable_sort(graphs, {}, [](const AppGraph& g) { return std::tuple(g.nested, g.path.size(), g.path); });   // classes.dex before classes2.dex before classes10.dex
  }

  const BuildRows& rows_;
  const CodeOwners files_;
  std::vector<AppCode> apps_;
  std::map<std::string, std::size_t, std::less<>> by_path_;
  std::map<std::string, std::string, std::less<>> protection_;
};

}  // namespace

std::vector<AppCode> apps_of(const BuildRows& rows) { return Gathering(rows).run(); }

std::vector<AppGraph> platform_graphs(const BuildRows& rows) {
  std::vector<AppGraph> out;
  const FactKind* kind = find_kind("code.graph");
  if (!kind) return out;
  rows.facts(*kind, [&](const FactRow& r) {
    const std::string_view place = r.artifact.device_path;
    const bool framework = place.starts_with("/system/framework/") || place.starts_with("/system_ext/framework/") || (place.starts_with("/apex/") && place.find("/javalib/") != place.npos);
    // A DEX inside a jar has no place of its own on the phone; its path tells.
    const std::string_view path = r.artifact.path;
    const bool inside = path.find("framework/") != path.npos && path.find(".jar!") != path.npos;
    const bool boot = path.find("framework/") != path.npos && (path.find("/boot") != path.npos) && !compiled_from(path).empty();
    if (framework || inside || boot) out.push_back({std::string(path), std::string(text_of(*kind, r, "graph")), false});
  });
  return out;
}

}  // namespace klik
