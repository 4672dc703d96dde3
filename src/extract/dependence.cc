// What hangs together on an image: apps that update others or the system, and apps that other code names, so that taking
// them away breaks something.
#include <algorithm>
#include <map>
#include <set>

#include "extract/code_owner.h"
#include "extract/columns.h"

namespace klik {
namespace {

constexpr std::string_view kName = "dependence@1";

constexpr Column kAgentColumns[] = {
    {"actor", ColumnType::text, "Name of the app.", true},
    {"path", ColumnType::text, "Its APK.", true},
    {"how", ColumnType::text, "update_system: replaces the system; install_silently: installs apps.", true},
    {"verifies", ColumnType::boolean, "Whether code that verifies a signature stands in it. That this guards what it installs is not shown; null when its code was not read.", false, true},
};
constexpr FactKind kAgent{"device.update_agent", "An app that holds a right to install software and has code that does.", kAgentColumns};

constexpr Column kNeedColumns[] = {
    {"package", ColumnType::text, "The app that is named.", true},
    {"named_by", ColumnType::text, "Path of the file that names it.", true},
    {"kind", ColumnType::text, "code: an instruction is given its name; overlay: an app changes its resources.", true},
};
constexpr FactKind kNeed{"device.needed_package", "An app of the image that another part of it names.", kNeedColumns};
constexpr const FactKind* kEmits[] = {&kAgent, &kNeed};

void agents(const BuildRows& rows, FactSink& sink) {
  const FactKind* power = find_kind("device.power");
  const FactKind* site = find_kind("code.call_site");
  if (!power || !site) return;
  const CodeOwners files(rows);
  std::map<std::string, FactId, std::less<>> verifies;   // APK → a call that verifies
  rows.facts(*site, [&](const FactRow& r) {
    if (text_of(*site, r, "power") != "verify_signature") return;
    if (const auto owner = files.app_of(r.artifact.path)) verifies.try_emplace(std::string(*owner), r.id);
  });
  rows.facts(*power, [&](const FactRow& r) {
    const std::string_view what = text_of(*power, r, "power");
    if (what != "update_system" && what != "install_silently") return;
    if (text_of(*power, r, "held_by").empty() || text_of(*power, r, "code").empty() || text_of(*power, r, "actor_kind") != "package") return;
    const std::string_view path = text_of(*power, r, "path");
    const auto check = verifies.find(path);
    Row row(kAgent);
    row.set("actor", text_of(*power, r, "actor")).set("path", path).set("how", what).set("verifies", check != verifies.end());
    std::vector<FactId> because{r.id};
    if (check != verifies.end()) because.push_back(check->second);
    sink.fact({&kAgent, rows.build(), row.values(), {}, kName, std::move(because)});
  });
}

void needs(const BuildRows& rows, FactSink& sink) {
  const FactKind* actor = find_kind("device.actor");
  const FactKind* named = find_kind("code.dynamic");
  const FactKind* package = find_kind("app.package");
  if (!actor || !named || !package) return;
  std::map<std::string, std::string, std::less<>> path_of;   // of the build's packages
  rows.facts(*actor, [&](const FactRow& r) {
    if (text_of(*actor, r, "kind") == "package") path_of.try_emplace(std::string(text_of(*actor, r, "name")), text_of(*actor, r, "path"));
  });
  const CodeOwners files(rows);
  std::set<std::pair<std::string, std::string>> told;
  const auto tell = [&](std::string_view name, const FactRow& r, std::string_view kind) {
    const auto at = path_of.find(name);
    if (at == path_of.end()) return;
    // An app names itself all the time.
    if (const auto owner = files.app_of(r.artifact.path); owner && *owner == at->second) return;
    if (!told.emplace(name, r.artifact.path).second) return;
    Row row(kNeed);
    row.set("package", name).set("named_by", r.artifact.path).set("kind", kind);
    sink.fact({&kNeed, rows.build(), row.values(), {}, kName, {r.id}});
  };
  rows.facts(*named, [&](const FactRow& r) {
    if (text_of(*named, r, "kind") == "package") tell(text_of(*named, r, "what"), r, "code");
  });
  rows.facts(*package, [&](const FactRow& r) { tell(text_of(*package, r, "overlay_target"), r, "overlay"); });
}

void run(const Image& image, FactSink& sink) {
  agents(image.rows, sink);
  needs(image.rows, sink);
}

constexpr ViewColumn kAgentViewColumns[] = {
    {"actor_id", "The app."},
    {"how", "update_system or install_silently."},
    {"verifies", "1 when code that verifies a signature stands in it; 0 when none was found."},
    {"fact_id", "For `klikspaan why`."},
};
constexpr View kAgentView{"update_agent", "Apps that are able to install software without asking.", kAgentViewColumns,
                          R"(SELECT d.row_id, u.how, u.verifies, lower(hex(u.fact_id))
FROM _device_update_agent u CROSS JOIN _device_actor d ON d.build_id = u.build_id AND d.kind = 'package' AND d.name = u.actor AND d.path = u.path)"};
constexpr ViewColumn kNeedViewColumns[] = {
    {"package_id", "The app that is named."},
    {"named_by", "The file that names it: an artifact."},
    {"kind", "code or overlay."},
    {"fact_id", "For `klikspaan why`."},
};
constexpr View kNeedView{"needed_package", "Apps that other parts of the image name: taking them away may break those.", kNeedViewColumns,
                         R"(SELECT d.row_id, a.artifact_id, n.kind, lower(hex(n.fact_id))
FROM _device_needed_package n CROSS JOIN _device_actor d ON d.build_id = n.build_id AND d.kind = 'package' AND d.name = n.package
CROSS JOIN _artifact a ON a.build_id = n.build_id AND a.path = n.named_by)"};
constexpr const View* kViews[] = {&kAgentView, &kNeedView};

}  // namespace

extern const ImageExtractor image_extractor_dependence;
constexpr ImageExtractor image_extractor_dependence{.name = kName, .title = "Update agents, and apps that other code names", .emits = kEmits, .run = run, .views = kViews};

}  // namespace klik
