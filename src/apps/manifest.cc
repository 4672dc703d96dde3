#include "apps/manifest.h"

#include <algorithm>
#include <charconv>

#include "apps/manifest_values.h"

namespace klik::apk {
namespace {

using android::XmlElement;

// Resource ids of the attributes. Source: AOSP frameworks/base core/res/res/values/public.xml.
enum Id : std::uint32_t {
  kName = 0x01010003, kPermission = 0x01010006, kReadPermission = 0x01010007, kWritePermission = 0x01010008, kProtectionLevel = 0x01010009,
  kPermissionGroup = 0x0101000a, kSharedUserId = 0x0101000b, kHasCode = 0x0101000c, kPersistent = 0x0101000d, kEnabled = 0x0101000e, kDebuggable = 0x0101000f,
  kExported = 0x01010010, kProcess = 0x01010011, kAuthorities = 0x01010018, kGrantUri = 0x0101001b, kPriority = 0x0101001c, kTargetPackage = 0x01010021,
  kValue = 0x01010024, kResource = 0x01010025, kMimeType = 0x01010026, kScheme = 0x01010027, kHost = 0x01010028, kPort = 0x01010029, kPath = 0x0101002a,
  kPathPrefix = 0x0101002b, kPathPattern = 0x0101002c, kTargetActivity = 0x01010202, kMinSdk = 0x0101020c, kVersionCode = 0x0101021b, kVersionName = 0x0101021c,
  kTargetSdk = 0x01010270, kMaxSdk = 0x01010271, kTestOnly = 0x01010272, kAllowBackup = 0x01010280, kRequired = 0x0101028e, kCleartext = 0x010104ec,
  kAutoVerify = 0x010104ee, kTargetSandbox = 0x0101054c, kIsStatic = 0x0101055a, kVersionCodeMajor = 0x01010576,
};

std::int64_t sdk_of_codename(std::string_view name) {
  // What a preview called itself before it had a number. Source: AOSP Build.VERSION_CODES.
  struct Row {
    std::string_view name;
    std::int64_t sdk;
  };
  constexpr Row kRows[] = {{"M", 23}, {"N", 24}, {"O", 26}, {"P", 28}, {"Q", 29}, {"R", 30}, {"S", 31}, {"Sv2", 32}, {"Tiramisu", 33}, {"T", 33}, {"UpsideDownCake", 34}, {"VanillaIceCream", 35}, {"Baklava", 36}};
  for (const Row& r : kRows)
    if (name == r.name || name.starts_with(std::string(r.name) + ".")) return r.sdk;
  return 10'000;   // Android's number for a version in development
}

class Builder {
 public:
  Builder(android::XmlDocument document, const android::ResourceTable* resources) : document_(std::move(document)), values_(resources) {}

  Result<Manifest> build() {
    const std::vector<XmlElement>& all = document_.elements;
    if (all[0].name != "manifest") return fail(Code::bad_value, all[0].at, "the root element is not <manifest>");
    m_.oddities = std::move(document_.oddities);
    head(all[0]);
    for (std::size_t i = 1; i < all.size(); ++i) {
      const XmlElement& e = all[i];
      if (e.parent == 0) top(e, static_cast<int>(i));
      else if (application_ >= 0 && e.parent == application_) in_application(e, static_cast<int>(i));
      else inner(e);
    }
    finish();
    return std::move(m_);
  }

 private:
  Stated stated(const XmlElement& e) const { return {e.at, e.length, {}, 0}; }
  // The element's place, with that of a resource its name came from.
  std::string text(const XmlElement& e, std::uint32_t id, std::string_view name, Stated* place = nullptr) const {
    const Resolved v = values_.of(e.find(id, name));
    if (place && v.resource_at) {
      place->resource_at = v.resource_at;
      place->resource_length = v.resource_length;
    }
    return v.text;
  }
  std::optional<bool> flag(const XmlElement& e, std::uint32_t id, std::string_view name, std::optional<bool> otherwise) const {
    const Resolved v = values_.of(e.find(id, name));
    if (!v.there) return otherwise;
    if (v.unknown) return std::nullopt;
    return v.number ? std::optional(*v.number != 0) : otherwise;
  }
  std::optional<std::int64_t> number(const XmlElement& e, std::uint32_t id, std::string_view name) const { return values_.of(e.find(id, name)).number; }
  // ".X" and "X" belong to the package.
  std::string class_name(std::string name) const {
    if (name.empty()) return name;
    if (name[0] == '.') return m_.package + name;
    return name.find('.') == std::string::npos ? m_.package + "." + name : name;
  }
  std::string process_name(std::string name) const { return name.starts_with(':') ? m_.package + name : name; }

  void head(const XmlElement& e) {
    m_.stated = stated(e);
    m_.package = text(e, 0, "package");
    m_.split = text(e, 0, "split");
    m_.shared_uid = text(e, kSharedUserId, "sharedUserId");
    m_.version_name = text(e, kVersionName, "versionName", &m_.stated);
    m_.version_code = number(e, kVersionCode, "versionCode");
    if (const auto major = number(e, kVersionCodeMajor, "versionCodeMajor"); major && *major != 0)
      m_.version_code = (*major << 32) | (m_.version_code.value_or(0) & 0xFFFFFFFF);
    m_.core_app = flag(e, 0, "coreApp", false).value_or(false);
    m_.target_sandbox = number(e, kTargetSandbox, "targetSandboxVersion").value_or(1);
  }

  void sdk(const XmlElement& e) {
    const Resolved low = values_.of(e.find(kMinSdk, "minSdkVersion")), target = values_.of(e.find(kTargetSdk, "targetSdkVersion"));
    const auto level = [](const Resolved& v) -> std::optional<std::int64_t> {
      if (v.number) return v.number;
      if (v.text.empty()) return std::nullopt;
      std::int64_t n = 0;
      const auto [end, error] = std::from_chars(v.text.data(), v.text.data() + v.text.size(), n);
      return error == std::errc() && end == v.text.data() + v.text.size() ? n : sdk_of_codename(v.text);
    };
    if (const auto n = level(low)) m_.min_sdk = n;
    if (const auto n = level(target)) {
      m_.target_sdk = *n;
      m_.target_sdk_declared = true;
      if (!target.number) m_.target_codename = target.text;
    }
    if (const auto n = number(e, kMaxSdk, "maxSdkVersion")) m_.max_sdk = n;
  }

  void top(const XmlElement& e, int index) {
    Stated place = stated(e);
    if (e.name == "application") {
      if (application_ >= 0) {   // the platform takes the first
        m_.oddities.push_back(fail(Code::deviation, e.at, "a second <application> element").error());
        return;
      }
      application_ = index;
      application(e);
    } else if (e.name == "uses-sdk") {
      sdk(e);
    } else if (e.name == "uses-permission" || e.name == "uses-permission-sdk-23" || e.name == "uses-permission-sdk-m") {
      const std::string name = text(e, kName, "name", &place);
      if (!name.empty()) m_.requests.push_back({name, number(e, kMaxSdk, "maxSdkVersion"), e.name != "uses-permission", place});
    } else if (e.name == "permission") {
      PermissionDeclaration d;
      d.name = text(e, kName, "name", &place);
      d.group = text(e, kPermissionGroup, "permissionGroup");
      const Resolved level = values_.of(e.find(kProtectionLevel, "protectionLevel"));
      d.level = level.number.value_or(0);
      d.level_known = !level.unknown;
      d.stated = place;
      if (!d.name.empty()) m_.declarations.push_back(std::move(d));
    } else if (e.name == "overlay") {
      m_.overlay_target = text(e, kTargetPackage, "targetPackage");
      other(e, text(e, kTargetPackage, "targetPackage"), "priority=" + text(e, kPriority, "priority") + " static=" + (flag(e, kIsStatic, "isStatic", false).value_or(false) ? "true" : "false"));
    } else if (e.name == "uses-feature" || e.name == "protected-broadcast" || e.name == "permission-group" || e.name == "permission-tree" || e.name == "original-package" || e.name == "adopt-permissions") {
      other(e, text(e, kName, "name", &place), flag(e, kRequired, "required", true).value_or(true) ? "" : "required=false");
    } else if (e.name == "instrumentation") {
      other(e, class_name(text(e, kName, "name")), text(e, kTargetPackage, "targetPackage"));
    }
  }

  void application(const XmlElement& e) {
    m_.application_class = class_name(text(e, kName, "name"));
    m_.process = process_name(text(e, kProcess, "process"));
    m_.permission = text(e, kPermission, "permission");
    m_.enabled = flag(e, kEnabled, "enabled", true);
    m_.debuggable = flag(e, kDebuggable, "debuggable", false);
    m_.persistent = flag(e, kPersistent, "persistent", false);
    m_.has_code = flag(e, kHasCode, "hasCode", true);
    m_.test_only = flag(e, kTestOnly, "testOnly", false);
    if (e.find(kAllowBackup, "allowBackup")) m_.allow_backup = flag(e, kAllowBackup, "allowBackup", true);
    if (e.find(kCleartext, "usesCleartextTraffic")) m_.cleartext = flag(e, kCleartext, "usesCleartextTraffic", std::nullopt);
  }

  void in_application(const XmlElement& e, int index) {
    constexpr std::pair<std::string_view, ComponentKind> kKinds[] = {{"activity", ComponentKind::activity}, {"activity-alias", ComponentKind::alias}, {"service", ComponentKind::service}, {"receiver", ComponentKind::receiver}, {"provider", ComponentKind::provider}};
    const auto kind = std::ranges::find(kKinds, std::string_view(e.name), [](const auto& k) { return k.first; });
    if (kind == std::end(kKinds)) {
      if (e.name == "uses-library" || e.name == "uses-native-library" || e.name == "uses-static-library" || e.name == "library" || e.name == "static-library") other(e, text(e, kName, "name"), flag(e, kRequired, "required", true).value_or(true) ? "" : "required=false");
      else if (e.name == "meta-data") meta_data(e);
      return;
    }
    Component c;
    c.kind = kind->second;
    c.stated = stated(e);
    c.class_name = class_name(text(e, kName, "name", &c.stated));
    c.target_class = class_name(text(e, kTargetActivity, "targetActivity"));
    if (e.find(kExported, "exported")) {
      c.exported = flag(e, kExported, "exported", std::nullopt);
      c.exported_why = c.exported ? "declared" : "unknown_reference";
    }
    const std::optional<bool> own = flag(e, kEnabled, "enabled", true);
    c.enabled = own == false || m_.enabled == false ? std::optional(false) : own && m_.enabled ? std::optional(true) : std::nullopt;
    c.permission = e.find(kPermission, "permission") ? text(e, kPermission, "permission") : m_.permission;
    if (c.kind == ComponentKind::provider) {
      c.authorities = text(e, kAuthorities, "authorities");
      c.read_permission = e.find(kReadPermission, "readPermission") ? text(e, kReadPermission, "readPermission") : c.permission;
      c.write_permission = e.find(kWritePermission, "writePermission") ? text(e, kWritePermission, "writePermission") : c.permission;
      c.grant_uri_permissions = flag(e, kGrantUri, "grantUriPermissions", false);
    }
    c.process = e.find(kProcess, "process") ? process_name(text(e, kProcess, "process")) : m_.process;
    at_.emplace_back(index, m_.components.size());
    m_.components.push_back(std::move(c));
  }

  // Filters of components, and what stands in them.
  void inner(const XmlElement& e) {
    if (!at_.empty() && e.parent == at_.back().first) {
      if (e.name == "intent-filter") {
        filter_ = static_cast<int>(&e - document_.elements.data());
        IntentFilter f;
        f.priority = number(e, kPriority, "priority");
        f.auto_verify = flag(e, kAutoVerify, "autoVerify", false).value_or(false);
        f.stated = stated(e);
        m_.components[at_.back().second].filters.push_back(std::move(f));
      } else if (e.name == "meta-data") {
        meta_data(e);
      }
      return;
    }
    if (filter_ < 0 || e.parent != filter_ || at_.empty()) return;
    IntentFilter& f = m_.components[at_.back().second].filters.back();
    if (e.name == "action") f.actions.push_back(text(e, kName, "name"));
    else if (e.name == "category") f.categories.push_back(text(e, kName, "name"));
    else if (e.name == "data") f.data.push_back(data(e));
  }

  std::string data(const XmlElement& e) const {
    constexpr std::pair<std::uint32_t, std::string_view> kParts[] = {{kScheme, "scheme"}, {kHost, "host"}, {kPort, "port"}, {kPath, "path"}, {kPathPrefix, "pathPrefix"}, {kPathPattern, "pathPattern"}, {kMimeType, "mimeType"}};
    std::string out;
    for (const auto& [id, name] : kParts)
      if (const std::string value = text(e, id, name); !value.empty()) out += (out.empty() ? "" : " ") + std::string(name) + "=" + value;
    return out;
  }

  void meta_data(const XmlElement& e) {
    std::string value = text(e, kValue, "value");
    if (const auto* resource = e.find(kResource, "resource"); resource && value.empty()) value = values_.of(resource).text;
    other(e, text(e, kName, "name"), std::move(value));
  }

  void other(const XmlElement& e, std::string name, std::string value) { m_.others.push_back({e.name, std::move(name), std::move(value), stated(e)}); }

  // Defaults that need the whole document.
  void finish() {
    if (!m_.target_sdk_declared) m_.target_sdk = m_.min_sdk.value_or(1);
    if (application_ < 0) m_.has_code = m_.has_code.value_or(false);
    for (Component& c : m_.components) {
      if (!c.exported_why.empty()) continue;
      if (c.kind == ComponentKind::provider) {
        c.exported = m_.target_sdk < 17;
        c.exported_why = *c.exported ? "provider_before_17" : "default_without_filter";
      } else {
        c.exported = !c.filters.empty();
        c.exported_why = *c.exported ? "default_with_filter" : "default_without_filter";
        if (*c.exported && m_.target_sdk >= 31) m_.oddities.push_back(fail(Code::deviation, c.stated.at, "a component with a filter says nothing of `exported`, which Android 12 refuses to install").error());
      }
    }
  }

  android::XmlDocument document_;
  ManifestValues values_;
  Manifest m_;
  int application_ = -1, filter_ = -1;
  std::vector<std::pair<int, std::size_t>> at_;   // element index and component index
};

}  // namespace

std::string_view component_kind_name(ComponentKind kind) {
  constexpr std::string_view kNames[] = {"activity", "alias", "service", "receiver", "provider"};
  return kNames[std::to_underlying(kind)];
}

Result<Manifest> read_manifest(Bytes manifest, Bytes resources) {
  KLIK_TRY(android::XmlDocument document, android::read_axml(manifest));
  std::optional<android::ResourceTable> table;
  if (!resources.empty()) {
    if (auto read = android::ResourceTable::read(resources)) table = std::move(*read);
  }
  return Builder(std::move(document), table ? &*table : nullptr).build();
}

}  // namespace klik::apk
