// What an app says of itself in its manifest: identity, doors, wishes.
#include <algorithm>

#include "apps/apk.h"
#include "apps/manifest.h"
#include "containers/zip_archive.h"
#include "extract/extractor.h"

namespace klik {
namespace {

constexpr std::string_view kName = "manifest@1";
constexpr std::uint64_t kLargest = std::uint64_t{128} << 20;   // of a manifest or a resource table, decoded

constexpr Column kPackageColumns[] = {
    {"name", ColumnType::text, "Package name.", true},
    {"version_code", ColumnType::integer, "The number that Android compares, with versionCodeMajor in its upper half.", false, true},
    {"version_name", ColumnType::text, "The version that people see.", false, true},
    {"min_sdk", ColumnType::integer, "Lowest API level it says it runs on.", false, true},
    {"target_sdk", ColumnType::integer, "The API level whose rules it asks for: declared, else min_sdk, else 1."},
    {"max_sdk", ColumnType::integer, "Highest API level it says it runs on.", false, true},
    {"shared_uid", ColumnType::text, "The user it shares with other packages of the same signer.", false, true},
    {"split", ColumnType::text, "Name of the split, when this APK is a part of an app.", false, true},
    {"core_app", ColumnType::boolean, "Whether it is started before the data partition is unlocked."},
    {"debuggable", ColumnType::boolean, "Whether a debugger may attach; null when a resource outside decides.", false, true},
    {"enabled", ColumnType::boolean, "Whether it starts enabled; null when a resource outside decides.", false, true},
    {"cleartext", ColumnType::boolean, "usesCleartextTraffic; null when it says nothing.", false, true},
    {"backup", ColumnType::boolean, "allowBackup; null when it says nothing.", false, true},
    {"persistent", ColumnType::boolean, "Whether the system keeps it running.", false, true},
    {"has_code", ColumnType::boolean, "Whether it says that it has code.", false, true},
    {"overlay_target", ColumnType::text, "The package whose resources it changes, when it is an overlay.", false, true},
};
constexpr FactKind kPackage{"app.package", "An app's identity, from its manifest.", kPackageColumns};

constexpr Column kComponentColumns[] = {
    {"package", ColumnType::text, "Package name.", true},
    {"kind", ColumnType::text, "activity, alias, service, receiver or provider.", true},
    {"class", ColumnType::text, "The class that Android starts.", true},
    {"exported", ColumnType::boolean, "Whether other apps can reach it, by Android's rules; null when a resource outside decides.", false, true},
    {"exported_why", ColumnType::text, "declared, default_with_filter, default_without_filter, provider_before_17 or unknown_reference."},
    {"enabled", ColumnType::boolean, "With the app's own switch; null when a resource outside decides.", false, true},
    {"permission", ColumnType::text, "What a caller must hold, its own or the application's.", false, true},
    {"read_permission", ColumnType::text, "Of a provider, to read.", false, true},
    {"write_permission", ColumnType::text, "Of a provider, to write.", false, true},
    {"process", ColumnType::text, "The process it names.", false, true},
    {"authorities", ColumnType::text, "Of a provider.", false, true},
    {"action", ColumnType::text, "Actions of its filters, joined with commas.", false, true},
    {"target_class", ColumnType::text, "Of an alias, the activity it starts.", false, true},
};
constexpr FactKind kComponent{"app.component", "A part of an app that Android can start.", kComponentColumns};

constexpr Column kFilterColumns[] = {
    {"package", ColumnType::text, "Package name.", true},
    {"component_kind", ColumnType::text, "Kind of the component.", true},
    {"class", ColumnType::text, "The component.", true},
    {"n", ColumnType::integer, "From 0 within the component.", true},
    {"actions", ColumnType::text, "Joined with commas."},
    {"categories", ColumnType::text, "Joined with commas."},
    {"data", ColumnType::text, "The <data> elements, joined with semicolons."},
    {"priority", ColumnType::integer, "Among receivers of the same broadcast.", false, true},
};
constexpr FactKind kFilter{"app.intent_filter", "What a component listens to.", kFilterColumns};

constexpr Column kRequestColumns[] = {
    {"package", ColumnType::text, "Package name.", true},
    {"permission", ColumnType::text, "Name of the permission.", true},
    {"max_sdk", ColumnType::integer, "Not asked for above this API level.", false, true},
    {"sdk23", ColumnType::boolean, "Asked for on Android 6 and later only."},
};
constexpr FactKind kRequest{"app.permission_request", "A permission that an app asks for.", kRequestColumns};

constexpr Column kDeclarationColumns[] = {
    {"package", ColumnType::text, "Package name.", true},
    {"permission", ColumnType::text, "Name of the permission.", true},
    {"protection", ColumnType::text, "Its protection level in words; null when a resource outside decides.", false, true},
    {"protection_level", ColumnType::integer, "Its protection level as written.", false, true},
    {"permission_group", ColumnType::text, "Its group.", false, true},
};
constexpr FactKind kDeclaration{"app.permission_declaration", "A permission that an app defines.", kDeclarationColumns};

constexpr Column kEntryColumns[] = {
    {"package", ColumnType::text, "Package name.", true},
    {"tag", ColumnType::text, "The element, for example uses-library.", true},
    {"name", ColumnType::text, "Its name.", true},
    {"n", ColumnType::integer, "From 0 within the manifest.", true},
    {"value", ColumnType::text, "Its value, when it has one.", false, true},
};
constexpr FactKind kEntry{"app.manifest_entry", "Another element of a manifest: libraries, features, meta-data, overlays.", kEntryColumns};
constexpr const FactKind* kEmits[] = {&kPackage, &kComponent, &kFilter, &kRequest, &kDeclaration, &kEntry};

bool wants(std::string_view kind, std::string_view) { return kind == "apk" || kind == "apex" || kind == "capex"; }

std::string joined(const std::vector<std::string>& parts, const char* separator) {
  std::string out;
  for (const std::string& p : parts) out += (out.empty() ? "" : separator) + p;
  return out;
}

std::optional<std::string> if_any(const std::string& text) { return text.empty() ? std::nullopt : std::optional(text); }

class Emitter {
 public:
  Emitter(const FileItem& item, FactSink& sink, const apk::Manifest& manifest, const BlobId& xml, const std::optional<BlobId>& resources)
      : item_(item), sink_(sink), m_(manifest), xml_(xml), resources_(resources) {}

  void all() {
    package();
    for (const apk::Component& c : m_.components) component(c);
    for (const apk::PermissionRequest& r : m_.requests)
      put(kRequest, Row(kRequest).set("package", m_.package).set("permission", r.name).set("max_sdk", r.max_sdk).set("sdk23", r.sdk23), r.stated);
    for (const apk::PermissionDeclaration& d : m_.declarations) {
      Row row(kDeclaration);
      row.set("package", m_.package).set("permission", d.name).set("permission_group", if_any(d.group));
      if (d.level_known) row.set("protection", apk::protection_text(d.level)).set("protection_level", d.level);
      put(kDeclaration, row, d.stated);
    }
    for (std::int64_t n = 0; const apk::OtherEntry& o : m_.others)
      put(kEntry, Row(kEntry).set("package", m_.package).set("tag", o.tag).set("name", o.name).set("n", n++).set("value", if_any(o.value)), o.stated);
  }

 private:
  void put(const FactKind& kind, Row& row, const apk::Stated& stated) {
    std::vector<Place> origins{{xml_, stated.at, stated.length}};
    if (stated.resource_at && resources_) origins.push_back({*resources_, *stated.resource_at, stated.resource_length});
    sink_.fact({&kind, item_.blob, row.values(), std::move(origins), kName});
  }
  void put(const FactKind& kind, Row&& row, const apk::Stated& stated) { put(kind, row, stated); }

  void package() {
    Row row(kPackage);
    row.set("name", m_.package).set("version_code", m_.version_code).set("version_name", if_any(m_.version_name)).set("min_sdk", m_.min_sdk).set("target_sdk", m_.target_sdk).set("max_sdk", m_.max_sdk);
    row.set("shared_uid", if_any(m_.shared_uid)).set("split", if_any(m_.split)).set("core_app", m_.core_app).set("debuggable", m_.debuggable).set("enabled", m_.enabled).set("cleartext", m_.cleartext);
    row.set("backup", m_.allow_backup).set("persistent", m_.persistent).set("has_code", m_.has_code).set("overlay_target", if_any(m_.overlay_target));
    put(kPackage, row, m_.stated);
  }

  void component(const apk::Component& c) {
    const std::string_view kind = apk::component_kind_name(c.kind);
    std::vector<std::string> actions;
    for (const apk::IntentFilter& f : c.filters)
      for (const std::string& a : f.actions)
        if (std::ranges::find(actions, a) == actions.end()) actions.push_back(a);
    Row row(kComponent);
    row.set("package", m_.package).set("kind", kind).set("class", c.class_name).set("exported", c.exported).set("exported_why", c.exported_why).set("enabled", c.enabled);
    row.set("permission", if_any(c.permission)).set("read_permission", if_any(c.read_permission)).set("write_permission", if_any(c.write_permission)).set("process", if_any(c.process));
    row.set("authorities", if_any(c.authorities)).set("action", if_any(joined(actions, ","))).set("target_class", if_any(c.target_class));
    put(kComponent, row, c.stated);
    for (std::int64_t n = 0; const apk::IntentFilter& f : c.filters)
      put(kFilter, Row(kFilter).set("package", m_.package).set("component_kind", kind).set("class", c.class_name).set("n", n++).set("actions", joined(f.actions, ",")).set("categories", joined(f.categories, ",")).set("data", joined(f.data, ";")).set("priority", f.priority), f.stated);
  }

  const FileItem& item_;
  FactSink& sink_;
  const apk::Manifest& m_;
  BlobId xml_;
  std::optional<BlobId> resources_;
};

void run(const FileItem& item, FactSink& sink) {
  std::vector<Note> notes;   // those of the archive are told by the zip container
  const auto zip = ZipArchive::open(item.source, item.budget, notes);
  if (!zip) return;
  const ZipEntry* entry = zip->find(apk::kManifest);
  if (!entry) return;
  const auto xml = zip->load(*entry, kLargest);
  if (!xml) {
    sink.problem({xml.error(), ProblemSeverity::data_loss, std::string(apk::kManifest), "the app's manifest cannot be read, so nothing is known of the app"});
    return;
  }
  Blob resources;
  std::optional<BlobId> resources_id;
  if (const ZipEntry* table = zip->find(apk::kResources)) {
    auto loaded = zip->load(*table, kLargest);
    if (loaded) {
      resources = std::move(*loaded);
      resources_id = BlobId(sha256(resources.bytes()));
    } else {
      sink.problem({loaded.error(), ProblemSeverity::error, std::string(apk::kResources), "values that the manifest takes from resources are unknown"});
    }
  }
  const auto manifest = apk::read_manifest(xml->bytes(), resources.bytes());
  if (!manifest) {
    sink.problem({manifest.error(), ProblemSeverity::data_loss, std::string(apk::kManifest), "the app's manifest cannot be read, so nothing is known of the app"});
    return;
  }
  for (const Error& e : manifest->oddities) sink.problem({e, ProblemSeverity::info, std::string(apk::kManifest), {}});
  Emitter(item, sink, *manifest, BlobId(sha256(xml->bytes())), resources_id).all();
}

}  // namespace

extern const Extractor extractor_manifest;
constexpr Extractor extractor_manifest{.name = kName, .title = "What apps say of themselves: identity, components, permissions", .emits = kEmits, .wants = wants, .run = run};

}  // namespace klik
