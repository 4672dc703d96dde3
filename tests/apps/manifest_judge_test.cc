// Real manifests against aapt: package, versions, SDK levels, permissions, components with their attributes.
#include <gtest/gtest.h>

#include <set>

#include "apps/apk.h"
#include "apps/manifest.h"
#include "containers/zip_archive.h"
#include "support/aapt.h"
#include "support/apks.h"

namespace klik::apk {
namespace {

Result<Manifest> manifest_of(const std::string& path) {
  const Budget budget;
  std::vector<Note> notes;
  KLIK_TRY(const SourceRef source, file_source(path.c_str()));
  KLIK_TRY(const ZipArchive zip, ZipArchive::open(source, budget, notes));
  const ZipEntry* xml = zip.find(kManifest);
  if (!xml) return fail(Code::absent, 0, "no manifest");
  KLIK_TRY(const Blob bytes, zip.load(*xml, budget.metadata_bytes));
  Blob table;
  if (const ZipEntry* arsc = zip.find(kResources)) {
    auto loaded = zip.load(*arsc, budget.metadata_bytes);
    if (loaded) table = std::move(*loaded);
  }
  return read_manifest(bytes.bytes(), table.bytes());
}

std::string last(const std::string& path) { return path.substr(path.rfind('/') + 1); }

// (file, field, ours, aapt's) → why they differ. Anything that is not in here fails.
class Explained {
 public:
  Explained() {
    std::ifstream in(std::string(KLIK_SOURCE_DIR) + "/tests/apps/aapt_disagreements.tsv");
    for (std::string line; std::getline(in, line);) {
      if (line.empty() || line[0] == '#') continue;
      rows_.insert(line.substr(0, line.rfind('\t')));   // the last field is the reason
    }
  }
  bool contains(const std::string& row) {
    if (!rows_.contains(row)) return false;
    used_.insert(row);
    return true;
  }
  std::size_t size() const { return rows_.size(); }
  std::size_t used() const { return used_.size(); }

 private:
  std::set<std::string> rows_, used_;
};

class Judge {
 public:
  void one(const std::string& path) {
    ++apks;
    file_ = last(path);
    const auto ours = manifest_of(path);
    const auto badging = test::aapt_badging(path);
    const auto tree = test::aapt_xmltree(path);
    if (!ours || !tree) return same("readable", ours ? "yes" : "no", tree ? "yes" : "no");
    const auto number = [](const std::optional<std::int64_t>& n) { return n ? std::to_string(*n) : std::string(); };
    if (badging.ok) {
      ++badged;
      same("package", ours->package, badging.package);
      same("version_code", number(ours->version_code), badging.version_code);
      same("version_name", spelled(ours->version_name), badging.version_name);
      // aapt prints levels that are stated.
      same("min_sdk", badging.min_sdk.empty() ? "1" : number(ours->min_sdk), badging.min_sdk.empty() ? "1" : badging.min_sdk);
      same("target_sdk", std::to_string(ours->target_sdk), badging.target_sdk.empty() ? number(ours->min_sdk) : badging.target_sdk);
      same("max_sdk", number(ours->max_sdk), badging.max_sdk);
      std::vector<std::string> asked;
      for (const PermissionRequest& r : ours->requests) {
        std::string p = r.permission + (r.sdk23 ? " sdk23" : "");
        if (r.max_sdk) p += " max=" + std::to_string(*r.max_sdk);
        asked.push_back(p);
      }
      same_list("permission", asked, badging.permissions);
    }
    components(*ours, *tree);
    declarations(*ours, *tree);
  }

  std::size_t apks = 0, badged = 0, fields = 0, component_count = 0, permission_count = 0;
  Explained explained;

 private:
  void same(const std::string& field, const std::string& ours, const std::string& theirs) {
    ++fields;
    if (ours == theirs) return;
    if (explained.contains(file_ + "\t" + field + "\t" + ours + "\t" + theirs)) return;
    ADD_FAILURE() << file_ << "\t" << field << "\t" << ours << "\t" << theirs;
  }
  void same_list(const std::string& field, const std::vector<std::string>& ours, const std::vector<std::string>& theirs) {
    same(field + " count", std::to_string(ours.size()), std::to_string(theirs.size()));
    for (std::size_t i = 0; i < ours.size() && i < theirs.size(); ++i) same(field, ours[i], theirs[i]);
    permission_count += ours.size();
  }

  // Numbers as aapt prints them: "(type 0x12)0xffffffff". References are not resolved there.
  static std::string truth(const test::AaptElement& e, const std::string& name) {
    if (!e.has(name)) return "-";
    const std::string v = e.text(name);
    if (v.starts_with('@')) return "@";
    return v.ends_with(")0x0") ? "false" : "true";
  }
  static std::string truth(const Flag& f) { return !f.stated ? "-" : f.reference != 0 ? "@" : !f.value ? "?" : *f.value ? "true" : "false"; }

  static std::string completed(const std::string& package, const std::string& name) {
    if (name.starts_with('.')) return package + name;
    return name.find('.') == name.npos ? package + "." + name : name;
  }

  void components(const Manifest& m, const test::AaptElement& root) {
    std::vector<const test::AaptElement*> theirs;
    for (const test::AaptElement& e : root.children) {
      if (e.tag != "application") continue;
      for (const test::AaptElement& c : e.children)
        if (c.tag == "activity" || c.tag == "activity-alias" || c.tag == "service" || c.tag == "receiver" || c.tag == "provider") theirs.push_back(&c);
      break;   // the first one counts
    }
    same("component count", std::to_string(m.components.size()), std::to_string(theirs.size()));
    for (std::size_t i = 0; i < m.components.size() && i < theirs.size(); ++i) {
      const Component& c = m.components[i];
      const test::AaptElement& t = *theirs[i];
      ++component_count;
      const std::string kind(component_kind_name(c.kind));
      same("component kind", kind == "alias" ? "activity-alias" : kind, t.tag);
      const std::string name = t.text("android:name");
      if (!name.starts_with("@0x")) same("class", c.class_name, completed(m.package, name));
      const std::string stated = truth(t, "android:exported");
      if (stated != "-" && stated != "@") same("exported", c.exported ? (*c.exported ? "true" : "false") : "?", stated);
      else if (stated == "-") same("exported_why", std::string(exported_why_name(c.exported_why)), expected_default(m, t));
      same("enabled", truth(c.enabled_stated), truth(t, "android:enabled"));
      const std::string permission = t.text("android:permission");
      if (!permission.empty() && permission[0] != '@') same("component permission", c.permission.value_or(""), permission);
      if (t.tag == "provider") {
        const std::string authorities = t.text("android:authorities");
        if (!authorities.starts_with("@0x")) same("authorities", c.authorities.value_or(""), authorities);
        if (t.has("android:readPermission")) same("read_permission", c.read_permission.value_or(""), t.text("android:readPermission"));
        if (t.has("android:writePermission")) same("write_permission", c.write_permission.value_or(""), t.text("android:writePermission"));
      }
      if (t.tag == "activity-alias") same("target_class", c.target_class.value_or(""), completed(m.package, t.text("android:targetActivity")));
      filters(c, t);
    }
  }

  static std::string expected_default(const Manifest& m, const test::AaptElement& t) {
    if (t.tag == "provider") return m.target_sdk < 17 ? "provider_before_17" : "default_without_filter";
    for (const test::AaptElement& f : t.children) {
      if (f.tag != "intent-filter") continue;
      const bool action = std::ranges::any_of(f.children, [](const test::AaptElement& e) { return e.tag == "action"; });
      if (action || t.tag == "service") return "default_with_filter";
    }
    return "default_without_filter";
  }

  void filters(const Component& c, const test::AaptElement& t) {
    std::vector<std::string> ours, theirs;
    for (const IntentFilter& f : c.filters) {
      for (const std::string& a : f.actions) ours.push_back("action " + a);
      for (const std::string& a : f.categories) ours.push_back("category " + a);
      std::size_t n = 0;
      for (const FilterData& d : f.data) n += d.kind != "mimeGroup";
      ours.push_back("data " + std::to_string(n));
    }
    for (const test::AaptElement& f : t.children) {
      if (f.tag != "intent-filter") continue;
      std::vector<std::string> categories;
      std::size_t n = 0;
      for (const test::AaptElement& e : f.children) {
        if (e.tag == "action") theirs.push_back("action " + e.text("android:name"));
        if (e.tag == "category") categories.push_back("category " + e.text("android:name"));
        if (e.tag == "data") n += e.attributes.size();
      }
      theirs.insert(theirs.end(), categories.begin(), categories.end());
      theirs.push_back("data " + std::to_string(n));
    }
    same("filter lines", std::to_string(ours.size()), std::to_string(theirs.size()));
    for (std::size_t i = 0; i < ours.size() && i < theirs.size(); ++i) same("filter", ours[i], theirs[i]);
  }

  void declarations(const Manifest& m, const test::AaptElement& root) {
    std::vector<std::string> ours, theirs;
    for (const PermissionDeclaration& d : m.declarations) ours.push_back(d.permission + " " + (d.level ? std::to_string(*d.level) : "?"));
    for (const test::AaptElement& e : root.children) {
      if (e.tag != "permission") continue;
      const std::string level = e.text("android:protectionLevel");
      const auto hex = level.rfind("0x");
      theirs.push_back(e.text("android:name") + " " + (level.empty() ? "0" : std::to_string(std::stoul(level.substr(hex), nullptr, 16))));
    }
    same_list("declaration", ours, theirs);
  }

  std::string file_;
};

void report(const Judge& judge, const std::string& what) {
  std::cout << what << ": " << judge.apks << " APKs, " << judge.badged << " with badging, " << judge.component_count << " components, " << judge.permission_count
            << " permissions, " << judge.fields << " fields compared, " << judge.explained.used() << " of " << judge.explained.size() << " explained disagreements met\n";
}

TEST(ManifestJudge, AgreesWithAaptOnBenchmarkAndVendorApps) {
  KLIK_NEEDS_EVIDENCE();
  Judge judge;
  for (const std::string folder : {"/apps/droidbench", "/apps/vendor"})
    for (const std::string& path : test::apks_under(test::evidence() + folder)) judge.one(path);
  report(judge, "benchmark and vendor apps");
  EXPECT_GE(judge.apks, 123u);
  EXPECT_EQ(judge.badged, judge.apks);
}

TEST(ManifestJudge, AgreesWithAaptOnFirmwareApps) {
  KLIK_NEEDS_EVIDENCE();
  Judge judge;
  for (const char* name : {"oneplus-5-china-10.0.3", "blu-vivo5r-2016-08", "blu-vivo5r-2017-04", "xiaomi-mi2-global-v9.2.2.0"})
    for (const test::FirmwareApks apks(name); const std::string& path : apks.paths()) judge.one(path);
  report(judge, "firmware");
  EXPECT_EQ(judge.apks, 396u);
}

struct Exposure {
  std::size_t exported = 0, components = 0, unguarded = 0, by_default = 0;
  friend bool operator==(const Exposure&, const Exposure&) = default;
  friend std::ostream& operator<<(std::ostream& out, const Exposure& e) {
    return out << e.exported << " of " << e.components << " exported, " << e.unguarded << " without a permission, " << e.by_default << " by default";
  }
};

void count(Exposure& out, const Manifest& m) {
  for (const Component& c : m.components) {
    ++out.components;
    if (c.exported != true) continue;
    ++out.exported;
    out.unguarded += !c.permission && !c.read_permission && !c.write_permission;
    out.by_default += !c.exported_stated;
  }
}

// The same from aapt's output alone.
void count(Exposure& out, const test::AaptElement& root) {
  std::uint64_t target = 1;
  for (const test::AaptElement& e : root.children)
    for (const char* name : {"android:minSdkVersion", "android:targetSdkVersion"})
      if (const std::string v = e.text(name); e.tag == "uses-sdk" && v.find("0x") != v.npos) target = std::stoul(v.substr(v.rfind("0x")), nullptr, 16);
  for (const test::AaptElement& app : root.children) {
    if (app.tag != "application") continue;
    for (const test::AaptElement& c : app.children) {
      const bool alias = c.tag == "activity-alias", service = c.tag == "service", provider = c.tag == "provider";
      if (c.tag != "activity" && c.tag != "receiver" && !alias && !service && !provider) continue;
      ++out.components;
      bool filter = false;
      for (const test::AaptElement& f : c.children)
        filter = filter || (f.tag == "intent-filter" && (service || std::ranges::find(f.children, "action", &test::AaptElement::tag) != f.children.end()));
      const bool stated = c.has("android:exported");
      const bool exported = stated ? !c.text("android:exported").ends_with(")0x0") : provider ? target < 17 : filter;
      if (!exported) continue;
      ++out.exported;
      out.by_default += !stated;
      bool guarded = c.has("android:permission") || (!alias && app.has("android:permission"));
      guarded = guarded || (provider && (c.has("android:readPermission") || c.has("android:writePermission")));
      out.unguarded += !guarded;
    }
    return;
  }
}

// Both counts over the APKs of one archive. Files that aapt takes for no app are none for us either.
void expect_exposure(const std::string& archive, const Exposure& expected) {
  Exposure ours, theirs;
  for (const test::FirmwareApks apks(archive); const std::string& path : apks.paths()) {
    const auto m = manifest_of(path);
    const auto tree = test::aapt_xmltree(path);
    EXPECT_EQ(m.has_value(), tree.has_value()) << path;
    if (m) count(ours, *m);
    if (tree) count(theirs, *tree);
  }
  std::cout << archive << ": " << ours << "\n";
  EXPECT_EQ(ours, theirs) << archive;
  EXPECT_EQ(ours, expected) << archive;
}

TEST(ManifestJudge, CountsExportedComponentsOfWholePhones) {
  KLIK_NEEDS_EVIDENCE();
  expect_exposure("blu-vivo5r-2016-08", {153, 276, 124, 106});
  expect_exposure("xiaomi-mi2-global-v9.2.2.0", {271, 452, 181, 139});
  expect_exposure("oneplus-5-china-10.0.3", {150, 204, 91, 89});
}

}  // namespace
}  // namespace klik::apk
