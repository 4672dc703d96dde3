// The signatures of an update tried with the keys that stand in the same build. An update carries the keys of the build that
// it makes, not those that the phone trusts now: that is a question of two builds.
#include <map>
#include <set>

#include "extract/columns.h"
#include "formats/android/update_signature.h"

namespace klik {
namespace {

constexpr std::string_view kName = "update_check@1";
constexpr std::size_t kMostKeys = 256;   // each costs a verification per signature

constexpr Column kColumns[] = {
    {"path", ColumnType::text, "The update file.", true},
    {"place", ColumnType::text, "whole_file, payload or metadata.", true},
    {"n", ColumnType::integer, "Number of the signature there.", true},
    {"result", ColumnType::text, "verified: under a key that this build takes updates from; failed: under none of them; absent: no such key is here."},
    {"key_sha256", ColumnType::text, "The key under which it verifies; else that of the certificate that came with it, if it does under that.", false, true},
    {"known_as", ColumnType::text, "Name of a published key that anybody can sign with.", false, true},
};
constexpr FactKind kCheck{"update.check", "A signature of an update, tried with the keys of the same build.", kColumns};
constexpr const FactKind* kEmits[] = {&kCheck};

struct Key {
  std::string sha256, known_as;
  cert::PublicKey key;
  FactId id;
};

void run(const Image& image, FactSink& sink) {
  const FactKind *keys = find_kind("update.key"), *signatures = find_kind("update.signature");
  if (!keys || !signatures) return;
  std::vector<Key> trusted;
  std::set<std::string> seen;
  image.rows.facts(*keys, [&](const FactRow& row) {
    const auto der = unhex(text_of(*keys, row, "public_key"));
    const std::string sha256(text_of(*keys, row, "key_sha256"));
    if (!der || trusted.size() == kMostKeys || !seen.insert(sha256).second) return;
    auto key = cert::PublicKey::parse(Bytes(*der));
    if (key) trusted.push_back({sha256, std::string(text_of(*keys, row, "known_as")), *std::move(key), row.id});
  });
  image.rows.facts(*signatures, [&](const FactRow& row) {
    const auto text = [&](std::string_view column) { return text_of(*signatures, row, column); };
    const auto algorithm = update::digest_of_name(text("digest_algorithm"));
    const auto digest = unhex(text("digest")), signature = unhex(text("signature")), attributes = unhex(text("attributes"));
    if (!algorithm || !digest || !signature || !attributes) return;
    update::Signature s;
    s.digest_algorithm = *algorithm;
    s.signature = *signature;
    s.attributes = *attributes;
    Row out(kCheck);
    out.set("path", row.artifact.path).set("place", text("place")).set("n", number_of(*signatures, row, "n").value_or(0));
    std::vector<FactId> because = {row.id};
    const Key* found = nullptr;
    for (const Key& k : trusted)
      if (!found && update::verifies(s, Bytes(*digest), k.key)) found = &k;
    out.set("result", found ? "verified" : trusted.empty() ? "absent" : "failed");
    if (found) {
      because.push_back(found->id);
      out.set("key_sha256", found->sha256);
      if (!found->known_as.empty()) out.set("known_as", found->known_as);
    } else if (number_of(*signatures, row, "holds").value_or(0) == 1) {
      out.set("key_sha256", text("key_sha256"));
      if (!text("known_as").empty()) out.set("known_as", text("known_as"));
    }
    sink.fact({&kCheck, image.rows.build(), out.values(), {}, kName, std::move(because)});
  });
}

constexpr ViewColumn kViewColumns[] = {
    {"build_id", "The build."},
    {"artifact_id", "The update file."},
    {"place", "What it stands over: whole_file, payload or metadata (the payload's manifest)."},
    {"n", "Its number there, from 0."},
    {"result", "verified: under a key that the same build takes updates from; failed: under none of them; absent: no such key is here. The phone that is updated asks its own keys: see a comparison of two builds. Verified says whose it is, never that it is safe."},
    {"key_sha256", "The key under which it verifies; null when it is not known."},
    {"known_as", "Name of a published key that anybody can sign with."},
    {"holds", "Whether it verifies under the certificate that came with it, which nobody needs to trust; null when none did."},
    {"digest_algorithm", "sha1 or sha256."},
    {"digest", "Of what is signed."},
    {"signature", "The signature, in hex."},
    {"attributes", "Signed attributes that name the digest, in hex."},
    {"certificate_sha256", "Of the certificate that came with it."},
    {"signed_bytes", "How many bytes it stands over."},
    {"outside_bytes", "How many bytes of the file it does not stand over."},
    {"fact_id", "For `klikspaan why`."},
};
constexpr View kView{"update_signature", "Signatures of update files.", kViewColumns,
                     R"(SELECT a.build_id, a.artifact_id, s.place, s.n, c.result, c.key_sha256, c.known_as, s.holds, s.digest_algorithm, s.digest, s.signature, s.attributes, s.certificate_sha256, s.signed_bytes, s.outside_bytes, lower(hex(s.fact_id))
FROM _update_signature s JOIN _artifact a ON a.blob_id = s.blob_id LEFT JOIN _update_check c ON c.build_id = a.build_id AND c.path = a.path AND c.place = s.place AND c.n = s.n)"};

constexpr ViewColumn kTestKeyColumns[] = {
    {"build_id", "The build."},
    {"place", "ota: keys that updates are taken from; avb: verified boot; apk: packages; apex: modules, container and image."},
    {"subject", "The file or package; null when nothing of the place is here."},
    {"answer", "public: the key is a published test key, with which anybody can sign; another: it is not one; not_there: nothing of that place is here."},
    {"known_as", "Name of the published key."},
    {"fact_id", "For `klikspaan why`; null when nothing is here."},
};
constexpr View kTestKey{"test_key", "Published test keys, looked for in all four places.", kTestKeyColumns,
                        R"(WITH k(build_id, place, subject, known_as, fact_id) AS (
SELECT a.build_id, 'ota', coalesce(a.device_path, nullif(a.path, ''), a.kind) || ' ' || k.entry, k.known_as, k.fact_id FROM _update_key k JOIN _artifact a ON a.blob_id = k.blob_id
UNION ALL SELECT build_id, 'avb', CASE structure WHEN '' THEN partition ELSE structure END, known_as, fact_id FROM _avb_check WHERE what = 'signature' AND public_key_sha256 IS NOT NULL
UNION ALL SELECT a.build_id, CASE a.kind WHEN 'apk' THEN 'apk' ELSE 'apex' END, coalesce(a.device_path, nullif(a.path, ''), a.kind), max(s.known_as), min(s.fact_id) FROM _app_signer s JOIN _artifact a ON a.blob_id = s.blob_id WHERE s.role = 'signer' GROUP BY a.artifact_id
UNION ALL SELECT a.build_id, 'apex', coalesce(a.device_path, nullif(a.path, ''), a.kind) || ' image', c.known_as, c.fact_id FROM _apex_check c JOIN _artifact a ON a.blob_id = c.blob_id WHERE c.what = 'signature' AND c.public_key_sha256 IS NOT NULL)
SELECT build_id, place, subject, CASE WHEN known_as LIKE 'aosp-%' THEN 'public' ELSE 'another' END, known_as, lower(hex(fact_id)) FROM k
UNION ALL SELECT b.build_id, p.place, NULL, 'not_there', NULL, NULL FROM _scanned_build b, (SELECT 'ota' AS place UNION SELECT 'avb' UNION SELECT 'apk' UNION SELECT 'apex') p
WHERE NOT EXISTS (SELECT 1 FROM k WHERE k.build_id = b.build_id AND k.place = p.place))"};

constexpr ViewColumn kPatchLevelColumns[] = {
    {"build_id", "The build."},
    {"source", "build: the properties; vbmeta: a property of verified boot; boot: the header of a boot image; update: the list of an A/B update."},
    {"subject", "The property or partition; empty for the build as a whole."},
    {"level", "Year, month and mostly day: a claim. A boot image states the month only."},
    {"fact_id", "For `klikspaan why`."},
};
constexpr View kPatchLevel{"patch_level", "Security patch levels that parts of a build claim.", kPatchLevelColumns,
                           R"(SELECT build_id, 'build', '', security_patch, lower(hex(fact_id)) FROM _device_identity WHERE security_patch IS NOT NULL
UNION ALL SELECT a.build_id, 'vbmeta', d.name, d.value, lower(hex(d.fact_id)) FROM _avb_descriptor d JOIN _artifact a ON a.blob_id = d.blob_id WHERE d.type = 'property' AND d.name LIKE '%security\_patch' ESCAPE '\' AND d.value <> ''
UNION ALL SELECT a.build_id, 'boot', a.path, b.os_patch_level, lower(hex(b.fact_id)) FROM _boot_image b JOIN _artifact a ON a.blob_id = b.blob_id WHERE b.os_patch_level IS NOT NULL
UNION ALL SELECT a.build_id, 'update', '', p.security_patch_level, lower(hex(p.fact_id)) FROM _update_payload p JOIN _artifact a ON a.blob_id = p.blob_id WHERE p.security_patch_level IS NOT NULL)"};
constexpr const View* kViews[] = {&kView, &kTestKey, &kPatchLevel};

}  // namespace

extern const ImageExtractor image_extractor_update_check;
constexpr ImageExtractor image_extractor_update_check{.name = kName, .title = "Signatures of updates, tried with the keys of the same build", .emits = kEmits, .run = run, .views = kViews};

}  // namespace klik
