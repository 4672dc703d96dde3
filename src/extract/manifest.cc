// What an app says of itself in its manifest: identity, doors, wishes.
#include <algorithm>

#include "apps/apk.h"
#include "apps/manifest.h"
#include "containers/zip_archive.h"
#include "extract/extractor.h"
#include "extract/manifest_facts.h"

namespace klik {
namespace {

using namespace manifest_facts;

constexpr std::string_view kName = "manifest@2";
constexpr std::uint64_t kMostManifest = std::uint64_t{16} << 20;   // decoded; the largest ones of real apps have 1 MB
constexpr const FactKind* kEmits[] = {&kPackage, &kComponent, &kIntentFilter, &kPermissionRequest, &kPermissionDeclaration, &kEntry};

bool wants(std::string_view kind, std::string_view) { return kind == "apk" || kind == "apex" || kind == "capex"; }

// `each` joined with `separator`, which is written %XX inside of one.
void join(std::string& out, std::string_view each, char separator) {
  if (!out.empty()) out += separator;
  for (const char c : each) {
    if (c != separator) out += c;
    else out += separator == ',' ? "%2C" : "%3B";
  }
}

std::string joined(const std::vector<std::string>& parts) {
  std::string out;
  for (const std::string& p : parts) join(out, p, ',');
  return out;
}

std::optional<std::string> if_any(std::string text) { return text.empty() ? std::nullopt : std::optional(std::move(text)); }

class Emitter {
 public:
  Emitter(const FileItem& item, FactSink& sink, const apk::Manifest& manifest, const BlobId& xml, const std::optional<BlobId>& resources, bool has_dex)
      : item_(item), sink_(sink), m_(manifest), xml_(xml), resources_(resources), has_dex_(has_dex) {}

  void all() {
    package();
    for (const apk::Component& c : m_.components) component(c);
    for (const apk::PermissionRequest& r : m_.requests) {
      Row row(kPermissionRequest);
      row.set("package", m_.package).set("permission", r.permission).set("max_sdk", r.max_sdk).set("sdk23", r.sdk23).set("required", if_any(r.condition));
      put(kPermissionRequest, row, r.element, {});
    }
    for (const apk::PermissionDeclaration& d : m_.declarations) {
      Row row(kPermissionDeclaration);
      row.set("package", m_.package).set("permission", d.permission).set("protection_level", d.level).set("group", if_any(d.group));
      if (d.level) row.set("protection", apk::protection_text(static_cast<std::uint32_t>(*d.level)));
      put(kPermissionDeclaration, row, d.element, d.resources);
    }
    for (const apk::ManifestEntry& e : m_.entries) entry(e.tag, e.name, e.value, e.owner, e.element, e.resources);
    if (m_.application) application(*m_.application);
    for (const apk::VaryingValue& v : m_.varying) entry("varies", v.name, v.values, "", v.at, {});
  }

 private:
  void put(const FactKind& kind, Row& row, apk::Span at, const std::vector<apk::Span>& in_resources) {
    std::vector<Place> origins{{xml_, at.at, at.length}};
    if (resources_)
      for (const apk::Span s : in_resources) origins.push_back({*resources_, s.at, s.length});
    sink_.fact({.kind = &kind, .about = item_.blob, .values = row.values(), .origins = std::move(origins), .extractor = kName});
  }

  void entry(std::string_view tag, std::string_view name, const std::string& value, const std::string& owner, apk::Span at, const std::vector<apk::Span>& in_resources) {
    Row row(kEntry);
    row.set("package", m_.package).set("tag", tag).set("name", name).set("n", entries_++).set("value", if_any(value)).set("owner", if_any(owner));
    put(kEntry, row, at, in_resources);
  }

  void application(const apk::Application& a) {
    const auto text = [&](std::string_view name, const apk::Text& t) {
      if (!t.stated) return;
      entry("application", name, spelled(t), "", t.at, t.resource.length ? std::vector{t.resource} : std::vector<apk::Span>{});
    };
    text("name", a.name);
    text("process", a.process);
    text("permission", a.permission);
    text("networkSecurityConfig", a.network_security_config);
    if (a.test_only.value == true) entry("application", "testOnly", "true", "", a.test_only.at, {});
    if (a.direct_boot_aware.value == true) entry("application", "directBootAware", "true", "", a.direct_boot_aware.at, {});
  }

  void package() {
    static const apk::Application kNothing{};
    const apk::Application& app = m_.application ? *m_.application : kNothing;
    Row row(kPackage);
    row.set("name", m_.package).set("version_code", m_.version_code).set("min_sdk", m_.min_sdk).set("max_sdk", m_.max_sdk);
    if (m_.target_sdk_known) row.set("target_sdk", m_.target_sdk);
    row.set("version_name", if_any(spelled(m_.version_name))).set("shared_uid", if_any(spelled(m_.shared_uid))).set("split", if_any(m_.split));
    row.set("application", if_any(application_class(app)));
    row.set("core_app", m_.core_app).set("debuggable", app.debuggable.or_default(false)).set("enabled", app.enabled.or_default(true));
    row.set("cleartext", app.cleartext.value).set("backup", app.allow_backup.value).set("persistent", app.persistent.or_default(false));
    row.set("overlay_target", if_any(m_.overlay_target));
    // Code of system apps often lies beside the APK; a plain overlay has none anywhere.
    if (has_dex_) row.set("has_code", true);
    else row.set("has_code", app.has_code.or_default(m_.overlay_target.empty() && m_.application.has_value()));
    put(kPackage, row, m_.element, m_.resources);
  }

  // The package is filled in as for components.
  std::string application_class(const apk::Application& app) const {
    const std::string name = spelled(app.name);
    if (name.empty() || name.starts_with('@') || (name.find('.') != name.npos && !name.starts_with('.'))) return name;
    return m_.package + (name.starts_with('.') ? "" : ".") + name;
  }

  void component(const apk::Component& c) {
    const std::string_view kind = apk::component_kind_name(c.kind);
    std::vector<std::string> actions;
    for (const apk::IntentFilter& f : c.filters)
      for (const std::string& a : f.actions)
        if (std::ranges::find(actions, a) == actions.end()) actions.push_back(a);
    Row row(kComponent);
    row.set("package", m_.package).set("kind", kind).set("class", c.class_name).set("exported", c.exported).set("exported_why", apk::exported_why_name(c.exported_why));
    row.set("enabled", c.enabled).set("permission", c.permission).set("read_permission", c.read_permission).set("write_permission", c.write_permission);
    row.set("process", c.process).set("authorities", c.authorities).set("grant_uri", c.grant_uri_permissions).set("action", if_any(joined(actions))).set("target_class", c.target_class);
    put(kComponent, row, c.element, c.resources);
    for (std::int64_t n = 0; const apk::IntentFilter& f : c.filters) {
      std::string data;
      for (const apk::FilterData& d : f.data) join(data, std::string(d.kind) + "=" + d.value, ';');
      Row filter(kIntentFilter);
      filter.set("package", m_.package).set("component_kind", kind).set("class", c.class_name).set("n", n++).set("actions", joined(f.actions)).set("categories", joined(f.categories));
      filter.set("data", data).set("priority", f.priority).set("auto_verify", f.auto_verify.value);
      put(kIntentFilter, filter, f.element, f.resources);
    }
  }

  const FileItem& item_;
  FactSink& sink_;
  const apk::Manifest& m_;
  BlobId xml_;
  std::optional<BlobId> resources_;
  bool has_dex_;
  std::int64_t entries_ = 0;
};

// Offsets of an oddity count in a member; a problem is one of the archive, so it stands at the member's data.
void tell(FactSink& sink, const std::vector<res::Oddity>& oddities, const ZipEntry& member) {
  for (const res::Oddity& o : oddities) {
    Error error = o.error;
    std::string detail = member.name + " at " + std::to_string(error.at);
    if (o.count > 1) detail += ", " + std::to_string(o.count) + " times";
    error.at = member.data_at;
    const bool harmless = error.code == Code::deviation || error.code == Code::absent;
    sink.problem({error, o.lost ? ProblemSeverity::data_loss : harmless ? ProblemSeverity::info : ProblemSeverity::error, std::move(detail)});
  }
}

void run(const FileItem& item, FactSink& sink) {
  std::vector<Note> notes;   // the zip container has noted them for this item already
  const auto archive = ZipArchive::open(item.source, item.budget, notes);
  if (!archive) return sink.problem({archive.error(), ProblemSeverity::data_loss});
  const ZipEntry* const xml_entry = archive->find(apk::kManifest);
  const auto lost = [&](Error error) {
    if (xml_entry) error.at = xml_entry->data_at;
    sink.problem({error, ProblemSeverity::data_loss, std::string(apk::kManifest), "nothing is known of what this app declares"});
  };
  if (!xml_entry) return lost(fail(Code::absent, archive->directory_at(), "an app without a manifest").error());
  const auto xml = archive->load(*xml_entry, kMostManifest);
  if (!xml) return lost(xml.error());

  // Most manifests need no resources: the table, megabytes of it, is then neither unpacked nor hashed.
  const ZipEntry* const table_entry = archive->find(apk::kResources);
  Blob table;
  std::optional<BlobId> table_id;
  const auto manifest = apk::read_manifest_with(xml->bytes(), [&]() -> Bytes {
    if (!table_entry) return {};
    auto loaded = archive->load(*table_entry, item.budget.metadata_bytes);
    if (!loaded) {
      sink.problem({loaded.error(), ProblemSeverity::data_loss, std::string(apk::kResources), "values that the manifest takes from resources are unknown"});
      return {};
    }
    table = std::move(*loaded);
    table_id.emplace(sha256(table.bytes()));
    return table.bytes();
  });
  if (!manifest) return lost(manifest.error());
  tell(sink, manifest->oddities, *xml_entry);
  if (table_entry) tell(sink, manifest->resource_oddities, *table_entry);
  Emitter(item, sink, *manifest, BlobId(sha256(xml->bytes())), table_id, archive->find("classes.dex") != nullptr).all();
}

}  // namespace

extern const Extractor extractor_manifest;
constexpr Extractor extractor_manifest{
    .name = kName,
    .title = "What apps say of themselves: identity, components, permissions",
    .emits = kEmits,
    .wants = wants,
    .run = run,
};

}  // namespace klik
