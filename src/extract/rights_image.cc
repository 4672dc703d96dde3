#include "extract/rights_image.h"

#include <algorithm>

#include "data/permissions.h"
#include "extract/columns.h"

namespace klik::rights {
namespace {

using namespace data::protection;

void each(const BuildRows& rows, std::string_view name, const std::function<void(const FactKind&, const FactRow&)>& use) {
  if (const FactKind* kind = find_kind(name)) rows.facts(*kind, [&](const FactRow& row) { use(*kind, row); });
}

bool in_folder(std::string_view device_path, std::string_view folder) { return device_path.contains(folder); }

// The list that a file's lines belong to; see Judge::list_partition for the packages' side.
std::string list_of(std::string_view device_path) {
  const std::string partition = partition_of_path(device_path);
  if (partition == "vendor" || partition == "odm") return "vendor";
  if (partition == "product" || partition == "system_ext" || partition == "apex" || partition == "oem") return partition;
  return "system";
}

void read_lines(const BuildRows& rows, Image& image) {
  each(rows, "system.privapp_line", [&](const FactKind& k, const FactRow& row) {
    const std::string_view path = row.artifact.device_path;
    if (!in_folder(path, "/etc/permissions/") && !in_folder(path, "/etc/sysconfig/")) return;
    const std::string_view list = text_of(k, row, "list");
    if (list == "signature") return;
    auto& to = list == "oem" ? image.oem : image.privapp;
    const bool allowed = number_of(k, row, "allowed").value_or(0) != 0;
    const auto [at, fresh] = to[list_of(path)].try_emplace({std::string(text_of(k, row, "package")), std::string(text_of(k, row, "permission"))}, Line{allowed, row.id});
    // A line that allows wins over one that denies: Android looks at the allowed first.
    if (!fresh && allowed && !at->second.allowed) at->second = {true, row.id};
  });
}

// From Android 10 on the last file wins, before the first one: a property of the read-only kind could be set once.
void read_mode(const BuildRows& rows, Image& image) {
  int best = -1;
  each(rows, "system.prop", [&](const FactKind& k, const FactRow& row) {
    if (text_of(k, row, "name") != "ro.control_privapp_permissions") return;
    const std::string partition = partition_of_path(row.artifact.device_path);
    int rank = partition == "system" ? 1 : partition == "system_ext" ? 2 : partition == "vendor" ? 3 : partition == "odm" ? 4 : partition == "product" ? 5 : 0;
    if (image.sdk < 29) rank = 10 - rank;
    if (rank <= best) return;
    best = rank;
    image.privapp_mode = text_of(k, row, "value");
    image.privapp_mode_because = {row.id};
  });
}

std::vector<std::string> packages_in(std::string_view value) {
  std::vector<std::string> out;
  while (!value.empty()) {
    const std::size_t end = value.find_first_of(",;: \n");
    std::string_view one = value.substr(0, end);
    value.remove_prefix(end == value.npos ? value.size() : end + 1);
    one = one.substr(0, one.find('/'));
    if (!one.empty()) out.emplace_back(one);
  }
  return out;
}

// The resources of the platform that name packages; an overlay's value takes the place of the platform's own.
struct Named {
  std::string value;
  bool overlay = false;
  FactId fact{};
};

std::map<std::string, Named> named_resources(const BuildRows& rows) {
  std::map<std::string, Named> out;
  each(rows, "system.platform_config", [&](const FactKind& k, const FactRow& row) {
    const bool overlay = text_of(k, row, "package") != "android";
    Named& n = out[std::string(text_of(k, row, "resource"))];
    if (n.overlay && !overlay) return;
    n = {std::string(text_of(k, row, "value")), overlay, row.id};
  });
  return out;
}

void read_named(const BuildRows& rows, std::span<const Package> packages, Image& image) {
  const std::map<std::string, Named> resources = named_resources(rows);
  const bool told = image.has_platform && !resources.empty();
  for (const data::NamedPackage& rule : data::named_packages()) {
    if (rule.sdk_from > image.sdk) continue;
    if (told && rule.gives == "flag")
      for (const std::string_view flag : rule.what) image.flags_told |= data::protection_flag(flag);
    const auto at = resources.find(std::string(rule.resource));
    if (at == resources.end()) continue;
    const std::string by = std::string(rule.resource.substr(rule.resource.find('/') + 1)) + (at->second.overlay ? " of an overlay" : " of the platform") + " names it";
    for (const std::string& name : packages_in(at->second.value)) {
      if (rule.gives == "flag")
        for (const std::string_view flag : rule.what) image.flag_holders[data::protection_flag(flag)].try_emplace(name, Reason{by + " (" + std::string(flag) + ")", {at->second.fact}});
      // Roles whose rights the table does not know; the others follow below.
      if (rule.gives == "role" && std::ranges::find(data::roles(), rule.resource, &data::Role::resource) == data::roles().end()) image.role_holders.try_emplace(name, Reason{by + " for the role " + std::string(rule.what.empty() ? "" : rule.what.front()), {at->second.fact}});
      if (rule.gives == "first_boot" && std::ranges::any_of(packages, [&](const Package& p) { return p.name == name && p.place.scanned(); }))
        for (const std::string_view set : rule.what)
          for (const std::string_view permission : data::permission_set(set))
            image.first_boot.try_emplace({name, std::string(permission)}, Reason{"gets it at first boot: " + by + " (" + std::string(set) + ")", {at->second.fact}});
    }
  }
  for (const data::Role& role : data::roles()) {
    const auto at = role.resource.empty() || role.sdk_from > image.sdk ? resources.end() : resources.find(role.resource);
    if (at == resources.end()) continue;
    const std::string by = "holds the role " + role.name + ": " + role.resource.substr(role.resource.find('/') + 1) + (at->second.overlay ? " of an overlay" : " of the platform") + " names it";
    for (const std::string& name : packages_in(at->second.value)) {
      if (std::ranges::none_of(packages, [&](const Package& p) { return p.name == name && p.place.scanned(); })) continue;
      for (const data::Role::Gives& g : role.gives)
        if (g.sdk_from <= image.sdk) image.role_gives.try_emplace({name, g.permission}, Reason{by, {at->second.fact}});
    }
  }
}

// Flags for the one system app that answers an intent. Several that do so leave it open.
struct Answerer {
  std::uint32_t flag;
  std::string_view action, category;
  int sdk_from;
};
constexpr Answerer kAnswerers[] = {
    {kInstaller, "android.intent.action.INSTALL_PACKAGE", "android.intent.category.DEFAULT", 23},
    {kInstaller, "android.intent.action.MANAGE_PERMISSIONS", "android.intent.category.DEFAULT", 26},
    {kVerifier, "android.intent.action.PACKAGE_NEEDS_VERIFICATION", "", 23},
    {kSetup, "android.intent.action.MAIN", "android.intent.category.SETUP_WIZARD", 23},
    {kDocumenter, "android.intent.action.OPEN_DOCUMENT", "android.intent.category.OPENABLE", 29},
};

bool lists(std::string_view joined, std::string_view one) {
  if (one.empty()) return true;
  for (std::size_t at = joined.find(one); at != joined.npos; at = joined.find(one, at + 1))
    if ((at == 0 || joined[at - 1] == ',') && (at + one.size() == joined.size() || joined[at + one.size()] == ',')) return true;
  return false;
}

void read_answerers(const BuildRows& rows, std::span<const Package> packages, Image& image) {
  std::map<std::string_view, const Package*> system;
  for (const Package& p : packages)
    if (p.place.scanned()) system.try_emplace(p.path, &p);
  std::map<std::size_t, std::map<std::string, FactId>> found;
  each(rows, "app.intent_filter", [&](const FactKind& k, const FactRow& row) {
    const std::string_view actions = text_of(k, row, "actions");
    for (std::size_t i = 0; i < std::size(kAnswerers); ++i) {
      if (!lists(actions, kAnswerers[i].action) || !lists(text_of(k, row, "categories"), kAnswerers[i].category)) continue;
      if (const auto at = system.find(row.artifact.path); at != system.end()) found[i].try_emplace(at->second->name, row.id);
    }
  });
  for (std::size_t i = 0; i < std::size(kAnswerers); ++i) {
    if (kAnswerers[i].sdk_from > image.sdk) continue;
    const auto& names = found[i];
    if (names.size() == 1) {
      image.flag_holders[kAnswerers[i].flag].try_emplace(names.begin()->first, Reason{"the only system app that answers " + std::string(kAnswerers[i].action), {names.begin()->second}});
      image.flags_told |= kAnswerers[i].flag;
    } else if (names.empty() && image.complete) {
      image.flags_told |= kAnswerers[i].flag;
    }
  }
}

// Whether a list joined with semicolons has `one`.
bool among(std::string_view joined, std::string_view one) {
  while (!joined.empty()) {
    const std::size_t end = joined.find(';');
    if (joined.substr(0, end) == one) return true;
    joined.remove_prefix(end == joined.npos ? joined.size() : end + 1);
  }
  return false;
}

// Apps that get permissions at first boot for what they are. Where several answer an intent, Android's choice is not known.
void read_handlers(const BuildRows& rows, std::span<const Package> packages, Image& image) {
  std::map<std::string_view, const Package*> system;
  for (const Package& p : packages)
    if (p.place.scanned()) system.try_emplace(p.path, &p);
  const auto& all = data::first_boot_handlers();
  std::vector<std::map<std::string, FactId>> found(all.size());
  const auto note = [&](std::size_t i, const FactRow& row) {
    if (const auto at = system.find(row.artifact.path); at != system.end()) found[i].try_emplace(at->second->name, row.id);
  };
  each(rows, "app.component", [&](const FactKind& k, const FactRow& row) {
    const std::string_view authorities = text_of(k, row, "authorities");
    if (authorities.empty()) return;
    for (std::size_t i = 0; i < all.size(); ++i)
      if (!all[i].provider.empty() && among(authorities, all[i].provider)) note(i, row);
  });
  each(rows, "app.intent_filter", [&](const FactKind& k, const FactRow& row) {
    if (text_of(k, row, "component_kind") != "activity" && text_of(k, row, "component_kind") != "alias") return;
    for (std::size_t i = 0; i < all.size(); ++i)
      if (!all[i].action.empty() && lists(text_of(k, row, "actions"), all[i].action) && lists(text_of(k, row, "categories"), all[i].category)) note(i, row);
  });
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (found[i].size() != 1 || image.sdk < all[i].sdk_from || image.sdk > all[i].sdk_to) continue;
    const auto& [name, fact] = *found[i].begin();
    const std::string what = all[i].provider.empty() ? "the only system app that answers " + std::string(all[i].category.empty() ? all[i].action : all[i].category) : "has the provider " + std::string(all[i].provider);
    for (const std::string_view set : all[i].sets)
      for (const std::string_view permission : data::permission_set(set))
        image.first_boot.try_emplace({name, std::string(permission)}, Reason{"gets it at first boot: " + what + " (" + std::string(set) + ")", {fact}});
  }
}

void read_first_boot(const BuildRows& rows, std::span<const Package> packages, Image& image) {
  std::map<std::string_view, const Package*> system;
  for (const Package& p : packages)
    if (p.place.scanned()) system.try_emplace(p.name, &p);
  each(rows, "system.default_grant", [&](const FactKind& k, const FactRow& row) {
    if (!in_folder(row.artifact.device_path, "/etc/default-permissions/")) return;
    const auto at = system.find(text_of(k, row, "package"));
    if (at == system.end()) return;
    const std::string_view certificate = text_of(k, row, "certificate");
    const Keys& keys = at->second->keys;
    if (!certificate.empty() && certificate != keys.signer && std::ranges::find(keys.ancestors, certificate) == keys.ancestors.end()) return;
    std::string text = "gets it at first boot: a line in etc/default-permissions names it";
    if (number_of(k, row, "fixed").value_or(0) != 0) text += ", fixed";
    image.first_boot.try_emplace({at->second->name, std::string(text_of(k, row, "permission"))}, Reason{std::move(text), {row.id}});
  });
}

}  // namespace

bool grants_count(std::string_view device_path) {
  if (!in_folder(device_path, "/etc/permissions/") && !in_folder(device_path, "/etc/sysconfig/")) return false;
  const std::string partition = partition_of_path(device_path);
  // Files of these may name features, libraries and lists only.
  return partition != "vendor" && partition != "odm" && partition != "oem" && partition != "apex" && partition != "data";
}

void read_image(const BuildRows& rows, std::span<const Package> packages, Image& image) {
  bool missing = false;
  rows.artifacts([&](const ArtifactRow& a) {
    if (a.path.ends_with(".apk") && a.state != "read") missing = true;
  });
  for (const Package& p : packages) {
    image.present = image.present || p.place.on_image();
    image.has_platform = image.has_platform || (p.name == "android" && p.place.on_image());
  }
  image.complete = image.has_platform && !missing;
  read_lines(rows, image);
  read_mode(rows, image);
  if (image.sdk >= 26) read_first_boot(rows, packages, image);   // a line about the package says more than its role
  read_named(rows, packages, image);
  read_answerers(rows, packages, image);
  if (image.sdk >= 23) read_handlers(rows, packages, image);
}

}  // namespace klik::rights
