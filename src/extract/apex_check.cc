// An APEX module's payload, recomputed: signature and key of its vbmeta, and the hash tree over its file system.
// Source: AOSP system/apex apexd apex_file.cpp (VerifyApexVerity), docs "APEX file format".
#include <algorithm>

#include "containers/zip_archive.h"
#include "extract/avb_key.h"
#include "extract/extractor.h"
#include "extract/image_digest.h"
#include "formats/android/avb_signature.h"

namespace klik {
namespace {

constexpr std::string_view kName = "apex_check@1", kPayload = "apex_payload.img", kPublicKey = "apex_pubkey";
constexpr std::uint64_t kLargestKey = std::uint64_t{1} << 16;

constexpr Column kColumns[] = {
    {"what", ColumnType::text, "signature, key: is the payload's key the one of apex_pubkey, hashtree, or tree: the stored copy of the hash tree", true},
    {"n", ColumnType::integer, "Number of the descriptor in the payload's vbmeta, from 0; -1 for the structure itself", true},
    {"result", ColumnType::text, "verified: recomputed, and equal; failed; absent; not_verifiable"},
    {"detail", ColumnType::text, "Why, when it is not verified", false, true},
    {"algorithm", ColumnType::text, "Of signature or digest", false, true},
    kAvbKeyColumn,
    kAvbKnownAsColumn,
    {"root", ColumnType::text, "Root of the payload's hash tree in hex, as computed", false, true},
    {"bytes", ColumnType::integer, "How many bytes of the payload the digest covers", false, true},
};
constexpr FactKind kCheck{"apex.check", "One statement of a module's verity, recomputed; that it is verified says whose it is, not that it is safe", kColumns};
constexpr const FactKind* kEmits[] = {&kCheck};

bool wants(std::string_view kind, std::string_view) { return kind == "apex"; }

class Check {
 public:
  Check(const FileItem& item, FactSink& sink) : item_(item), sink_(sink) {}

  void run() {
    std::vector<Note> notes;   // the zip container has noted them for this item already
    const auto archive = ZipArchive::open(item_.source, item_.budget, notes);
    if (!archive) return;      // as has the module's own extractor
    const ZipEntry* entry = archive->find(kPayload);
    place_ = {item_.blob, archive->directory_at(), 0};
    if (!entry || entry->broken) return emit(Row(kCheck).set("what", "signature").set("n", std::int64_t{-1}), "absent", "the module has no payload");
    place_ = {item_.blob, entry->data_at, entry->compressed_size};
    if (entry->method != 0 || entry->size != entry->compressed_size)
      return emit(Row(kCheck).set("what", "signature").set("n", std::int64_t{-1}), "not_verifiable", "the payload is compressed, which phones do not mount");
    const auto payload = window(item_.source, entry->data_at, entry->size);
    if (!payload) return sink_.problem({payload.error(), ProblemSeverity::data_loss});
    structure(*payload, *archive);
  }

 private:
  void emit(Row& row, std::string_view result, std::string_view detail) {
    row.set("result", result);
    if (!detail.empty()) row.set("detail", detail);
    sink_.fact({.kind = &kCheck, .about = item_.blob, .values = row.values(), .origins = {place_}, .extractor = kName});
  }
  Row row(std::string_view what, std::int64_t n) const {
    Row r(kCheck);
    r.set("what", what).set("n", n);
    set_avb_key(r, key_name_);
    return r;
  }

  void structure(const SourceRef& payload, const ZipArchive& archive) {
    const auto none = [&](std::string_view result, const char* why) {
      Row r = row("signature", -1);
      emit(r, result, why);
    };
    if (payload->size() < avb::kFooterSize) return none("absent", "the payload has no vbmeta structure");
    const auto last = payload->load(payload->size() - avb::kFooterSize, avb::kFooterSize);
    if (!last) return sink_.problem({last.error(), ProblemSeverity::data_loss});
    const auto footer = avb::read_footer(last->bytes(), payload->size());
    if (!footer) return none(footer.error().code == Code::bad_magic ? "absent" : "failed", footer.error().code == Code::bad_magic ? "the payload has no vbmeta structure" : footer.error().what);
    const auto bytes = payload->load(footer->vbmeta_at, footer->vbmeta_size);
    if (!bytes) return sink_.problem({bytes.error(), ProblemSeverity::data_loss});
    const auto meta = avb::read(bytes->bytes());
    if (!meta) return none("failed", meta.error().what);

    place_ = {item_.blob, place_.at + footer->vbmeta_at, footer->vbmeta_size};
    key_ = *bytes->bytes().slice(meta->public_key.at, meta->public_key.length);   // read() has checked it
    key_name_ = avb_key_name(key_);
    const avb::SignatureCheck signature = avb::check_signature(bytes->bytes(), *meta);
    Row signature_row = row("signature", -1);
    const std::string_view algorithm = avb::algorithm_name(meta->algorithm);
    signature_row.set("algorithm", algorithm.empty() ? std::to_string(meta->algorithm) : std::string(algorithm));
    emit(signature_row, signature.state == avb::SignatureState::verified ? "verified" : signature.state == avb::SignatureState::failed ? "failed" : "not_verifiable", signature.why);
    public_key(archive);
    for (std::size_t n = 0; n < meta->descriptors.size(); ++n)
      if (const auto* tree = std::get_if<avb::Hashtree>(&meta->descriptors[n].is)) return hashtree(payload, *tree, static_cast<std::int64_t>(n));   // apexd takes the first
    Row tree_row = row("hashtree", -1);
    emit(tree_row, "absent", "the payload's vbmeta holds no hash tree");
  }

  void public_key(const ZipArchive& archive) {
    Row r = row("key", -1);
    const ZipEntry* entry = archive.find(kPublicKey);
    if (!entry) return emit(r, "absent", "the module names no key");
    const auto stated = archive.load(*entry, kLargestKey);
    if (!stated) return emit(r, "not_verifiable", stated.error().what);
    const bool same = !key_.empty() && stated->bytes().text() == key_.text();
    emit(r, same ? "verified" : "failed", same ? "" : "the payload is signed with another key than the module names");
  }

  void hashtree(const SourceRef& payload, const avb::Hashtree& tree, std::int64_t n) {
    Row r = row("hashtree", n);
    r.set("algorithm", tree.hash_algorithm);
    const auto algorithm = image_hash_algorithm(tree.hash_algorithm);
    if (!algorithm) return emit(r, "not_verifiable", "a digest algorithm that is not computed here");
    const auto digest = tree_digest(payload, {*algorithm, {tree.salt.begin(), tree.salt.end()}, tree.image_size, tree.data_block_size, tree.hash_block_size, tree.tree_at, tree.tree_size});
    if (!digest) return emit(r, digest.error().code == Code::truncated ? "failed" : "not_verifiable", digest.error().what);
    r.set("bytes", static_cast<std::int64_t>(tree.image_size)).set("root", hex(Bytes(digest->root)));   // the image is as large, so it fits
    const bool equal = Bytes(digest->root).text() == tree.root_digest.text();
    emit(r, equal ? "verified" : "failed", equal ? "" : "the payload has another digest");
    Row stored = row("tree", n);
    stored.set("algorithm", tree.hash_algorithm);
    switch (digest->stored) {
      case StoredTree::equal: return emit(stored, "verified", "");
      case StoredTree::different:
      case StoredTree::unwritten: return emit(stored, "failed", "the tree stored in the payload is not the one of its blocks");
      case StoredTree::elsewhere: return emit(stored, "absent", "the payload does not store a tree of this size at the stated place");
    }
  }

  const FileItem& item_;
  FactSink& sink_;
  Place place_{BlobId(Sha256Digest{}), 0, 0};
  Bytes key_;
  AvbKeyName key_name_;
};

void run(const FileItem& item, FactSink& sink) { Check(item, sink).run(); }

constexpr ViewColumn kViewColumns[] = {
    {"build_id", "The build."},
    {"artifact_id", "The module; of a compressed one the original inside it, but for the digest."},
    {"module", "Its name, by its manifest."},
    {"what", "signature: of the payload; key: is it the one that the module names; hashtree; tree: its stored copy; original: is the module inside the one that a compressed module states."},
    {"result", "verified: recomputed, and equal; failed; absent; not_verifiable. Verified says whose the module is, never that it is safe."},
    {"detail", "Why, when it is not verified."},
    {"algorithm", "Of signature or digest."},
    {"public_key_sha256", "SHA-256 of the key that signs the payload."},
    {"known_as", "Name of a published test key."},
    {"bytes", "How many bytes of the payload the digest covers."},
    {"fact_id", "For `klikspaan why`."},
};
constexpr View kView{"apex_check", "Modules (APEX), recomputed: key, signature and hash tree of their payload.", kViewColumns,
                     R"(SELECT a.build_id, a.artifact_id, m.name, c.what, c.result, c.detail, c.algorithm, c.public_key_sha256, c.known_as, c.bytes, lower(hex(c.fact_id))
FROM _apex_check c JOIN _artifact a ON a.blob_id = c.blob_id LEFT JOIN _apex_module m ON m.blob_id = c.blob_id
UNION ALL SELECT o.build_id, o.artifact_id, m.name, 'original',
CASE WHEN m.original_digest IS NULL OR c.fact_id IS NULL THEN 'absent' WHEN c.root IS NULL THEN 'not_verifiable' WHEN lower(m.original_digest) = c.root THEN 'verified' ELSE 'failed' END,
CASE WHEN m.original_digest IS NULL THEN 'the compressed module states no digest of its original' WHEN c.fact_id IS NULL THEN 'the module inside was not read' WHEN lower(m.original_digest) <> c.root THEN 'the module inside has another digest' END,
c.algorithm, c.public_key_sha256, c.known_as, c.bytes, lower(hex(m.fact_id))
FROM _apex_module m JOIN _artifact o ON o.blob_id = m.blob_id LEFT JOIN _artifact i ON i.build_id = o.build_id AND i.path = CASE WHEN o.path = '' THEN '' ELSE o.path || '!' END || 'original_apex'
LEFT JOIN _apex_check c ON c.blob_id = i.blob_id AND c.what = 'hashtree' WHERE m.compressed = 1)"};
constexpr const View* kViews[] = {&kView};

}  // namespace

extern const Extractor extractor_apex_check;
constexpr Extractor extractor_apex_check{
    .name = kName,
    .title = "Modules (APEX): key, signature and hash tree of the payload, recomputed",
    .emits = kEmits,
    .wants = wants,
    .run = run,
    .views = kViews,
};

}  // namespace klik
