// Switches of the whole system: what security-relevant properties come to, boot verification, keys for adb, su.
#include <algorithm>
#include <array>
#include <map>

#include "base/text.h"
#include "extract/columns.h"
#include "extract/effective_props.h"
#include "extract/phone_files.h"
#include "extract/settings.h"

namespace klik {
namespace {

constexpr std::string_view kName = "system_flags@1";

constexpr std::array<std::string_view, 32> kProperties = {
    "ro.debuggable",           "ro.secure",               "ro.adb.secure",          "ro.force.debuggable",        "persist.sys.usb.config",   "persist.vendor.usb.config",  "service.adb.root",
    "service.adb.tcp.port",    "persist.adb.tcp.port",    "ro.build.tags",          "ro.build.type",              "ro.build.selinux",         "ro.boot.selinux",            "ro.boot.verifiedbootstate",
    "ro.boot.veritymode",      "ro.boot.flash.locked",    "ro.oem_unlock_supported", "ro.allow.mock.location",    "ro.control_privapp_permissions", "ro.crypto.state",     "ro.kernel.qemu",
    "ro.setupwizard.mode",     "ro.config.nocheckin",     "ro.telephony.disable-call", "persist.sys.root_access",  "ro.vendor.build.tags",     "ro.system.build.tags",       "persist.service.adb.enable",
    "persist.service.debuggable", "ro.product.first_api_level", "ro.treble.enabled", "ro.apex.updatable"};
// Of a recovery these decide who may talk to it.
constexpr std::array<std::string_view, 4> kOfRecovery = {"ro.debuggable", "ro.secure", "ro.adb.secure", "persist.sys.usb.config"};
constexpr std::array<std::string_view, 6> kBootArguments = {"androidboot.selinux", "androidboot.veritymode", "androidboot.verifiedbootstate", "androidboot.flash.locked", "buildvariant", "enforcing"};

// Where init, adbd and apps look for keys of computers that may debug without being asked for.
constexpr std::array<std::string_view, 3> kAdbKeys = {"/adb_keys", "/product/etc/security/adb_keys", "/data/misc/adb/adb_keys"};

bool host_like(std::string_view value) {
  if (value.starts_with('"')) value.remove_prefix(1);
  return value.find('.') != value.npos && value.find(' ') == value.npos;
}

// The scope of a property that names a server, "" for any other.
std::string_view server_scope(std::string_view name, std::string_view value) {
  if (value.empty() || !host_like(value)) return {};
  const auto has = [&](std::string_view part) { return name.find(part) != name.npos; };
  if (has("ntp") || has("Ntp")) return "time";
  if (name.starts_with("net.dns") || has(".dns") || has("private_dns")) return "dns";
  if (has("proxy") && !has("audio")) return "proxy";
  if (has("captive") || has("generate_204")) return "portal";
  if (has("supl") || has("agps") || has("xtra")) return "location";
  return {};
}

class Flags {
 public:
  Flags(const BuildRows& rows, FactSink& sink) : rows_(rows), sink_(sink), props_(rows) {}

  void run() {
    properties();
    recovery();
    files();
    boot();
    keys();
  }

 private:
  void set(std::string_view scope, std::string_view name, std::string_view value, std::string_view path, std::vector<FactId> because) {
    sink_.fact({&settings::kSetting, rows_.build(), settings::values(scope, name, value, path), {}, kName, std::move(because)});
  }

  void properties() {
    for (const std::string_view name : kProperties)
      if (const EffectiveProp* p = props_.find(name)) set("flag", name, p->value, p->path, p->because);
    for (const auto& [name, prop] : props_.all())
      if (const std::string_view scope = server_scope(name, prop.value); !scope.empty()) set(scope, name, prop.value, prop.path, prop.because);
  }

  void recovery() {
    const FactKind* kind = find_kind("system.prop");
    if (!kind) return;
    rows_.facts(*kind, [&](const FactRow& row) {
      const std::string_view name = text_of(*kind, row, "name"), file = text::last_part(row.artifact.path.substr(row.artifact.path.rfind('!') + 1));
      if (!of_recovery(row.artifact.path) || (file != "default.prop" && file != "prop.default") || std::ranges::find(kOfRecovery, name) == kOfRecovery.end()) return;
      set("flag", "recovery " + std::string(name), text_of(*kind, row, "value"), row.artifact.path, {row.id});
    });
  }

  void files() {
    const PhoneFiles files(rows_);
    for (const std::string_view place : kAdbKeys)
      if (const PhoneFile* f = files.find(place)) set("flag", "adb keys", place, f->path, {});
    for (const auto& [place, file] : files.all()) {
      const std::string_view name = text::last_part(place);
      const bool bin = place.find("/bin/") != place.npos || place.find("/xbin/") != place.npos || place.find("/sbin/") != place.npos;
      if (bin && (name == "su" || name == "daemonsu" || name == "ksud" || name == "magisk") && file.kind != "folder") set("flag", "su", place, file.path, {});
    }
  }

  void boot() {
    if (const FactKind* kind = find_kind("boot.image"))
      rows_.facts(*kind, [&](const FactRow& row) {
        const std::string line = " " + std::string(text_of(*kind, row, "cmdline")) + " ";
        for (const std::string_view name : kBootArguments) {
          const auto at = line.find(" " + std::string(name) + "=");
          if (at == line.npos) continue;
          const auto from = at + name.size() + 2;
          set("flag", "boot argument " + std::string(name), line.substr(from, line.find(' ', from) - from), row.artifact.path, {row.id});
        }
      });
    if (const FactKind* kind = find_kind("avb.vbmeta"))
      rows_.facts(*kind, [&](const FactRow& row) {
        const std::int64_t flags = number_of(*kind, row, "flags").value_or(0);
        if (flags & 1) set("flag", "verified boot", "hash trees are not enforced", row.artifact.path, {row.id});
        if (flags & 2) set("flag", "verified boot", "nothing is verified", row.artifact.path, {row.id});
        if (const auto known = text_of(*kind, row, "known_as"); !known.empty()) set("flag", "verified boot key", known, row.artifact.path, {row.id});
      });
  }

  // A word like test-keys proves nothing; a key that anybody has does.
  void keys() {
    if (const FactKind* kind = find_kind("device.certificate_authority"))
      rows_.facts(*kind, [&](const FactRow& row) {
        if (text_of(*kind, row, "store") != "ota") return;
        if (const auto known = text_of(*kind, row, "known_as"); known.starts_with("aosp-")) set("flag", "update key", known, text_of(*kind, row, "path"), {row.id});
      });
    const FactKind* actors = find_kind("device.actor");
    const FactKind* signers = find_kind("device.signer");
    if (!actors || !signers) return;
    std::map<std::string, std::pair<std::string, FactId>, std::less<>> known;
    rows_.facts(*signers, [&](const FactRow& row) {
      if (const auto name = text_of(*signers, row, "known_as"); name.starts_with("aosp-")) known.try_emplace(std::string(text_of(*signers, row, "sha256")), std::string(name), row.id);
    });
    rows_.facts(*actors, [&](const FactRow& row) {
      const auto key = known.find(text_of(*actors, row, "signer"));
      if (key == known.end()) return;
      const bool system = text_of(*actors, row, "name") == "android" || text_of(*actors, row, "uid") == "android.uid.system";
      if (system) set("flag", "system signed with a public key", key->second.first, text_of(*actors, row, "path"), {row.id, key->second.second});
    });
  }

  const BuildRows& rows_;
  FactSink& sink_;
  EffectiveProps props_;
};

void run(const Image& image, FactSink& sink) { Flags(image.rows, sink).run(); }

}  // namespace

extern const ImageExtractor image_extractor_system_flags;
constexpr ImageExtractor image_extractor_system_flags{.name = kName, .title = "Switches of the system: debugging, verified boot, public keys, su", .emits = {}, .run = run};

}  // namespace klik
