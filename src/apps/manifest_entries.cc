// Elements that become plain entries: one line per tag says where it counts, what names it and what it says.
#include <algorithm>

#include "apps/manifest_reader.h"

namespace klik::apk {
namespace {

using axml::Element;

constexpr AttributeName kNoAttribute{0, ""};

struct EntryRule {
  std::string_view parent;          // manifest, application or component; "*": the last two
  std::string_view tag;
  AttributeName name;
  std::initializer_list<AttributeName> says;
  bool bare = false;                // one value without its key
};

const EntryRule kRules[] = {
    {"manifest", "uses-feature", attr::name, {attr::gl_es_version, attr::required}},
    {"manifest", "permission-tree", attr::name, {}},
    {"manifest", "permission-group", attr::name, {attr::priority}},
    {"manifest", "protected-broadcast", attr::name, {}},
    {"manifest", "instrumentation", attr::name, {attr::target_package, attr::target_processes}},
    {"manifest", "original-package", attr::name, {}},
    {"manifest", "adopt-permissions", attr::name, {}},
    {"manifest", "overlay", attr::target_package, {attr::target_name, attr::priority, attr::is_static, attr::category, attr::required_property_name, attr::required_property_value}},
    {"manifest", "uses-split", attr::name, {}},
    {"manifest", "restrict-update", kNoAttribute, {}},
    {"*", "meta-data", attr::name, {attr::value, attr::resource}, true},
    {"*", "property", attr::name, {attr::value, attr::resource}, true},
    {"application", "uses-library", attr::name, {attr::required}},
    {"application", "uses-native-library", attr::name, {attr::required}},
    {"application", "uses-static-library", attr::name, {attr::version, attr::cert_digest}},
    {"application", "uses-sdk-library", attr::name, {attr::version_major, attr::cert_digest}},
    {"application", "uses-package", attr::name, {}},
    {"application", "library", attr::name, {}},
    {"application", "static-library", attr::name, {attr::version, attr::version_major}},
    {"application", "sdk-library", attr::name, {attr::version_major}},
    {"component", "path-permission", attr::path, {attr::path_prefix, attr::path_pattern, attr::path_advanced_pattern, attr::permission, attr::read_permission, attr::write_permission}},
    {"component", "grant-uri-permission", attr::path, {attr::path_prefix, attr::path_pattern, attr::path_advanced_pattern}},
};

void rest_on(std::vector<Span>& resources, Span span) {
  if (span.length != 0) resources.push_back(span);
}

}  // namespace

void ManifestReader::entry(const Element& e, std::string_view parent_tag, const std::string& owner) {
  const auto rule = std::ranges::find_if(kRules, [&](const EntryRule& r) {
    return (r.parent == parent_tag || (r.parent == "*" && parent_tag != "manifest")) && document_.is(e, r.tag);
  });
  if (rule == std::end(kRules)) return;
  ManifestEntry out{.tag = std::string(rule->tag), .name = {}, .value = {}, .owner = owner, .element = start_tag(e), .resources = {}};
  if (rule->name.id != 0) {
    const Text name = values_.shown(e, rule->name);
    out.name = name_text(name);
    rest_on(out.resources, name.resource);
  }
  for (const AttributeName& a : rule->says) {
    const Text t = values_.shown(e, a);
    if (!t.stated) continue;
    rest_on(out.resources, t.resource);
    if (!out.value.empty()) out.value += ';';
    if (!rule->bare) out.value += std::string(a.name) + "=";
    out.value += spelled(t);
  }
  manifest_.entries.push_back(std::move(out));
}

// What other apps this one wants to see. Source: developer.android.com, "<queries>".
void ManifestReader::queries(const Element& e) {
  children(e, [&](const Element& c) {
    ManifestEntry out{.tag = {}, .name = {}, .value = {}, .owner = {}, .element = start_tag(c), .resources = {}};
    if (document_.is(c, "package")) {
      out.tag = "queries-package";
      out.name = name_text(values_.text(c, attr::name));
    } else if (document_.is(c, "provider")) {
      out.tag = "queries-provider";
      out.name = name_text(values_.text(c, attr::authorities));
    } else if (document_.is(c, "intent")) {
      const IntentFilter f = filter(c);
      out.tag = "queries-intent";
      out.element = f.element;
      if (!f.actions.empty()) out.name = f.actions[0];
      for (const FilterData& d : f.data) out.value += (out.value.empty() ? "" : ";") + std::string(d.kind) + "=" + d.value;
    } else {
      return;
    }
    manifest_.entries.push_back(std::move(out));
  });
}

}  // namespace klik::apk
