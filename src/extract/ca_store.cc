// Whom the phone trusts: certificate authorities by their store, compared with public lists of roots.
// Source: AOSP conscrypt TrustedCertificateStore (system folder, from Android 14 on the module's), platform/system/ca-certificates.
#include <algorithm>
#include <map>
#include <set>

#include "base/text.h"
#include "data/roots.h"
#include "extract/columns.h"
#include "extract/effective_props.h"
#include "extract/phone_files.h"
#include "extract/update_key_place.h"

namespace klik {
namespace {

constexpr std::string_view kName = "ca_store@1";
constexpr int kModuleStore = 34;   // Android 14

constexpr Column kAuthorityColumns[] = {
    {"path", ColumnType::text, "The artifact.", true},
    {"n", ColumnType::integer, "Its number in the file, from 0.", true},
    {"sha256", ColumnType::text, "Of the certificate.", true},
    {"store", ColumnType::text, "system, conscrypt, google, wfa, supl, ipsec, wapi, user, ota, app or other."},
    {"subject", ColumnType::text, "Whom it names."},
    {"valid_from", ColumnType::text, "Start of its validity, UTC.", false, true},
    {"valid_to", ColumnType::text, "End of its validity, UTC.", false, true},
    {"known", ColumnType::boolean, "Whether a public list of roots has it, of any time (data/roots)."},
    {"known_as", ColumnType::text, "Where: `Android 21-29`, `Mozilla 2014-2026`; or the name of a published key that anybody can sign with.", false, true},
    {"in_release", ColumnType::boolean, "Whether AOSP's list of this Android version has it; null when that list is not held, or the store is another one.", false, true},
    {"removed", ColumnType::text, "The day on which AOSP took it out as distrusted.", false, true},
    {"name_matches", ColumnType::boolean, "Whether the file has the name that Android looks for; null where names do not matter.", false, true},
};
constexpr FactKind kAuthority{"device.certificate_authority", "A certificate that something on the phone trusts.", kAuthorityColumns};

constexpr Column kMissingColumns[] = {
    {"sha256", ColumnType::text, "Of the certificate.", true},
    {"subject", ColumnType::text, "Whom it names."},
    {"api", ColumnType::integer, "The Android version whose AOSP list has it."},
};
constexpr FactKind kMissing{"device.ca_missing", "A root that AOSP's list of this version has and the phone has not.", kMissingColumns};
constexpr const FactKind* kEmits[] = {&kAuthority, &kMissing};

std::string_view store_of(const ArtifactRow& artifact, const UpdateKeyPlaces& update_keys) {
  const std::string_view path = artifact.path;
  const std::string place = canonical_device_path(artifact.device_path);
  const auto has = [&](std::string_view part) { return path.find(part) != path.npos; };
  if (!update_keys.holding(path).empty()) return "ota";
  if (has(".apk!")) return "app";
  if (place.starts_with("/system/etc/security/cacerts/")) return "system";
  if (place.starts_with("/apex/") && place.find("conscrypt") != place.npos && place.find("/cacerts/") != place.npos) return "conscrypt";
  if (has("/cacerts_google/")) return "google";
  if (has("/cacerts_wfa/")) return "wfa";
  if (has("/cacerts_supl/")) return "supl";
  if (has("/ipsec.d/")) return "ipsec";
  if (has("/cacerts-added/")) return "user";
  if (has("wapi")) return "wapi";
  return "other";
}

// Where Android opens a certificate by its hash.
bool by_hash(std::string_view store) { return store == "system" || store == "conscrypt" || store == "user" || store == "google" || store == "wfa"; }

struct Found {
  std::string path, store, sha256, subject, valid_from, valid_to, old_hash, known_as;
  std::int64_t n;
  FactId id;
};

std::string where_known(const data::Root& root) {
  std::string out;
  for (const auto& [from, to] : root.android) out += (out.empty() ? "Android API " : ", ") + std::to_string(from) + (to > from ? "-" + std::to_string(to) : "");
  if (out.empty() && root.android_between) out = "AOSP's list between releases";
  if (!root.mozilla.empty()) out += (out.empty() ? "Mozilla " : "; Mozilla ") + std::string(root.mozilla);
  if (root.other == "wfa") out += out.empty() ? "AOSP's list for Hotspot 2.0" : "; AOSP's list for Hotspot 2.0";
  return out;
}

class Stores {
 public:
  Stores(const BuildRows& rows, FactSink& sink) : rows_(rows), sink_(sink), update_keys_(rows), sdk_(EffectiveProps(rows).sdk()) {}

  void run() {
    gather();
    for (const Found& f : found_) authority(f);
    missing();
  }

 private:
  void gather() {
    const FactKind* kind = find_kind("certificate.file");
    if (!kind) return;
    rows_.facts(*kind, [&](const FactRow& row) {
      const auto text = [&](std::string_view column) { return std::string(text_of(*kind, row, column)); };
      found_.push_back({std::string(row.artifact.path), std::string(store_of(row.artifact, update_keys_)), text("sha256"), text("subject"), text("valid_from"), text("valid_to"), text("old_hash"), text("known_as"),
                        number_of(*kind, row, "n").value_or(0), row.id});
      stores_.insert(found_.back().store);
    });
  }

  // The store that TLS connections of apps use.
  std::string active() const { return sdk_.value_or(0) >= kModuleStore && stores_.contains("conscrypt") ? "conscrypt" : "system"; }
  bool has_list() const { return sdk_ && *sdk_ >= data::kFirstRootList && *sdk_ <= data::kLastRootList; }

  void authority(const Found& f) {
    const data::Root* root = data::known_root(f.sha256);
    Row row(kAuthority);
    row.set("path", f.path).set("n", f.n).set("sha256", f.sha256).set("store", f.store).set("subject", f.subject).set("known", root != nullptr);
    if (!f.valid_from.empty()) row.set("valid_from", f.valid_from);
    if (!f.valid_to.empty()) row.set("valid_to", f.valid_to);
    if (!f.known_as.empty()) row.set("known_as", f.known_as);
    else if (root) row.set("known_as", where_known(*root));
    if (f.store == active() && has_list()) row.set("in_release", root && root->in_release(*sdk_));
    if (root && !root->removed.empty()) row.set("removed", root->removed);
    if (by_hash(f.store)) row.set("name_matches", text::last_part(f.path).starts_with(f.old_hash + "."));
    sink_.fact({&kAuthority, rows_.build(), row.values(), {}, kName, {f.id}});
  }

  // Only of a store that was read whole: what is merely not there to be read is not missing.
  void missing() {
    const std::string store = active();
    if (!has_list() || !stores_.contains(store)) return;
    std::size_t unread = 0;
    rows_.artifacts([&](const ArtifactRow& a) { unread += a.kind != "folder" && a.state != "read" && store_of(a, update_keys_) == store; });
    if (unread) {
      sink_.problem({fail(Code::absent, 0, "files of the certificate store are not here, so that missing roots cannot be told").error(), ProblemSeverity::info, std::to_string(unread) + " files", {}});
      return;
    }
    std::set<std::string_view> have;
    for (const Found& f : found_)
      if (f.store == store) have.insert(f.sha256);
    for (const data::Root& root : data::roots()) {
      if (!root.in_release(*sdk_) || have.contains(root.sha256) || !root.removed.empty()) continue;   // security updates take distrusted ones out
      Row row(kMissing);
      row.set("sha256", root.sha256).set("subject", root.subject).set("api", std::int64_t{*sdk_});
      sink_.fact({&kMissing, rows_.build(), row.values(), {}, kName, {}});
    }
  }

  const BuildRows& rows_;
  FactSink& sink_;
  UpdateKeyPlaces update_keys_;
  std::optional<int> sdk_;
  std::vector<Found> found_;
  std::set<std::string, std::less<>> stores_;
};

void run(const Image& image, FactSink& sink) { Stores(image.rows, sink).run(); }

constexpr ViewColumn kAuthorityViewColumns[] = {
    {"build_id", "The build."},
    {"artifact_id", "The file."},
    {"store", "system: what apps trust up to Android 13; conscrypt: from Android 14 on; google, wfa, supl, ipsec, wapi, user: of the part so named; ota: keys of updates; app: inside an app; other."},
    {"sha256", "Of the certificate."},
    {"subject", "Whom it names."},
    {"valid_from", "Start of its validity."},
    {"valid_to", "End of its validity."},
    {"known", "1: a public list of roots has it, of any time. 0: none does, which is normal outside of system and conscrypt."},
    {"known_as", "Where it is known from, or the name of a published key that anybody can sign with."},
    {"in_release", "1: AOSP's list of this Android version has it; 0: it was added; null: that list is not held, or the store is another one."},
    {"removed", "The day on which AOSP took it out as distrusted."},
    {"name_matches", "0: Android will not find it under this name."},
    {"fact_id", "For `klikspaan why`."},
};
constexpr View kAuthorityView{"certificate_authority", "Certificates that something on the phone trusts.", kAuthorityViewColumns,
                              "SELECT c.build_id, a.artifact_id, c.store, c.sha256, c.subject, c.valid_from, c.valid_to, c.known, c.known_as, c.in_release, c.removed, c.name_matches, lower(hex(c.fact_id)) "
                              "FROM _device_certificate_authority c CROSS JOIN _artifact a ON a.build_id = c.build_id AND a.path = c.path"};

constexpr ViewColumn kMissingViewColumns[] = {
    {"build_id", "The build."},
    {"sha256", "Of the certificate."},
    {"subject", "Whom it names."},
    {"api", "The API level whose AOSP list has it."},
    {"fact_id", "For `klikspaan why`."},
};
constexpr View kMissingView{"ca_missing", "Roots that AOSP's list of the build's Android version has and the build has not. Those that AOSP took out later as distrusted do not count.", kMissingViewColumns,
                            "SELECT build_id, sha256, subject, api, lower(hex(fact_id)) FROM _device_ca_missing"};
constexpr const View* kViews[] = {&kAuthorityView, &kMissingView};

}  // namespace

extern const ImageExtractor image_extractor_ca_store;
constexpr ImageExtractor image_extractor_ca_store{.name = kName, .title = "Trusted certificate authorities, against public lists", .emits = kEmits, .run = run, .views = kViews};

}  // namespace klik
