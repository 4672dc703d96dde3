// Code of others inside apps: by names of classes, by what stays when those are renamed, and by the shape of the code.
#include <algorithm>
#include <map>

#include "data/owners.h"
#include "data/sdks.h"
#include "extract/code_shape.h"
#include "extract/extractor.h"
#include "formats/android/axml.h"

namespace klik {
namespace {

constexpr std::string_view kName = "sdks@1";
constexpr std::size_t kMostPlaces = 4;   // of one SDK in one file

constexpr Column kColumns[] = {
    {"name", ColumnType::text, "Of the SDK or library.", true},
    {"how", ColumnType::text, "name: class, permission or meta-data names; string: constants or file names that stay when classes are renamed; structure: the platform methods that a package calls.", true},
    {"owner", ColumnType::text, "Whose code it is; null for a library by no company that gathers data with it.", false, true},
    {"country", ColumnType::text, "Of the owner's seat, ISO 3166-1.", false, true},
    {"category", ColumnType::text, "What it is for."},
    {"matched", ColumnType::integer, "By name, the classes or names; by string, the distinct constants or names; by structure, the platform methods in common."},
    {"what", ColumnType::text, "The prefix, the constant or the package that decided."},
};
constexpr FactKind kSdk{"code.sdk", "Code of others that a file holds. That it is there says neither that it runs nor that it sends.", kColumns};

constexpr Column kPackageColumns[] = {
    {"package", ColumnType::text, "Of classes, with '/' between its parts; empty for classes without one.", true},
    {"classes", ColumnType::integer, "How many classes the file defines in it, without those in packages below."},
};
constexpr FactKind kCodePackage{"code.package", "A package of classes that a file defines.", kPackageColumns};
constexpr const FactKind* kEmits[] = {&kSdk, &kCodePackage};

bool is_manifest(std::string_view kind, std::string_view name) { return kind == "axml" && name == "AndroidManifest.xml"; }
bool is_dex(std::string_view kind) { return kind == "dex" || kind == "cdex"; }

bool wants(std::string_view kind, std::string_view name) {
  if (is_dex(kind) || is_manifest(kind, name)) return true;
  if (kind == "elf") return data::sdk_of_name("library", name) != nullptr;
  return data::sdk_of_name("file", name) != nullptr;
}

struct Seen {
  std::uint32_t matched = 0;
  bool telling = false;           // one match is enough
  std::string what;
  std::vector<Place> places;
};

class Finder {
 public:
  explicit Finder(BlobId blob) : blob_(blob) {}

  void add(const data::Sdk& sdk, std::string_view how, std::string_view what, std::uint64_t at, std::uint64_t length, bool telling = true, std::uint32_t matched = 1) {
    Seen& s = seen_[{std::string(sdk.name), std::string(how)}];
    s.matched += matched;
    s.telling = s.telling || telling;
    if (s.what.empty()) s.what = what;
    if (s.places.size() < kMostPlaces) s.places.push_back({blob_, at, length});
  }

  void emit(FactSink& sink) {
    for (auto& [key, s] : seen_) {
      if (!s.telling && s.matched < 2) continue;
      const data::Sdk* sdk = data::find_sdk(key.first);
      Row row(kSdk);
      row.set("name", sdk->name).set("how", key.second).set("category", sdk->category).set("matched", std::int64_t{s.matched}).set("what", s.what);
      if (const data::Owner* owner = data::find_owner(sdk->owner)) row.set("owner", owner->name).set("country", owner->country);
      sink.fact({&kSdk, blob_, row.values(), std::move(s.places), kName});
    }
  }

 private:
  BlobId blob_;
  std::map<std::pair<std::string, std::string>, Seen> seen_;
};

// A constant that names a server or a package is telling alone; shorter words need a second one.
bool is_telling(std::string_view text) { return text.size() >= 16 && text.find('.') != text.npos; }

void read_dex(const dex::DexFile& dex, BlobId blob, Finder& found, FactSink& sink) {
  struct Package {
    std::int64_t classes = 0;
    std::uint32_t first = 0;
  };
  std::map<std::string_view, Package> all_packages;
  for (std::uint32_t c = 0; c < dex.class_count(); ++c) {
    const std::string_view type = dex.type(dex.class_def(c).type);
    const auto cut = type.rfind('/');
    Package& package = all_packages[cut == type.npos ? std::string_view() : type.substr(1, cut - 1)];
    if (package.classes++ == 0) package.first = c;
    if (const data::Sdk* sdk = data::sdk_of_class(type)) found.add(*sdk, "name", data::sdk_prefix_of_class(type), dex.class_at(c), 32);
  }
  for (const auto& [name, package] : all_packages)
    sink.fact({&kCodePackage, blob, Row(kCodePackage).set("package", name).set("classes", package.classes).values(), {{blob, dex.class_at(package.first), 32}}, kName});
  for (std::uint32_t i = 0; i < dex.string_count(); ++i) {
    const std::string_view text = dex.string(i);
    if (const data::SdkMarker* m = data::sdk_of_string(text)) found.add(*m->sdk, "string", m->pattern, dex.string_at(i), text.size() + 1, is_telling(text));
  }
  if (data::sdk_structures().empty()) return;
  const auto packages = package_shapes(dex);
  for (const ShapeMatch& m : match_shapes(packages, data::sdk_structures())) {
    // Where the name says it already, the shape adds nothing.
    if (data::sdk_of_class("L" + m.package->name + "/x;") == m.structure->sdk) continue;
    found.add(*m.structure->sdk, "structure", m.package->name.empty() ? "(all classes)" : m.package->name, dex.class_at(m.package->first_class), 32, true, m.matched);
  }
}

// Names of components stay when code is renamed, since Android starts them by name; so do meta-data and permissions.
void read_manifest(const axml::Document& document, Finder& found) {
  constexpr std::uint32_t kNameAttribute = 0x01010003;
  for (const axml::Element& e : document.elements()) {
    const axml::Attribute* a = document.find(e, kNameAttribute, "name");
    if (!a) continue;
    const res::PoolString text = document.strings().get(a->raw != res::kNone ? a->raw : a->value.data);
    if (text.broken || text.text.empty()) continue;
    if (document.is(e, "meta-data")) {
      if (const data::SdkMarker* m = data::sdk_of_name("meta", text.text)) found.add(*m->sdk, "name", m->pattern, a->at, a->length);
    } else if (document.is(e, "uses-permission") || document.is(e, "permission")) {
      if (const data::SdkMarker* m = data::sdk_of_name("permission", text.text)) found.add(*m->sdk, "name", m->pattern, a->at, a->length);
    } else if (document.is(e, "activity") || document.is(e, "service") || document.is(e, "receiver") || document.is(e, "provider")) {
      std::string descriptor = "L" + text.text + ";";
      std::ranges::replace(descriptor, '.', '/');
      if (const data::Sdk* sdk = data::sdk_of_class(descriptor)) found.add(*sdk, "name", data::sdk_prefix_of_class(descriptor), a->at, a->length);
    }
  }
}

void run(const FileItem& item, FactSink& sink) {
  Finder found(item.blob);
  if (is_dex(item.kind) || is_manifest(item.kind, item.name)) {
    const auto bytes = item.source->load();
    if (!bytes) return;
    if (is_dex(item.kind)) {
      if (const auto all = dex::DexFile::open_all(bytes->bytes()))
        for (const dex::DexFile& dex : *all) read_dex(dex, item.blob, found, sink);
    } else if (const auto document = axml::Document::read(bytes->bytes())) {
      read_manifest(*document, found);
    }
  } else if (const data::SdkMarker* m = data::sdk_of_name(item.kind == "elf" ? "library" : "file", item.name)) {
    found.add(*m->sdk, "string", m->pattern, 0, item.source->size());
  }
  found.emit(sink);
}

constexpr ViewColumn kViewColumns[] = {
    {"build_id", "The build."},
    {"actor_id", "Whose code it is part of: the app that the file lies in or belongs to; null when nobody is known."},
    {"artifact_id", "The file."},
    {"name", "Of the SDK or library."},
    {"owner", "Whose code it is; null for a library by no company that gathers data with it."},
    {"country", "Of the owner's seat."},
    {"category", "What it is for."},
    {"how", "name, string or structure: how it is known."},
    {"matched", "How much speaks for it: classes or names, constants, or platform methods in common."},
    {"what", "The prefix, the constant or the package that decided."},
    {"fact_id", "For `klikspaan why`."},
};
constexpr View kView{"sdk", "Code of others inside apps. That it is there says neither that it runs nor that it sends.", kViewColumns,
                     R"(SELECT a.build_id, d.row_id, a.artifact_id, s.name, s.owner, s.country, s.category, s.how, s.matched, s.what, lower(hex(s.fact_id))
FROM _code_sdk s JOIN _artifact a ON a.blob_id = s.blob_id LEFT JOIN _device_code_of c ON c.build_id = a.build_id AND c.path = a.path
LEFT JOIN _device_actor d ON d.build_id = c.build_id AND d.path = c.actor_path AND d.name = c.actor_name AND d.kind = c.actor_kind)"};
constexpr ViewColumn kPackageViewColumns[] = {
    {"artifact_id", "The file."},
    {"package", "Of classes, with '/' between its parts; empty for classes without one."},
    {"classes", "How many classes the file defines in it, without those in packages below."},
    {"fact_id", "For `klikspaan why`."},
};
constexpr View kPackageView{"code_package", "Packages of classes that files define.", kPackageViewColumns,
                            "SELECT a.artifact_id, p.package, p.classes, lower(hex(p.fact_id)) FROM _code_package p JOIN _artifact a ON a.blob_id = p.blob_id"};
constexpr const View* kViews[] = {&kView, &kPackageView};

}  // namespace

extern const Extractor extractor_sdks;
constexpr Extractor extractor_sdks{.name = kName, .title = "Code of others inside apps", .emits = kEmits, .wants = wants, .run = run, .views = kViews};

}  // namespace klik
