// Who acts on this phone: for now its packages, with the place each has and the right that comes with it.
#include <map>
#include <set>

#include "extract/columns.h"

namespace klik {
namespace {

constexpr std::string_view kName = "actors@1";

constexpr Column kActorColumns[] = {
    {"kind", ColumnType::text, "package; service, framework, kernel, modem and webapp come with their facts.", true},
    {"name", ColumnType::text, "Of a package, its package name.", true},
    {"path", ColumnType::text, "The artifact that it is.", true},
    {"uid", ColumnType::text, "The shared user it runs as, when it names one; else null: a user of its own.", false, true},
    {"seclabel", ColumnType::text, "SELinux domain, when it is known.", false, true},
    {"partition", ColumnType::text, "system, product, vendor, …: the first part of its place on the phone; null when that is not known.", false, true},
    {"privileged", ColumnType::boolean, "Whether its place gives privileged permissions (priv-app, framework); null when the place is not known.", false, true},
    {"signer", ColumnType::text, "SHA-256 of the certificate that Android takes it to be signed with on its newest version; null when unsigned or rejected.", false, true},
};
constexpr FactKind kActor{"device.actor", "Something on the phone that acts.", kActorColumns};

constexpr Column kSignerColumns[] = {
    {"sha256", ColumnType::text, "Of the certificate.", true},
    {"known_as", ColumnType::text, "aosp-…: a key that is public, so that anybody can sign with it; platform: the key of this build's system.", false, true},
    {"why", ColumnType::text, "How that is known.", false, true},
    {"packages", ColumnType::integer, "How many packages of the build it signs."},
    {"files", ColumnType::integer, "How many files it signs: packages, and what is signed as they are, such as APEX modules and apps inside apps."},
};
constexpr FactKind kBuildSigner{"device.signer", "A certificate that signs packages or modules of this build.", kSignerColumns};
constexpr const FactKind* kEmits[] = {&kActor, &kBuildSigner};

std::string_view partition_of(std::string_view device_path) {
  if (!device_path.starts_with('/')) return {};
  device_path.remove_prefix(1);
  return device_path.substr(0, device_path.find('/'));
}

// Source: AOSP "Privileged permission allowlisting"; PackageManagerService's scan of priv-app and framework folders.
bool in_privileged_place(std::string_view device_path) {
  const std::string_view partition = partition_of(device_path);
  const std::string_view rest = device_path.substr(std::min(device_path.size(), partition.size() + 2));
  return rest.starts_with("priv-app/") || (partition == "system" && rest.starts_with("framework/")) || (partition == "apex" && rest.find("/priv-app/") != rest.npos);
}

struct SignedBy {
  std::string signer;
  std::int64_t sdk_from = -1;
  FactId id{};
};

struct Package {
  std::string name, shared_uid, path, device_path;
  FactId id;
  std::string signer;
  std::optional<FactId> signature;
};

// The signer that the newest Android takes: the verified range that begins highest.
std::map<std::string, SignedBy> signers_by_path(const BuildRows& rows) {
  std::map<std::string, SignedBy> out;
  const FactKind* kind = find_kind("app.signature");
  if (!kind) return out;
  rows.facts(*kind, [&](const FactRow& row) {
    if (text_of(*kind, row, "scheme") == "v4") return;   // the file beside an app decides about early starts only
    SignedBy& best = out[std::string(row.artifact.path)];
    const std::int64_t from = number_of(*kind, row, "sdk_from").value_or(0);
    if (from <= best.sdk_from) return;
    best = {text_of(*kind, row, "verdict") == "verified" ? std::string(text_of(*kind, row, "signer")) : std::string(), from, row.id};
  });
  return out;
}

void run(const Image& image, FactSink& sink) {
  const BuildRows& rows = image.rows;
  const FactKind* package_kind = find_kind("app.package");
  if (!package_kind) return;
  // An APK inside an APK is that app's cargo, not an app of the phone.
  std::set<std::string, std::less<>> apps;
  rows.artifacts([&](const ArtifactRow& a) {
    if (a.kind == "apk") apps.emplace(a.path);
  });
  const auto is_cargo = [&](std::string_view path) {
    if (!path.empty() && apps.contains("")) return true;
    for (auto cut = path.rfind('!'); cut != path.npos; cut = cut == 0 ? path.npos : path.rfind('!', cut - 1))
      if (apps.contains(path.substr(0, cut))) return true;
    return false;
  };
  const auto signers = signers_by_path(rows);
  std::vector<Package> packages;
  rows.facts(*package_kind, [&](const FactRow& row) {
    if (row.artifact.kind != "apk" || is_cargo(row.artifact.path)) return;
    Package p{std::string(text_of(*package_kind, row, "name")), std::string(text_of(*package_kind, row, "shared_uid")), std::string(row.artifact.path), std::string(row.artifact.device_path), row.id, {}, {}};
    if (const auto s = signers.find(p.path); s != signers.end()) {
      p.signer = s->second.signer;
      p.signature = s->second.id;
    }
    packages.push_back(std::move(p));
  });

  for (const Package& p : packages) {
    Row row(kActor);
    row.set("kind", "package").set("name", p.name).set("path", p.path);
    if (!p.shared_uid.empty()) row.set("uid", p.shared_uid);
    if (const auto partition = partition_of(p.device_path); !partition.empty()) row.set("partition", partition).set("privileged", in_privileged_place(p.device_path));
    if (!p.signer.empty()) row.set("signer", p.signer);
    std::vector<FactId> because{p.id};
    if (p.signature) because.push_back(*p.signature);
    sink.fact({&kActor, rows.build(), row.values(), {}, kName, std::move(because)});
  }

  // The platform key: framework-res is signed with it; without that file, the members of android.uid.system must be.
  std::string platform, how;
  std::vector<FactId> platform_because;
  std::set<std::string> system_signers;
  for (const Package& p : packages) {
    if (p.signer.empty()) continue;
    if (p.name == "android") {
      platform = p.signer;
      how = "signs the package `android` (framework-res)";
      platform_because = {p.id, *p.signature};
    }
    if (p.shared_uid == "android.uid.system") system_signers.insert(p.signer);
  }
  if (platform.empty() && system_signers.size() == 1) {
    platform = *system_signers.begin();
    how = "assumed: signs every package here that runs as android.uid.system";
    for (const Package& p : packages)
      if (p.shared_uid == "android.uid.system" && p.signature) platform_because.push_back(*p.signature);
  } else if (platform.empty() && system_signers.size() > 1) {
    sink.problem({fail(Code::conflict, 0, "packages that run as android.uid.system have different signers; the platform key is not known").error(), ProblemSeverity::info, {}, {}});
  }

  std::map<std::string, std::pair<std::string, FactId>> known;   // public keys
  if (const FactKind* signer_kind = find_kind("app.signer"))
    rows.facts(*signer_kind, [&](const FactRow& row) {
      if (const auto name = text_of(*signer_kind, row, "known_as"); !name.empty()) known.try_emplace(std::string(text_of(*signer_kind, row, "sha256")), std::string(name), row.id);
    });
  struct Signed {
    std::int64_t packages = 0;
    std::vector<FactId> because;
  };
  std::map<std::string, Signed> by_signer;
  for (const auto& [path, by] : signers)
    if (!by.signer.empty()) by_signer[by.signer].because.push_back(by.id);
  for (const Package& p : packages)
    if (!p.signer.empty()) ++by_signer[p.signer].packages;
  for (const auto& [sha256, signs] : by_signer) {
    Row row(kBuildSigner);
    row.set("sha256", sha256).set("packages", signs.packages).set("files", static_cast<std::int64_t>(signs.because.size()));
    std::vector<FactId> reasons = signs.because;
    if (const auto k = known.find(sha256); k != known.end()) {
      row.set("known_as", k->second.first).set("why", "the certificate is a published AOSP test certificate");
      reasons.push_back(k->second.second);
    } else if (sha256 == platform) {
      row.set("known_as", "platform").set("why", how);
      reasons.insert(reasons.end(), platform_because.begin(), platform_because.end());
    }
    sink.fact({&kBuildSigner, rows.build(), row.values(), {}, kName, std::move(reasons)});
  }
}

}  // namespace

// The views over packages stand in package_views.cc; they join several families.
std::span<const View* const> package_views();

extern const ImageExtractor image_extractor_actors;
const ImageExtractor image_extractor_actors{.name = kName, .title = "Packages with their place, their signer and the build's keys", .emits = kEmits, .run = run, .views = package_views()};

}  // namespace klik
