// The public views over packages: they join manifests, signatures and places.
#include "extract/extractor.h"

namespace klik {
namespace {

constexpr ViewColumn kActorColumns[] = {
    {"actor_id", "Number within this case file."},
    {"build_id", "The build."},
    {"kind", "package; others come with their facts."},
    {"name", "Of a package, its package name."},
    {"uid", "The shared user it runs as, when it names one."},
    {"seclabel", "SELinux domain, when it is known; the fact device.domain says why."},
    {"artifact_id", "The file that it is."},
    {"fact_id", "For `klikspaan why`."},
};
constexpr View kActor{"actor", "Who acts on the phone.", kActorColumns,
                      R"(SELECT d.row_id, d.build_id, d.kind, d.name, d.uid, coalesce(x.seclabel, d.seclabel), a.artifact_id, lower(hex(d.fact_id))
FROM _device_actor d CROSS JOIN _artifact a ON a.build_id = d.build_id AND a.path = d.path
LEFT JOIN _device_domain x ON x.build_id = d.build_id AND x.kind = d.kind AND x.name = d.name AND x.path = d.path)"};

// Every view below starts from a package's actor, its file and the manifest in that file.
#define KLIK_PACKAGE_OF "_device_actor d CROSS JOIN _artifact a ON a.build_id = d.build_id AND a.path = d.path"

constexpr ViewColumn kPackageColumns[] = {
    {"package_id", "Its actor_id."},
    {"build_id", "The build."},
    {"artifact_id", "The APK."},
    {"name", "Package name."},
    {"version_code", "The number that Android compares."},
    {"version_name", "The version that people see."},
    {"min_sdk", "Lowest API level it runs on."},
    {"target_sdk", "The API level whose rules it asks for: declared, else the lowest it runs on, else 1."},
    {"partition", "system, product, vendor, …; null when its place is not known."},
    {"privileged", "1 when its place gives privileged permissions; null when the place is not known."},
    {"shared_uid", "The user it shares with others, for example android.uid.system."},
    {"signer", "SHA-256 of its certificate as the newest Android takes it; null when unsigned or rejected."},
    {"enabled", "Whether the manifest leaves it enabled; null when a resource outside decides."},
    {"debuggable", "Whether a debugger may attach."},
    {"cleartext", "What the manifest says of traffic without encryption; null when nothing."},
    {"has_code", "Whether it holds or declares code of its own."},
    {"backup", "What the manifest says of backups of its data; null when nothing."},
    {"persistent", "Whether the system keeps it running; null when a resource outside decides."},
    {"fact_id", "For `klikspaan why`."},
};
constexpr View kPackage{"package", "The apps of a build, as their manifests and places say.", kPackageColumns,
                        "SELECT d.row_id, d.build_id, a.artifact_id, p.name, p.version_code, p.version_name, p.min_sdk, p.target_sdk, d.partition, d.privileged, p.shared_uid, d.signer, p.enabled, p.debuggable, p.cleartext, p.has_code, p.backup, p.persistent, lower(hex(p.fact_id)) "
                        "FROM " KLIK_PACKAGE_OF " JOIN _app_package p ON p.blob_id = a.blob_id AND p.name = d.name WHERE d.kind = 'package'"};

constexpr ViewColumn kComponentColumns[] = {
    {"package_id", "The package."},
    {"kind", "activity, alias, service, receiver or provider."},
    {"class", "The class that Android starts."},
    {"exported", "1 when other apps can reach it, by Android's rules for the target SDK; null when a resource outside decides."},
    {"exported_why", "declared, or which default applies."},
    {"enabled", "Whether the manifest leaves it and its app enabled."},
    {"permission", "What a caller must hold; null when nothing."},
    {"read_permission", "Of a provider, for reading."},
    {"write_permission", "Of a provider, for writing."},
    {"process", "The process it runs in, when it is not the app's own."},
    {"action", "Actions of its intent filters, joined with commas."},
    {"authorities", "Of a provider."},
    {"grant_uri", "Whether a provider may grant access to single addresses around its permissions."},
    {"fact_id", "For `klikspaan why`."},
};
constexpr View kComponent{"component", "The doors of apps: what Android can start in them, and who may.", kComponentColumns,
                          "SELECT d.row_id, c.kind, c.class, c.exported, c.exported_why, c.enabled, c.permission, c.read_permission, c.write_permission, c.process, c.action, c.authorities, c.grant_uri, lower(hex(c.fact_id)) "
                          "FROM " KLIK_PACKAGE_OF " JOIN _app_component c ON c.blob_id = a.blob_id AND c.package = d.name WHERE d.kind = 'package'"};

constexpr ViewColumn kFilterColumns[] = {
    {"package_id", "The package."},
    {"component_kind", "activity, alias, service, receiver or provider."},
    {"class", "The component."},
    {"actions", "Joined with commas."},
    {"categories", "Joined with commas."},
    {"data", "Schemes, hosts, paths and types it takes."},
    {"priority", "Among receivers of the same broadcast."},
    {"fact_id", "For `klikspaan why`."},
};
constexpr View kFilter{"intent_filter", "What components listen to.", kFilterColumns,
                       "SELECT d.row_id, f.component_kind, f.class, f.actions, f.categories, f.data, f.priority, lower(hex(f.fact_id)) "
                       "FROM " KLIK_PACKAGE_OF " JOIN _app_intent_filter f ON f.blob_id = a.blob_id AND f.package = d.name WHERE d.kind = 'package'"};

constexpr ViewColumn kEntryColumns[] = {
    {"package_id", "The package."},
    {"tag", "The element of the manifest."},
    {"name", "What it names."},
    {"value", "What it says: a meta-data's value, else attribute=value joined with semicolons."},
    {"owner", "The component it stands in; null when it stands in none."},
    {"fact_id", "For `klikspaan why`."},
};
constexpr View kEntry{"manifest_entry", "What else manifests say: libraries, features, meta-data, instrumentation, overlays, queries.", kEntryColumns,
                      "SELECT d.row_id, e.tag, e.name, e.value, e.owner, lower(hex(e.fact_id)) "
                      "FROM " KLIK_PACKAGE_OF " JOIN _app_manifest_entry e ON e.blob_id = a.blob_id AND e.package = d.name WHERE d.kind = 'package'"};

constexpr ViewColumn kSignatureColumns[] = {
    {"package_id", "The package; null for a signed file that is no package of its own, such as an APEX."},
    {"artifact_id", "The signed file."},
    {"sdk_from", "First API level that decides so."},
    {"sdk_to", "Last API level that decides so."},
    {"scheme", "v1, v2, v3, v3.1 or v4: what the verdict rests on."},
    {"verdict", "verified, rejected or unsigned."},
    {"reason", "Why, when it is not verified."},
    {"signer", "SHA-256 of the certificate; null when there is none to trust."},
    {"fact_id", "For `klikspaan why`."},
};
constexpr View kSignature{"signature", "Whether Android accepts an app's signature, per range of versions. A valid signature says who signed, not that the app is harmless.", kSignatureColumns,
                          "SELECT d.row_id, a.artifact_id, s.sdk_from, s.sdk_to, s.scheme, s.verdict, s.reason, s.signer, lower(hex(s.fact_id)) "
                          "FROM _app_signature s JOIN _artifact a ON a.blob_id = s.blob_id LEFT JOIN _device_actor d ON d.build_id = a.build_id AND d.path = a.path AND d.kind = 'package'"};

constexpr ViewColumn kLineageColumns[] = {
    {"package_id", "The package; null for a signed file that is no package of its own."},
    {"artifact_id", "The signed file."},
    {"sha256", "Of the certificate of an earlier key."},
    {"n", "From 0, the oldest first."},
    {"fact_id", "For `klikspaan why`."},
};
constexpr View kLineage{"lineage", "Earlier keys that a package's signer vouches for: who signed it before a rotation.", kLineageColumns,
                        "SELECT d.row_id, a.artifact_id, s.sha256, s.n, lower(hex(s.fact_id)) "
                        "FROM _app_signer s JOIN _artifact a ON a.blob_id = s.blob_id LEFT JOIN _device_actor d ON d.build_id = a.build_id AND d.path = a.path AND d.kind = 'package' WHERE s.role = 'lineage'"};

constexpr ViewColumn kSignerColumns[] = {
    {"sha256", "Of the certificate."},
    {"build_id", "The build."},
    {"subject", "Whom the certificate names; anybody can write anything there."},
    {"issuer", "Who it says issued it; in Android nearly always the subject itself."},
    {"valid_from", "Start of its validity."},
    {"valid_to", "End of its validity; Android does not check it."},
    {"key", "Kind and size of its key."},
    {"known_as", "aosp-…: a key that is public, so that anybody can sign with it; platform: the key of this build's system; null: neither."},
    {"why", "How that is known."},
    {"packages", "How many packages of the build it signs."},
    {"files", "How many files it signs: packages, APEX modules, apps inside apps."},
    {"fact_id", "For `klikspaan why`."},
};
constexpr View kSigner{"signer", "Who signed what in a build.", kSignerColumns,
                       "SELECT s.sha256, s.build_id, x.subject, x.issuer, x.valid_from, x.valid_to, x.key, s.known_as, s.why, s.packages, s.files, lower(hex(s.fact_id)) "
                       "FROM _device_signer s LEFT JOIN (SELECT sha256, min(subject) AS subject, min(issuer) AS issuer, min(valid_from) AS valid_from, min(valid_to) AS valid_to, min(key) AS key FROM _app_signer GROUP BY sha256) x USING(sha256)"};

constexpr const View* kAll[] = {&kActor, &kPackage, &kComponent, &kFilter, &kEntry, &kSignature, &kLineage, &kSigner};

}  // namespace

std::span<const View* const> package_views();
std::span<const View* const> package_views() { return kAll; }

}  // namespace klik
