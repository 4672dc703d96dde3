// What files in etc/ grant: privileged permissions, users, groups, splits, first-boot grants, exceptions from limits.
// Source: AOSP com.android.server.SystemConfig (permissions, sysconfig), DefaultPermissionGrantPolicy (exceptions),
// SELinuxMMAC (policy). As there, elements that are not understood are passed over; here they are counted.
#include <algorithm>
#include <array>
#include <map>

#include "extract/extractor.h"
#include "extract/rights_facts.h"
#include "extract/settings.h"
#include "formats/text_xml.h"

namespace klik {
namespace {

using namespace rights_facts;

constexpr std::string_view kName = "permission_xml@1";
constexpr const FactKind* kEmits[] = {&kPrivappLine, &kAssigned, &kGroup, &kSplit, &kDefaultGrant, &kSysconfig, &kMacSigner, &kPermissionFile};
constexpr std::int64_t kEveryTarget = 10'000;

// Elements that name a package, a service or the like and say one thing about it.
constexpr std::array<std::string_view, 43> kSysconfigElements = {
    "library", "apex-library", "updatable-library", "feature", "unavailable-feature", "allow-in-power-save", "allow-in-power-save-except-idle",
    "allow-in-data-usage-save", "allow-unthrottled-location", "allow-ignore-location-settings", "allow-adas-location-settings", "allow-implicit-broadcast",
    "app-link", "app-data-isolation-whitelisted-app", "system-user-whitelisted-app", "system-user-blacklisted-app", "default-enabled-vr-app", "component-override",
    "backup-transport-whitelisted-service", "disabled-until-used-preinstalled-carrier-associated-app", "disabled-until-used-preinstalled-carrier-app",
    "hidden-api-whitelisted-app", "allow-association", "bugreport-whitelisted", "install-in-user-type", "named-actor", "overlay-config-signature",
    "rollback-whitelisted-app", "automatic-rollback-denylisted-app", "whitelisted-staged-installer", "allowed-vendor-apex", "install-constraints-allowed",
    "preinstall-packages-with-strict-signature-check", "update-ownership", "initial-package-state", "enhanced-confirmation-trusted-package",
    "enhanced-confirmation-trusted-installer", "modules-installer", "prevent-disabled-package", "sdk-sandbox-app", "allow-power-save", "group", "key"};

bool wants(std::string_view, std::string_view name) { return name.ends_with(".xml"); }

std::string_view subject_of(const xml::Element& e) {
  for (const std::string_view name : {"package", "name", "service", "action", "source", "gid", "namespace", "installer", "class"})
    if (const std::string* value = e.find(name)) return *value;
  return e.attributes.empty() ? std::string_view() : std::string_view(e.attributes.front().value);
}

std::string others_of(const xml::Element& e, std::string_view subject) {
  std::string out;
  bool skipped = false;
  for (const xml::Attribute& a : e.attributes) {
    if (!skipped && a.value == subject) {
      skipped = true;
      continue;
    }
    if (!out.empty()) out += ';';
    out += a.name + "=" + a.value;
  }
  return out;
}

// SHA-256 of a certificate written in hexadecimal; null for anything else, such as "@PLATFORM".
std::optional<std::string> certificate_digest(std::string_view digits) {
  std::vector<std::uint8_t> der;
  if (digits.size() % 2 != 0 || digits.size() < 128) return std::nullopt;
  der.reserve(digits.size() / 2);
  const auto nibble = [](char c) { return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1; };
  for (std::size_t i = 0; i < digits.size(); i += 2) {
    const int high = nibble(digits[i]), low = nibble(digits[i + 1]);
    if (high < 0 || low < 0) return std::nullopt;
    der.push_back(static_cast<std::uint8_t>(high * 16 + low));
  }
  return hex(as_bytes(sha256(Bytes(der))));
}

std::string without_colons_lower(std::string_view digits) {
  std::string out;
  for (const char c : digits)
    if (c != ':') out += c >= 'A' && c <= 'F' ? static_cast<char>(c - 'A' + 'a') : c;
  return out;
}

std::int64_t sdk_of(std::string_view text) {
  std::int64_t level = 0;
  for (const char c : text) {
    if (c < '0' || c > '9' || level >= kEveryTarget) return kEveryTarget;   // a code name: of a version to come
    level = level * 10 + (c - '0');
  }
  return text.empty() ? kEveryTarget : level;
}

class Lines {
 public:
  Lines(const FileItem& item, const xml::Document& document, FactSink& sink) : item_(item), all_(document.elements), sink_(sink) {}

  void all() {
    const std::string& root = all_.front().name;
    for (std::size_t i = 1; i < all_.size(); ++i) {
      const xml::Element& e = all_[i];
      // What stands in an element that was not understood is part of it.
      if (e.depth > 1 && unknown_at_ && e.depth > *unknown_at_) continue;
      unknown_at_.reset();
      const bool known = root == "policy" ? policy(e) : root == "exceptions" ? exception(e) : permission(e);
      if (!known) {
        unknown_at_ = e.depth;
        ++unknown_[e.name];
      }
    }
    Row row(kPermissionFile);
    row.set("root", root).set("elements", static_cast<std::int64_t>(all_.size()));
    std::string names;
    for (const auto& [name, n] : unknown_) names += (names.empty() ? "" : ", ") + name + " " + std::to_string(n);
    if (!names.empty()) row.set("unknown", names);
    put(kPermissionFile, row, all_.front());
  }

 private:
  const xml::Element& parent(const xml::Element& e) const { return all_[e.parent]; }

  void put(const FactKind& kind, Row& row, const xml::Element& e, const xml::Element* also = nullptr) {
    std::vector<Place> origins{{item_.blob, e.at, e.length}};
    if (also) origins.push_back({item_.blob, also->at, also->length});
    sink_.fact({.kind = &kind, .about = item_.blob, .values = row.values(), .origins = std::move(origins), .extractor = kName});
  }

  void setting(std::string_view scope, std::string_view name, std::string_view value, const xml::Element& e) {
    sink_.fact({.kind = &settings::kSetting, .about = item_.blob, .values = settings::values(scope, name, value), .origins = {{item_.blob, e.at, e.length}}, .extractor = kName});
  }

  void allow_line(std::string_view list, const xml::Element& e, const xml::Element& holder, bool allowed) {
    Row row(kPrivappLine);
    row.set("list", list).set("package", holder["package"]).set("permission", e["name"]).set("allowed", allowed);
    put(kPrivappLine, row, e, &holder);
    setting(list, holder["package"], std::string(allowed ? "allow " : "deny ") + std::string(e["name"]), e);
  }

  // Root <permissions> or <config>: SystemConfig reads both alike.
  bool permission(const xml::Element& e) {
    if (e.depth == 1) {
      if (e.name == "permission" || e.name == "privapp-permissions" || e.name == "oem-permissions" || e.name == "signature-permissions" || e.name == "split-permission") return true;
      if (e.name == "assign-permission") {
        Row row(kAssigned);
        row.set("permission", e["name"]).set("uid", e["uid"]);
        put(kAssigned, row, e);
        return true;
      }
      if (std::ranges::find(kSysconfigElements, e.name) == kSysconfigElements.end()) return false;
      sysconfig(e);
      return true;
    }
    const xml::Element& holder = parent(e);
    if (e.depth != 2) return false;
    if (holder.name == "permission" && e.name == "group") {
      Row row(kGroup);
      row.set("permission", holder["name"]).set("gid", e["gid"]);
      put(kGroup, row, e, &holder);
      return true;
    }
    if (holder.name == "split-permission" && e.name == "new-permission") {
      Row row(kSplit);
      row.set("permission", holder["name"]).set("implied", e["name"]).set("target_below", sdk_of(holder["targetSdk"]));
      put(kSplit, row, e, &holder);
      return true;
    }
    const std::string_view list = holder.name == "privapp-permissions" ? "privapp" : holder.name == "oem-permissions" ? "oem" : holder.name == "signature-permissions" ? "signature" : "";
    if (!list.empty() && (e.name == "permission" || e.name == "deny-permission")) {
      allow_line(list, e, holder, e.name == "permission");
      return true;
    }
    if (std::ranges::find(kSysconfigElements, holder.name) == kSysconfigElements.end()) return false;
    sysconfig(e, &holder);
    return true;
  }

  void sysconfig(const xml::Element& e, const xml::Element* holder = nullptr) {
    const std::string_view subject = subject_of(holder ? *holder : e);
    std::string value = holder ? std::string(subject_of(e)) : others_of(e, subject);
    const std::string element = holder ? holder->name + "/" + e.name : e.name;
    Row row(kSysconfig);
    row.set("element", element).set("subject", subject).set("value", value);
    put(kSysconfig, row, e, holder);
    setting("sysconfig", element, value.empty() ? std::string(subject) : std::string(subject) + ";" + value, e);
  }

  bool exception(const xml::Element& e) {
    if (e.depth == 1) return e.name == "exception";
    const xml::Element& holder = parent(e);
    if (e.depth != 2 || e.name != "permission" || holder.name != "exception") return false;
    Row row(kDefaultGrant);
    row.set("package", holder["package"]).set("permission", e["name"]).set("fixed", e["fixed"] == "true").set("exempt", e["whitelisted"] == "true");
    if (const std::string* digest = holder.find("sha256-cert-digest")) row.set("certificate", without_colons_lower(*digest));
    put(kDefaultGrant, row, e, &holder);
    setting("pregrant", holder["package"], e["name"], e);
    return true;
  }

  bool policy(const xml::Element& e) {
    if (e.depth == 1 && (e.name == "signer" || e.name == "default")) {
      signature_ = e["signature"];
      return true;
    }
    if (e.name == "cert") {
      signature_ = e["signature"];
      return true;
    }
    if (e.name == "package" || e.name == "allow-permission" || e.name == "deny-permission" || e.name == "allow-all") return true;
    if (e.name != "seinfo") return false;
    const xml::Element& holder = parent(e);
    Row row(kMacSigner);
    row.set("seinfo", e["value"]);
    if (const auto digest = certificate_digest(signature_)) row.set("certificate", *digest);
    if (holder.name == "package") row.set("package", holder["name"]);
    put(kMacSigner, row, e, &holder);
    setting("mac_permissions", e["value"], certificate_digest(signature_).value_or(signature_.substr(0, 64)), e);
    return true;
  }

  const FileItem& item_;
  const std::vector<xml::Element>& all_;
  FactSink& sink_;
  std::map<std::string, int> unknown_;
  std::optional<std::uint32_t> unknown_at_;
  std::string signature_;
};

constexpr std::array<std::string_view, 4> kRoots = {"permissions", "config", "exceptions", "policy"};

void run(const FileItem& item, FactSink& sink) {
  const std::uint64_t size = item.source->size();
  const auto blob = item.source->load(0, std::min(size, xml::kLargest));
  if (!blob) return;
  // Most XML files of an image are something else. A comment of any length may stand before the root.
  const std::string_view text = blob->bytes().text();
  if (std::ranges::none_of(kRoots, [&](std::string_view root) { return text.contains("<" + std::string(root)); })) return;
  const auto lost = [&](const Error& error) { sink.problem({error, ProblemSeverity::data_loss, {}, "what it grants after this place is not known"}); };
  if (size > xml::kLargest) return lost(fail(Code::over_budget, xml::kLargest, "a permission file of more than 4 MiB").error());
  const auto document = xml::read(blob->bytes());
  if (!document) return;   // another format with such a word in it
  if (document->elements.empty() || std::ranges::find(kRoots, document->elements.front().name) == kRoots.end()) return;
  if (document->damage) lost(*document->damage);
  if (document->other_encoding) sink.problem({fail(Code::deviation, 0, "letters outside ASCII in an encoding that is not UTF-8 are read as they stand").error(), ProblemSeverity::info});
  Lines(item, *document, sink).all();
}

}  // namespace

extern const Extractor extractor_permission_xml;
constexpr Extractor extractor_permission_xml{.name = kName, .title = "What files of the system grant to packages and users", .emits = kEmits, .wants = wants, .run = run};

}  // namespace klik
