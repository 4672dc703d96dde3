// Who acts on this phone: for now its packages, with the place each has and the right that comes with it.
#include <map>
#include <set>

#include "extract/columns.h"
#include "extract/rights_place.h"
#include "extract/rights_platform_key.h"

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

// Without a property file: the rules of the newest version, under which most places count.
constexpr int kSdkUnknown = 10'000;

int sdk_of(const BuildRows& rows) {
  const FactKind* kind = find_kind("device.identity");
  int sdk = kSdkUnknown;
  if (kind) rows.facts(*kind, [&](const FactRow& row) { sdk = static_cast<int>(number_of(*kind, row, "sdk").value_or(kSdkUnknown)); });
  return sdk;
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

  const int sdk = sdk_of(rows);
  for (const Package& p : packages) {
    Row row(kActor);
    row.set("kind", "package").set("name", p.name).set("path", p.path);
    if (!p.shared_uid.empty()) row.set("uid", p.shared_uid);
    if (const AppPlace place = app_place(p.device_path); place.known()) row.set("partition", place.partition).set("privileged", place.privileged(sdk));
    if (!p.signer.empty()) row.set("signer", p.signer);
    std::vector<FactId> because{p.id};
    if (p.signature) because.push_back(*p.signature);
    sink.fact({&kActor, rows.build(), row.values(), {}, kName, std::move(because)});
  }

  std::vector<KeyWitness> witnesses;
  for (const Package& p : packages) witnesses.push_back({p.name, p.shared_uid, p.signer, p.id, p.signature});
  const PlatformKey platform = platform_key(rows, witnesses);
  if (!platform.disagreement.empty())
    sink.problem({fail(Code::conflict, 0, "what tells the platform key does not agree").error(), ProblemSeverity::info,
                  platform.sha256.empty() ? platform.disagreement : platform.sha256.substr(0, 12) + "… (" + platform.why + "); " + platform.disagreement, {}});

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
    } else if (sha256 == platform.sha256) {
      row.set("known_as", "platform").set("why", platform.why);
      reasons.insert(reasons.end(), platform.because.begin(), platform.because.end());
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
