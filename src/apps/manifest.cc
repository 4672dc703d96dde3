#include "apps/manifest.h"

#include <algorithm>

#include "apps/manifest_reader.h"

namespace klik::apk {
namespace {

using axml::Element;

void rest_on(std::vector<Span>& resources, Span span) {
  if (span.length != 0 && std::ranges::find(resources, span) == resources.end()) resources.push_back(span);
}

constexpr std::uint32_t kNeverForLocation = 0x10000;

}  // namespace

std::string_view component_kind_name(ComponentKind kind) {
  switch (kind) {
    case ComponentKind::activity: return "activity";
    case ComponentKind::alias: return "alias";
    case ComponentKind::service: return "service";
    case ComponentKind::receiver: return "receiver";
    case ComponentKind::provider: return "provider";
  }
  return "";
}

std::string_view exported_why_name(ExportedWhy why) {
  switch (why) {
    case ExportedWhy::declared: return "declared";
    case ExportedWhy::default_with_filter: return "default_with_filter";
    case ExportedWhy::default_without_filter: return "default_without_filter";
    case ExportedWhy::provider_before_17: return "provider_before_17";
    case ExportedWhy::unknown_reference: return "unknown_reference";
  }
  return "";
}

Result<Manifest> read_manifest_with(Bytes xml, const LoadResources& resources) {
  KLIK_TRY(const axml::Document document, axml::Document::read(xml));
  return ManifestReader(document, resources).read();
}

Result<Manifest> read_manifest(Bytes xml, Bytes resources) {
  return read_manifest_with(xml, [resources] { return resources; });
}

Result<Manifest> ManifestReader::read() {
  const Element& root = document_.elements()[0];
  if (!document_.is(root, "manifest")) return fail(Code::bad_value, root.at, "the root element is not <manifest>");
  package(root);
  // Defaults of components depend on the SDK levels, which may stand behind them.
  children(root, [&](const Element& e) {
    if (document_.is(e, "uses-sdk")) uses_sdk(e);
  });
  bool seen_application = false;
  children(root, [&](const Element& e) {
    if (document_.is(e, "application")) {
      if (seen_application) values_.oddities.add(Code::deviation, e.at, "a second <application>; the phone takes the first");
      else application(e);
      seen_application = true;
    } else if (document_.is(e, "uses-permission")) {
      request(e, false);
    } else if (document_.is(e, "uses-permission-sdk-23") || document_.is(e, "uses-permission-sdk-m")) {
      request(e, true);
    } else if (document_.is(e, "permission")) {
      declaration(e);
    } else if (document_.is(e, "queries")) {
      queries(e);
    } else {
      if (document_.is(e, "overlay") && manifest_.overlay_target.empty()) manifest_.overlay_target = name_text(values_.text(e, attr::target_package));
      entry(e, "manifest", {});
    }
  });
  finish_components();
  manifest_.varying = values_.take_varying();
  manifest_.oddities = document_.oddities();
  manifest_.oddities.insert(manifest_.oddities.end(), values_.oddities.list().begin(), values_.oddities.list().end());
  manifest_.resource_oddities = values_.resource_oddities();
  return std::move(manifest_);
}

void ManifestReader::package(const Element& root) {
  Manifest& m = manifest_;
  m.element = start_tag(root);
  const Text name = values_.plain_text(root, "package");
  m.package = name_text(name);
  if (m.package.empty()) values_.oddities.add(Code::bad_value, root.at, "a manifest without a package name; every phone refuses it");
  if (spelled(name).size() > kMostName) values_.oddities.add(Code::over_budget, name.at.at, "a package name too long for any phone; it is cut", true);
  m.split = name_text(values_.plain_text(root, "split"));
  const Number low = values_.number(root, attr::version_code), high = values_.number(root, attr::version_code_major);
  if (low.stated || high.stated) {
    const auto part = [](const Number& n) -> std::optional<std::uint64_t> {
      const auto v = n.or_default(0);
      return v ? std::optional(static_cast<std::uint64_t>(*v) & 0xFFFFFFFFu) : std::nullopt;
    };
    const auto l = part(low), h = part(high);
    if (l && h) m.version_code = static_cast<std::int64_t>(*h << 32 | *l);
    // Without a major part the number is a signed one of 32 bits.
    if (m.version_code && *h == 0) m.version_code = static_cast<std::int32_t>(*l);
  }
  m.version_name = values_.text(root, attr::version_name);
  m.shared_uid = values_.text(root, attr::shared_user_id);
  for (const Span s : {low.resource, high.resource, m.version_name.resource, m.shared_uid.resource}) rest_on(m.resources, s);
  m.target_sandbox = values_.number(root, attr::target_sandbox_version).value.value_or(1);
  m.core_app = values_.plain_flag(root, "coreApp").or_default(false);
}

// A later <uses-sdk> replaces an earlier one as a whole.
void ManifestReader::uses_sdk(const Element& e) {
  const auto min = values_.sdk_level(e, attr::min_sdk_version), target = values_.sdk_level(e, attr::target_sdk_version);
  manifest_.min_sdk = min.stated ? min.level : 1;
  // A target of 0 means the same as none.
  const bool declared = target.stated && (target.code_name || target.level != 0);
  const std::optional<std::int64_t> level = declared ? target.level : manifest_.min_sdk;
  manifest_.target_sdk = level.value_or(1);
  manifest_.target_sdk_known = level.has_value();
  manifest_.target_sdk_declared = declared && level;
  const Number max = values_.number(e, attr::max_sdk_version);
  manifest_.max_sdk = max.stated ? max.value : std::nullopt;
}

void ManifestReader::request(const Element& e, bool sdk23) {
  const Text name = values_.literal(e, attr::name);
  if (!name.stated) return;
  PermissionRequest r{.permission = name_text(name), .element = start_tag(e), .sdk23 = sdk23, .max_sdk = {}, .condition = {}};
  if (const Number max = values_.number(e, attr::max_sdk_version); max.stated) r.max_sdk = max.value;
  const auto condition = [&](const std::string& text) {
    if (!r.condition.empty()) r.condition += ',';
    r.condition += text;
  };
  const auto features = [&](const Element& at, AttributeName attribute, const char* prefix) {
    if (const Text f = values_.text(at, attribute); f.stated) condition(prefix + name_text(f));
  };
  features(e, attr::required_feature, "feature:");
  features(e, attr::required_not_feature, "!feature:");
  children(e, [&](const Element& c) {
    if (document_.is(c, "required-feature")) features(c, attr::name, "feature:");
    if (document_.is(c, "required-not-feature")) features(c, attr::name, "!feature:");
  });
  if (const Number flags = values_.number(e, attr::uses_permission_flags); flags.stated && flags.value && (*flags.value & kNeverForLocation)) condition("neverForLocation");
  manifest_.requests.push_back(std::move(r));
}

void ManifestReader::declaration(const Element& e) {
  const Text name = values_.literal(e, attr::name);
  if (!name.stated) return;
  PermissionDeclaration d{.permission = name_text(name), .element = start_tag(e), .group = {}, .resources = {}};
  const Number level = values_.number(e, attr::protection_level);
  const Text group = values_.text(e, attr::permission_group);
  d.level = level.or_default(0);
  d.group = name_text(group);
  rest_on(d.resources, level.resource);
  rest_on(d.resources, group.resource);
  manifest_.declarations.push_back(std::move(d));
}

void ManifestReader::application(const Element& e) {
  Application a{.element = start_tag(e), .name = values_.text(e, attr::name), .process = values_.text(e, attr::process), .permission = values_.text(e, attr::permission),
                .network_security_config = values_.shown(e, attr::network_security_config), .enabled = values_.flag(e, attr::enabled),
                .debuggable = values_.flag(e, attr::debuggable), .allow_backup = values_.flag(e, attr::allow_backup),
                .cleartext = values_.flag(e, attr::uses_cleartext_traffic), .persistent = values_.flag(e, attr::persistent),
                .direct_boot_aware = values_.flag(e, attr::direct_boot_aware), .test_only = values_.flag(e, attr::test_only),
                .has_code = values_.flag(e, attr::has_code)};
  for (const Flag* f : {&a.enabled, &a.debuggable, &a.allow_backup, &a.cleartext, &a.persistent}) rest_on(manifest_.resources, f->resource);
  manifest_.application = std::move(a);
  children(e, [&](const Element& c) {
    if (document_.is(c, "activity")) component(c, ComponentKind::activity);
    else if (document_.is(c, "activity-alias")) component(c, ComponentKind::alias);
    else if (document_.is(c, "service")) component(c, ComponentKind::service);
    else if (document_.is(c, "receiver")) component(c, ComponentKind::receiver);
    else if (document_.is(c, "provider")) component(c, ComponentKind::provider);
    else entry(c, "application", {});
  });
}

}  // namespace klik::apk
