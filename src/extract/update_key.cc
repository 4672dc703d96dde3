// Keys whose owner may update the phone: certificates of otacerts.zip, of the system and of the recovery, and the numbers in
// res/keys of older recoveries. Which of these files lie where the phone looks is told by update_key_place.
// Source: AOSP frameworks/base RecoverySystem ("DEFAULT_KEYSTORE"), bootable/recovery install/verifier.cpp.
#include <algorithm>
#include <array>

#include "apps/signing/known_keys.h"
#include "containers/zip_archive.h"
#include "extract/extractor.h"
#include "formats/android/recovery_keys.h"
#include "formats/android/update_signature.h"
#include "formats/cert/pem.h"
#include "formats/cert/x509.h"

namespace klik {
namespace {

constexpr std::string_view kName = "update_key@2";
constexpr std::uint64_t kLargest = std::uint64_t{1} << 20;
constexpr std::size_t kMost = 256;
constexpr std::array<std::string_view, 6> kArchives = {"zip", "jar", "apk", "ota", "apex", "capex"};

constexpr Column kColumns[] = {
    {"entry", ColumnType::text, "Name of the certificate in the archive, which says nothing of whose it is", true},
    {"n", ColumnType::integer, "Its number in that entry, from 0", true},
    {"certificate_sha256", ColumnType::text, "Of the certificate; null where the key stands alone", false, true},
    {"subject", ColumnType::text, "Whom it names; anybody can write anything there", false, true},
    {"key_sha256", ColumnType::text, "Of the public key: what counts"},
    {"key", ColumnType::text, "Kind and size of the key"},
    {"public_key", ColumnType::text, "The key as SubjectPublicKeyInfo, in hex"},
    {"digest", ColumnType::text, "sha1 or sha256: the only one that recovery takes with this key; null when it does not load the key", false, true},
    {"known_as", ColumnType::text, "Name of a published key that anybody can sign with; null for one that klikspaan does not know", false, true},
};
constexpr FactKind kKey{"update.key", "A key in a file such as phones keep the keys of updates in", kColumns};
constexpr const FactKind* kEmits[] = {&kKey};

// Whatever else lies in it: recovery reads the certificates all the same.
bool is_archive(std::string_view kind) { return std::ranges::find(kArchives, kind) != kArchives.end(); }
// A file that was handed in may have any name before it, and lies nowhere.
bool wants(std::string_view kind, std::string_view name) { return is_archive(kind) ? name.ends_with("otacerts.zip") : name == "keys" && (kind == "file" || kind == "text"); }

// Files of other kinds are called "keys" too.
void recovery_keys(const FileItem& item, FactSink& sink) {
  if (item.source->size() > kLargest) return;
  const auto text = item.source->load();
  if (!text || !(text->bytes().starts_with("v") || text->bytes().starts_with("{"))) return;
  const auto keys = recovery::read_keys(text->bytes());
  if (!keys) {
    if (text->bytes().text().find("{") <= 3) sink.problem({keys.error(), ProblemSeverity::error, std::string(item.name)});
    return;
  }
  for (std::size_t n = 0; n < keys->size(); ++n) {
    const recovery::Key& k = (*keys)[n];
    const std::vector<std::uint8_t> key = k.key.encoded();
    Row row(kKey);
    const std::string digest = hex(as_bytes(sha256(Bytes(key))));
    row.set("entry", item.name).set("n", static_cast<std::int64_t>(n)).set("key_sha256", digest).set("key", k.key.text()).set("public_key", hex(Bytes(key))).set("digest", update::digest_name(k.digest));
    if (const auto known = apk::known_public_key(digest); !known.empty()) row.set("known_as", known);
    sink.fact({.kind = &kKey, .about = item.blob, .values = row.values(), .origins = {{item.blob, k.at, k.length}}, .extractor = kName});
  }
}

void run(const FileItem& item, FactSink& sink) {
  if (!is_archive(item.kind)) return recovery_keys(item, sink);
  std::vector<Note> notes;   // the zip container has noted them for this item already
  const auto archive = ZipArchive::open(item.source, item.budget, notes);
  if (!archive) return;
  std::size_t taken = 0;
  for (const ZipEntry& entry : archive->entries()) {
    if (entry.broken || entry.name.ends_with('/')) continue;
    if (++taken > kMost) return sink.problem({fail(Code::over_budget, entry.header_at, "more keys of updates than any build has").error(), ProblemSeverity::data_loss});
    const auto bytes = archive->load(entry, kLargest);
    if (!bytes) {
      sink.problem({bytes.error(), ProblemSeverity::data_loss, entry.name});
      continue;
    }
    std::int64_t n = 0;
    const auto take = [&](Bytes der) {
      const auto c = cert::parse_certificate(der);
      if (!c || !c->key) return sink.problem({fail(Code::bad_value, entry.data_at, "a key of updates that cannot be read").error(), ProblemSeverity::error, entry.name});
      const std::vector<std::uint8_t> key = c->key->encoded();
      Row row(kKey);
      row.set("entry", entry.name).set("n", n++).set("certificate_sha256", c->sha256).set("subject", c->subject);
      row.set("key_sha256", hex(as_bytes(sha256(Bytes(key))))).set("key", c->key_text).set("public_key", hex(Bytes(key)));
      if (const auto digest = recovery::digest_of_certificate(der)) row.set("digest", update::digest_name(*digest));
      if (const auto known = apk::known_key(*c); !known.empty()) row.set("known_as", known);
      sink.fact({.kind = &kKey, .about = item.blob, .values = row.values(), .origins = {{item.blob, entry.data_at, entry.compressed_size}}, .extractor = kName});
    };
    const auto blocks = pem::blocks(bytes->bytes(), kMost);
    for (const pem::Block& block : blocks) take(Bytes(block.der));
    if (blocks.empty()) take(bytes->bytes());
  }
}

constexpr ViewColumn kViewColumns[] = {
    {"build_id", "The build."},
    {"artifact_id", "The archive or list of keys."},
    {"place", "system: the running system asks them; recovery: what installs updates asks them; input: a file of keys that was handed in by itself."},
    {"entry", "Name of the certificate in it, which says nothing of whose it is."},
    {"subject", "Whom it names; anybody can write anything there."},
    {"certificate_sha256", "Of the certificate."},
    {"key_sha256", "Of the public key: what counts."},
    {"key", "Kind and size of the key."},
    {"public_key", "The key as SubjectPublicKeyInfo, in hex."},
    {"digest", "sha1 or sha256: the only one that recovery takes with this key in signatures of whole files; null when it does not load the key."},
    {"known_as", "Name of a published key that anybody can sign with; null for one that klikspaan does not know."},
    {"fact_id", "For `klikspaan why`."},
};
constexpr View kView{"update_key", "Whose updates the build takes: the keys of otacerts.zip and of older recoveries, where the phone looks for them. A file of that name elsewhere does not count.", kViewColumns,
                     R"(SELECT a.build_id, a.artifact_id, p.place, k.entry, k.subject, k.certificate_sha256, k.key_sha256, k.key, k.public_key, k.digest, k.known_as, lower(hex(k.fact_id))
FROM _update_key k JOIN _artifact a ON a.blob_id = k.blob_id JOIN _update_key_place p ON p.build_id = a.build_id AND p.path = a.path)"};
constexpr const View* kViews[] = {&kView};

}  // namespace

extern const Extractor extractor_update_key;
constexpr Extractor extractor_update_key{.name = kName, .title = "Keys whose owner may update the phone", .emits = kEmits, .wants = wants, .run = run, .views = kViews};

}  // namespace klik
