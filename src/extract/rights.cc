// What every package really holds on this image, and why. Asking is not holding.

#include <set>

#include "apps/manifest.h"
#include "data/permissions.h"
#include "extract/columns.h"
#include "extract/rights_image.h"
#include "extract/rights_model.h"
#include "extract/settings.h"

namespace klik {
namespace {

using namespace rights;

constexpr std::string_view kName = "rights@2";

constexpr Column kDefinitionColumns[] = {
    {"permission", ColumnType::text, "The permission's name.", true},
    {"protection", ColumnType::text, "Its protection level; null when a resource outside decides.", false, true},
    {"package", ColumnType::text, "The package that declares it; null when the built-in table stands in for the platform.", false, true},
    {"assumed", ColumnType::boolean, "Whether it is plain AOSP's, because the image's own platform package is not here."},
};
constexpr FactKind kDefinition{"device.permission_definition", "What a permission means on this image: the first declaration counts, the platform's before all.", kDefinitionColumns};

constexpr Column kGrantColumns[] = {
    {"package", ColumnType::text, "The package's name.", true},
    {"path", ColumnType::text, "The artifact that it is.", true},
    {"permission", ColumnType::text, "The permission.", true},
    {"requested", ColumnType::boolean, "Whether its manifest asks for it; else it follows from another request or comes with its shared user."},
    {"effective", ColumnType::text, "granted, pregranted (at first boot, nobody is asked), on_request (when somebody allows it), denied or unknown."},
    {"protection", ColumnType::text, "The protection level on this image; null when not known.", false, true},
    {"why", ColumnType::text, "The reason for `effective`."},
};
constexpr FactKind kGrant{"device.grant", "Whether a package holds a permission on this image.", kGrantColumns};

constexpr Column kUidColumns[] = {
    {"uid", ColumnType::text, "The user by name; group:NAME for what holders of a permission become members of.", true},
    {"permission", ColumnType::text, "The permission; * for every one.", true},
    {"why", ColumnType::text, "What gives it."},
};
constexpr FactKind kUidRight{"device.uid_right", "A permission that comes with a user of the system, whatever runs as it.", kUidColumns};
constexpr const FactKind* kEmits[] = {&kDefinition, &kGrant, &kUidRight};

class Emitter {
 public:
  Emitter(const BuildRows& rows, FactSink& sink) : rows_(rows), sink_(sink), model_(read_model(rows)) {}

  void all() {
    packages();
    definitions();
    users();
    contradictions();
    settings();
  }

 private:
  FactId put(const FactKind& kind, Row& row, std::vector<FactId> because) {
    Fact fact{&kind, rows_.build(), row.values(), {}, kName, std::move(because)};
    const FactId id = fact_id(fact);
    sink_.fact(std::move(fact));
    return id;
  }

  const Definition* definition(const std::string& permission) const {
    const auto at = model_.definitions.find(permission);
    return at == model_.definitions.end() ? nullptr : &at->second;
  }

  static std::optional<std::string> protection(const Definition* d) { return d && d->level ? std::optional(apk::protection_text(*d->level)) : std::nullopt; }

  FactId grant(const Package& p, const std::string& permission, bool requested, Effective effective, std::string_view why, std::vector<FactId> because) {
    Row row(kGrant);
    row.set("package", p.name).set("path", p.path).set("permission", permission).set("requested", requested).set("effective", effective_name(effective));
    row.set("protection", protection(definition(permission))).set("why", why);
    return put(kGrant, row, std::move(because));
  }

  void packages() {
    // State belongs to the user: what one member of a shared user holds, all hold.
    struct Best {
      Effective effective;
      std::string holder, why;
      FactId fact;
    };
    std::map<std::string, std::map<std::string, Best>> by_user;
    std::map<std::string, std::vector<std::size_t>> members;
    std::vector<std::vector<Verdict>> verdicts(model_.packages.size());
    for (std::size_t i = 0; i < model_.packages.size(); ++i) {
      const Package& p = model_.packages[i];
      const bool shares = !p.shared_user.empty() && !p.refused;
      if (shares) members[p.shared_user].push_back(i);
      for (const Request& r : model_.requests[i]) {
        used_.insert(r.permission);
        Verdict v = r.not_asked.empty() ? judge(p, r.permission, definition(r.permission), model_.image) : Verdict{Effective::denied, r.not_asked, {p.fact}};
        v.because.insert(v.because.begin(), r.because.begin(), r.because.end());
        if (!r.stated) v.why = "follows from another request; " + v.why;
        if (shares) {
          const auto [best, fresh] = by_user[p.shared_user].try_emplace(r.permission, Best{v.effective, p.name, v.why, {}});
          if (!fresh && v.effective > best->second.effective) best->second = {v.effective, p.name, v.why, {}};
        }
        verdicts[i].push_back(std::move(v));
      }
    }
    for (std::size_t i = 0; i < model_.packages.size(); ++i) {
      const Package& p = model_.packages[i];
      const auto user = p.refused ? by_user.end() : by_user.find(p.shared_user);
      for (std::size_t n = 0; n < verdicts[i].size(); ++n) {
        Verdict& v = verdicts[i][n];
        const Request& r = model_.requests[i][n];
        if (user != by_user.end()) {
          Best& best = user->second.at(r.permission);
          if (best.effective > v.effective) {
            v.why = "through its shared user " + p.shared_user + ", as " + best.holder + "; " + best.why;
            v.effective = best.effective;
          }
          const FactId id = grant(p, r.permission, r.stated, v.effective, v.why, std::move(v.because));
          if (best.holder == p.name) best.fact = id;
          continue;
        }
        grant(p, r.permission, r.stated, v.effective, v.why, std::move(v.because));
      }
    }
    for (const auto& [user, of] : members) {
      if (of.size() < 2) continue;
      const auto rights_of_user = by_user.find(user);
      if (rights_of_user == by_user.end()) continue;
      for (const std::size_t i : of)
        for (const auto& [permission, best] : rights_of_user->second) {
          if (best.effective < Effective::on_request || std::ranges::find(model_.requests[i], permission, &Request::permission) != model_.requests[i].end()) continue;
          grant(model_.packages[i], permission, false, best.effective, "through its shared user " + user + ", as " + best.holder, {best.fact, model_.packages[i].fact});
        }
    }
  }

  // Of the built-in table only what somebody asks for.
  void definitions() {
    for (const auto& [permission, d] : model_.definitions) {
      if (d.assumed && !used_.contains(permission)) continue;
      Row row(kDefinition);
      row.set("permission", permission).set("protection", protection(&d)).set("assumed", d.assumed);
      if (!d.assumed) row.set("package", d.package);
      put(kDefinition, row, d.assumed ? d.because : std::vector{d.fact});
    }
    for (const Conflict& c : model_.conflicts)
      sink_.problem({fail(Code::conflict, 0, "two packages declare one permission; the first one's word counts").error(), ProblemSeverity::info, c.permission + ": " + c.first + ", then " + c.second, {}});
  }

  void users() {
    if (!model_.image.present) return;
    std::set<std::pair<std::string, std::string>> said;
    const auto say = [&](const std::string& uid, const std::string& permission, const std::string& why, std::vector<FactId> because) {
      if (!said.emplace(uid, permission).second) return;
      Row row(kUidRight);
      row.set("uid", uid).set("permission", permission).set("why", why);
      put(kUidRight, row, std::move(because));
    };
    std::vector<FactId> any;
    if (const FactKind* kind = find_kind("device.identity")) rows_.facts(*kind, [&](const FactRow& row) { any = {row.id}; });
    if (any.empty()) any = {model_.packages.front().fact};
    // Source: AOSP ActivityManager.checkComponentPermission.
    for (const char* uid : {"root", "system"}) say(uid, "*", "passes every check of components and services by permission", any);
    if (const FactKind* kind = find_kind("system.assigned_permission"))
      rows_.facts(*kind, [&](const FactRow& row) {
        if (grants_count(row.artifact.device_path)) say(std::string(text_of(*kind, row, "uid")), std::string(text_of(*kind, row, "permission")), "assign-permission in " + std::string(row.artifact.device_path), {row.id});
      });
    if (const FactKind* kind = find_kind("system.permission_group"))
      rows_.facts(*kind, [&](const FactRow& row) {
        if (grants_count(row.artifact.device_path)) say("group:" + std::string(text_of(*kind, row, "gid")), std::string(text_of(*kind, row, "permission")), "holders of the permission are members of the group, by " + std::string(row.artifact.device_path), {row.id});
      });
  }

  void contradictions() {
    for (const std::string& c : model_.contradictions)
      sink_.problem({fail(Code::conflict, 0, "a package asks for a shared user whose other members have another signer; a running phone would not have it").error(), ProblemSeverity::error, c, {}});
    if (const FactKind* kind = find_kind("system.permission_file"))
      rows_.facts(*kind, [&](const FactRow& row) {
        const std::string_view unknown = text_of(*kind, row, "unknown"), path = row.artifact.device_path;
        if (unknown.empty() || !(path.contains("/etc/permissions/") || path.contains("/etc/sysconfig/") || path.contains("/etc/default-permissions/"))) return;
        sink_.problem({fail(Code::unsupported, 0, "a file that grants rights has elements that are not understood").error(), ProblemSeverity::info, std::string(path) + ": " + std::string(unknown), {}});
      });
  }

  // Roles, instrumentation and device admins, for the general table of settings.
  void settings() {
    const auto say = [&](std::string_view scope, std::string_view name, std::string_view value, const BlobId& about, std::vector<FactId> because) {
      sink_.fact({&settings::kSetting, about, settings::values(scope, name, value), {}, kName, std::move(because)});
    };
    if (const FactKind* entry = find_kind("app.manifest_entry"))
      rows_.facts(*entry, [&](const FactRow& row) {
        if (text_of(*entry, row, "tag") != "instrumentation" || !row.artifact.blob) return;
        say("instrumentation", text_of(*entry, row, "package"), text_of(*entry, row, "value"), *row.artifact.blob, {row.id});
      });
    if (const FactKind* component = find_kind("app.component"))
      rows_.facts(*component, [&](const FactRow& row) {
        if (text_of(*component, row, "permission") != "android.permission.BIND_DEVICE_ADMIN" || !row.artifact.blob) return;
        say("device_admin", text_of(*component, row, "package"), text_of(*component, row, "class"), *row.artifact.blob, {row.id});
      });
    if (const FactKind* config = find_kind("system.platform_config"))
      rows_.facts(*config, [&](const FactRow& row) {
        if (row.artifact.blob && !text_of(*config, row, "value").empty()) say("role", text_of(*config, row, "resource"), text_of(*config, row, "value"), *row.artifact.blob, {row.id});
      });
  }

  const BuildRows& rows_;
  FactSink& sink_;
  Model model_;
  std::set<std::string> used_;
};

void run(const klik::Image& image, FactSink& sink) { Emitter(image.rows, sink).all(); }

constexpr ViewColumn kGrantView[] = {
    {"package_id", "The package."},
    {"permission", "The permission's name."},
    {"requested", "1: its manifest asks for it; 0: it follows from another request, or comes with its shared user."},
    {"effective", "granted, pregranted (at first boot, nobody is asked), on_request (when somebody allows it), denied or unknown."},
    {"protection", "The protection level on this image; null when not known."},
    {"why", "The reason for `effective`."},
    {"fact_id", "For `klikspaan why`."},
};
constexpr View kGrants{"permission_grant", "The permissions that packages ask for, and whether they hold them on this image. Asking is not holding.", kGrantView,
                       "SELECT d.row_id, g.permission, g.requested, g.effective, g.protection, g.why, lower(hex(g.fact_id)) "
                       "FROM _device_grant g CROSS JOIN _device_actor d ON d.build_id = g.build_id AND d.path = g.path AND d.name = g.package AND d.kind = 'package'"};

constexpr ViewColumn kDefinitionView[] = {
    {"build_id", "The build."},
    {"permission", "The permission's name."},
    {"protection", "Its protection level; null when a resource outside decides."},
    {"package", "The package that declares it; null when the built-in table stands in for the platform."},
    {"assumed", "1: plain AOSP's, because the image's own platform package is not here."},
    {"fact_id", "For `klikspaan why`."},
};
constexpr View kDefinitions{"permission_definition", "What permissions mean on this image.", kDefinitionView,
                            "SELECT build_id, permission, protection, package, assumed, lower(hex(fact_id)) FROM _device_permission_definition"};

constexpr ViewColumn kUidView[] = {
    {"build_id", "The build."},
    {"uid", "The user by name; group:NAME for what holders of a permission become members of."},
    {"permission", "The permission; * for every one."},
    {"why", "What gives it."},
    {"fact_id", "For `klikspaan why`."},
};
constexpr View kUids{"uid_right", "Permissions that come with users and groups of the system, whatever runs as them.", kUidView,
                     "SELECT build_id, uid, permission, why, lower(hex(fact_id)) FROM _device_uid_right"};
constexpr const View* kViews[] = {&kGrants, &kDefinitions, &kUids};

}  // namespace

extern const ImageExtractor image_extractor_rights;
constexpr ImageExtractor image_extractor_rights{.name = kName, .title = "What packages and users really hold on this image, and why", .emits = kEmits, .run = run, .views = kViews};

}  // namespace klik
