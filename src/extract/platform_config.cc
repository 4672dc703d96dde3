// What the platform's resources, and overlays over them, configure by naming packages: default apps, roles, listeners.
// The resource ids differ between builds, so resources are found by their names.
#include <algorithm>
#include <array>

#include "apps/apk.h"
#include "apps/manifest.h"
#include "containers/zip_archive.h"
#include "data/permissions.h"
#include "extract/extractor.h"
#include "formats/android/arsc.h"

namespace klik {
namespace {

constexpr std::string_view kName = "platform_config@1";

constexpr Column kColumns[] = {
    {"package", ColumnType::text, "android, or the overlay whose value takes the place of the platform's.", true},
    {"resource", ColumnType::text, "string/NAME or array/NAME.", true},
    {"value", ColumnType::text, "In the default configuration; of an array its items joined with commas."},
};
constexpr FactKind kConfig{"system.platform_config", "A resource by which the platform names packages.", kColumns};
constexpr const FactKind* kEmits[] = {&kConfig};

// Resources whose names say that they name packages or components.
bool names_packages(std::string_view resource) {
  const std::size_t slash = resource.find('/');
  if (slash == resource.npos) return false;
  const std::string_view type = resource.substr(0, slash), name = resource.substr(slash + 1);
  if (type != "string" && type != "array") return false;
  const auto& known = data::named_packages();
  if (std::ranges::find(known, resource, &data::NamedPackage::resource) != known.end()) return true;
  if (!name.starts_with("config_")) return false;
  return name.contains("Package") || name.contains("Component") || name.contains("Service") || name.starts_with("config_default") || name.starts_with("config_system");
}

bool wants(std::string_view kind, std::string_view) { return kind == "apk"; }

std::string text_of(const arsc::Table& table, const res::Value& value) {
  const arsc::Resolved resolved = table.resolve(value);
  if (resolved.outcome != arsc::Outcome::found || resolved.entry.bag || resolved.entry.value.type != res::kString) return {};
  return table.string(resolved.entry.value.data).text;
}

std::string value_of(const arsc::Table& table, const arsc::Entry& entry) {
  if (!entry.bag) return text_of(table, entry.value);
  std::string out;
  for (const arsc::BagItem& item : table.items(entry)) {
    const std::string text = text_of(table, item.value);
    if (text.empty()) continue;
    if (!out.empty()) out += ',';
    out += text;
  }
  return out;
}

// Every resource of the types string and array, in the order of their ids. 0x00 in front: the table's own package.
void each_named(const arsc::Table& table, const std::function<void(const std::string&, const arsc::Entry&)>& use) {
  constexpr std::uint32_t kTypes = 0x100, kIndexes = 0x10000, kLongestGap = 0x400;
  for (std::uint32_t type = 1; type < kTypes; ++type) {
    std::uint32_t gap = 0;
    for (std::uint32_t index = 0; index < kIndexes && gap < kLongestGap; ++index) {
      const std::uint32_t id = type << 16 | index;
      const std::string name = table.name(id);
      if (name.empty()) {
        ++gap;
        continue;
      }
      gap = 0;
      if (!name.starts_with("string/") && !name.starts_with("array/")) break;
      if (!names_packages(name)) continue;
      if (const auto entries = table.entries(id); !entries.empty()) use(name, entries.front());
    }
  }
}

void run(const FileItem& item, FactSink& sink) {
  std::vector<Note> notes;   // the zip container has noted them for this item already
  const auto archive = ZipArchive::open(item.source, item.budget, notes);
  if (!archive || archive->find("classes.dex")) return;   // neither the platform package nor an overlay has code
  const ZipEntry* const xml_entry = archive->find(apk::kManifest);
  const ZipEntry* const table_entry = archive->find(apk::kResources);
  if (!xml_entry || !table_entry) return;
  const auto xml = archive->load(*xml_entry, item.budget.metadata_bytes);
  if (!xml) return;
  const auto manifest = apk::read_manifest(xml->bytes(), {});
  if (!manifest || (manifest->package != "android" && manifest->overlay_target != "android")) return;
  const auto loaded = archive->load(*table_entry, item.budget.metadata_bytes);
  if (!loaded) return;
  const auto table = arsc::Table::open(loaded->bytes());
  if (!table) return;
  const BlobId place(sha256(loaded->bytes()));
  each_named(*table, [&](const std::string& name, const arsc::Entry& entry) {
    Row row(kConfig);
    row.set("package", manifest->package).set("resource", name).set("value", value_of(*table, entry));
    sink.fact({&kConfig, item.blob, row.values(), {{place, entry.at, entry.length}}, kName});
  });
}

}  // namespace

extern const Extractor extractor_platform_config;
constexpr Extractor extractor_platform_config{.name = kName, .title = "Packages that the platform's resources name", .emits = kEmits, .wants = wants, .run = run};

}  // namespace klik
