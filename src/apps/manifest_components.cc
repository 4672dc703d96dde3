// Components: activities, aliases, services, receivers, providers. Their defaults are AOSP's PackageParser's.
#include <algorithm>
#include <map>

#include "apps/manifest_reader.h"

namespace klik::apk {
namespace {

using axml::Element;

void rest_on(std::vector<Span>& resources, Span span) {
  if (span.length != 0 && std::ranges::find(resources, span) == resources.end()) resources.push_back(span);
}

// False when either is, unknown when either is not known.
std::optional<bool> both(std::optional<bool> a, std::optional<bool> b) {
  if (a == false || b == false) return false;
  return a && b ? std::optional(true) : std::nullopt;
}

// "" written out means: none, not even the application's.
std::optional<std::string> guard(const Text& own, const Text& inherited) {
  const Text& text = own.stated ? own : inherited;
  if (!text.stated) return std::nullopt;
  std::string name = name_text(text);
  return name.empty() ? std::nullopt : std::optional(std::move(name));
}

constexpr AttributeName kDataAttributes[] = {
    attr::mime_type, attr::mime_group, attr::scheme, attr::ssp, attr::ssp_prefix, attr::ssp_pattern, attr::ssp_suffix, attr::ssp_advanced_pattern,
    attr::host, attr::port, attr::path, attr::path_prefix, attr::path_pattern, attr::path_suffix, attr::path_advanced_pattern,
};

}  // namespace

std::string ManifestReader::class_name(const Text& name, const Element& e) {
  std::string c = name_text(name);
  if (c.empty()) {
    values_.oddities.add(Code::bad_value, e.at, "a component without a class name; every phone refuses it");
    return c;
  }
  if (!name.value) return c;
  if (c[0] == '.') return manifest_.package + c;
  if (c.find('.') == c.npos) return manifest_.package + "." + c;
  return c;
}

// ":x" is private to the app. Nothing when it is the package's own process.
std::optional<std::string> ManifestReader::process(const Text& stated) const {
  if (!stated.stated) return std::nullopt;
  std::string p = name_text(stated);
  if (p.starts_with(':')) p = manifest_.package + p;
  return p.empty() || p == manifest_.package ? std::nullopt : std::optional(std::move(p));
}

IntentFilter ManifestReader::filter(const Element& e) {
  IntentFilter f{.element = whole(e), .actions = {}, .categories = {}, .data = {}, .auto_verify = values_.flag(e, attr::auto_verify), .resources = {}};
  const Number priority = values_.number(e, attr::priority);
  f.priority = priority.or_default(0);
  rest_on(f.resources, priority.resource);
  children(e, [&](const Element& c) {
    const bool action = document_.is(c, "action");
    if (action || document_.is(c, "category")) {
      const Text name = values_.text(c, attr::name);
      if (!name.stated) return;
      rest_on(f.resources, name.resource);
      (action ? f.actions : f.categories).push_back(name_text(name));
    } else if (document_.is(c, "data")) {
      filter_data(c, f);
    } else if (document_.is(c, "uri-relative-filter-group")) {
      children(c, [&](const Element& d) {
        if (document_.is(d, "data")) filter_data(d, f);
      });
    }
  });
  return f;
}

void ManifestReader::filter_data(const Element& e, IntentFilter& f) {
  for (const AttributeName& a : kDataAttributes)
    if (const Text t = values_.text(e, a); t.stated) {
      f.data.push_back({a.name, name_text(t)});
      rest_on(f.resources, t.resource);
    }
}

void ManifestReader::exported(Component& c, const Flag& stated) {
  if (stated.stated) {
    c.exported_stated = true;
    c.exported = stated.value;
    c.exported_why = stated.value ? ExportedWhy::declared : ExportedWhy::unknown_reference;
    return;
  }
  if (c.kind == ComponentKind::provider) {
    // A filter opens no provider: what counts is the target, which may stand in a resource that is not here.
    const bool old = manifest_.target_sdk < 17;
    if (manifest_.target_sdk_known) c.exported = old;
    c.exported_why = !manifest_.target_sdk_known ? ExportedWhy::unknown_reference : old ? ExportedWhy::provider_before_17 : ExportedWhy::default_without_filter;
    return;
  }
  // Of anything but a service, a filter without action does not count.
  const bool open = std::ranges::any_of(c.filters, [&](const IntentFilter& f) { return c.kind == ComponentKind::service || !f.actions.empty(); });
  c.exported = open;
  c.exported_why = open ? ExportedWhy::default_with_filter : ExportedWhy::default_without_filter;
}

void ManifestReader::component(const Element& e, ComponentKind kind) {
  const Application& app = *manifest_.application;
  const Text name = values_.text(e, attr::name);
  const Flag exported_flag = values_.flag(e, attr::exported), enabled = values_.flag(e, attr::enabled);
  const Text own_permission = values_.text(e, attr::permission);
  const Text own_process = values_.text(e, attr::process);
  Component c{.kind = kind, .element = start_tag(e), .class_name = class_name(name, e), .exported = {}, .enabled_stated = enabled, .filters = {}, .resources = {}};
  c.enabled = both(app.enabled.or_default(true), enabled.or_default(true));
  // An alias opens its target without the target's or the application's permission.
  c.permission = guard(own_permission, kind == ComponentKind::alias ? Text{} : app.permission);
  c.process = process(own_process.stated ? own_process : app.process);
  for (const Span s : {name.resource, exported_flag.resource, enabled.resource, own_permission.resource, own_process.resource}) rest_on(c.resources, s);
  if (c.enabled != enabled.or_default(true)) rest_on(c.resources, app.enabled.resource);
  if (!own_permission.stated && c.permission) rest_on(c.resources, app.permission.resource);
  if (!own_process.stated && c.process) rest_on(c.resources, app.process.resource);

  if (kind == ComponentKind::provider) {
    const Text authorities = values_.text(e, attr::authorities), read = values_.text(e, attr::read_permission), write = values_.text(e, attr::write_permission);
    if (authorities.stated) c.authorities = spelled(authorities);
    const Text& either = own_permission.stated ? own_permission : app.permission;
    c.read_permission = guard(read, either);
    c.write_permission = guard(write, either);
    const Flag grant = values_.flag(e, attr::grant_uri_permissions);
    c.grant_uri_permissions = grant.or_default(false);
    for (const Span s : {authorities.resource, read.resource, write.resource, grant.resource}) rest_on(c.resources, s);
  }
  if (kind == ComponentKind::alias)
    if (const Text target = values_.text(e, attr::target_activity); target.stated) {
      c.target_class = class_name(target, e);
      rest_on(c.resources, target.resource);
    }
  children(e, [&](const Element& child) {
    if (document_.is(child, "intent-filter")) c.filters.push_back(filter(child));
    else entry(child, "component", c.class_name);
  });
  exported(c, exported_flag);
  if (!c.exported_stated && !c.filters.empty() && kind != ComponentKind::provider && manifest_.target_sdk >= 31)
    values_.oddities.add(Code::bad_value, e.at, "a component with a filter does not say whether it is exported, which phones demand from target 31 on");
  manifest_.components.push_back(std::move(c));
}

// An alias runs where its target runs, and the target may stand behind it.
void ManifestReader::finish_components() {
  std::map<std::string_view, const Component*> activities;
  for (const Component& c : manifest_.components)
    if (c.kind == ComponentKind::activity) activities.try_emplace(c.class_name, &c);
  for (Component& c : manifest_.components) {
    if (c.kind != ComponentKind::alias || !c.target_class) continue;
    const auto target = activities.find(*c.target_class);
    if (target == activities.end()) values_.oddities.add(Code::bad_value, c.element.at, "an alias of an activity that the manifest does not declare; every phone refuses it");
    else c.process = target->second->process;
  }
}

}  // namespace klik::apk
