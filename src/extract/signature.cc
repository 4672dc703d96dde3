// Whose signature a phone sees on an app or module, whether it takes it, and the certificates behind it.
#include <algorithm>
#include <map>
#include <set>
#include <tuple>

#include "apps/apk.h"
#include "apps/manifest.h"
#include "apps/signing/known_keys.h"
#include "apps/signing/verify.h"
#include "extract/extractor.h"

namespace klik {
namespace {

constexpr std::string_view kName = "signature@1";
constexpr int kJanusFirst = 21;   // Android 5, the first one that runs a DEX file as an app

constexpr Column kSignatureColumns[] = {
    {"scheme", ColumnType::text, "What the verdict rests on: v1, v2, v3, v3.1, none; v4 for the file beside the app", true},
    {"sdk_from", ColumnType::integer, "First API level that decides so", true},
    {"sdk_to", ColumnType::integer, "Last API level that decides so; 10000 when there is no end", true},
    {"verdict", ColumnType::text, "verified, rejected or unsigned"},
    {"reason", ColumnType::text, "Why, when it is not verified", false, true},
    {"signer", ColumnType::text, "SHA-256 of the first certificate that the phone reports; null when it takes none", false, true},
};
constexpr FactKind kSignature{"app.signature", "Whether Android takes the signature, per range of its versions", kSignatureColumns};

constexpr Column kSignerColumns[] = {
    {"sha256", ColumnType::text, "Of the certificate", true},
    {"scheme", ColumnType::text, "Under which it signs; none for a stamp", true},
    {"n", ColumnType::integer, "Its number among those of its role, from 0; a lineage starts with the oldest", true},
    {"role", ColumnType::text, "signer; lineage: an earlier key of the signer; refused: of a signature that Android does not take; stamp: who distributed the app, not checked by phones", true},
    {"subject", ColumnType::text, "Whom the certificate names; anybody can write anything there"},
    {"issuer", ColumnType::text, "Who it says issued it"},
    {"valid_from", ColumnType::text, "Start of its validity, UTC", false, true},
    {"valid_to", ColumnType::text, "End of its validity, UTC; Android does not check it", false, true},
    {"serial", ColumnType::text, "Its serial number in hexadecimal"},
    {"key", ColumnType::text, "Kind and size of its key"},
    {"sha1", ColumnType::text, "Of the certificate"},
    {"known_as", ColumnType::text, "Name of a published key that anybody can sign with; null for any other", false, true},
};
constexpr FactKind kSigner{"app.signer", "A certificate that vouches for an app", kSignerColumns};
constexpr const FactKind* kEmits[] = {&kSignature, &kSigner};

bool wants(std::string_view kind, std::string_view) { return kind == "apk" || kind == "apex" || kind == "capex"; }

ProblemSeverity severity_of(Severity severity) {
  switch (severity) {
    case Severity::info: return ProblemSeverity::info;
    case Severity::error: return ProblemSeverity::error;
    case Severity::data_loss: return ProblemSeverity::data_loss;
  }
  return ProblemSeverity::error;
}

int sdk_number(std::int64_t stated) { return static_cast<int>(std::clamp<std::int64_t>(stated, 1, apk::kSdkOpen)); }

// Android's defaults where there is no manifest, or none that can be read: the manifest's own extractor says so.
apk::SdkRange stated_range(const ZipArchive& zip, const Budget& budget) {
  apk::SdkRange range;
  const ZipEntry* entry = zip.find(apk::kManifest);
  const auto xml = entry ? zip.load(*entry, budget.metadata_bytes) : Result<Blob>(fail(Code::absent, 0, "no manifest"));
  if (!xml) return range;
  auto manifest = apk::read_manifest(xml->bytes(), {});
  if (manifest && (!manifest->min_sdk || !manifest->target_sdk_declared)) {   // perhaps it refers to resources
    const ZipEntry* table = zip.find(apk::kResources);
    const auto resources = table ? zip.load(*table, budget.metadata_bytes) : Result<Blob>(fail(Code::absent, 0, "no resources"));
    if (resources) manifest = apk::read_manifest(xml->bytes(), resources->bytes());
  }
  if (!manifest) return range;
  range.min_sdk = sdk_number(manifest->min_sdk.value_or(1));
  range.target_sdk = sdk_number(manifest->target_sdk);
  range.target_sandbox = sdk_number(manifest->target_sandbox);
  return range;
}

struct ByText {
  bool operator()(const std::vector<std::uint8_t>& a, const std::vector<std::uint8_t>& b) const { return Bytes(a).text() < Bytes(b).text(); }
};

class Facts {
 public:
  Facts(const FileItem& item, const ZipArchive& zip, const apk::IdSig& idsig, FactSink& sink) : item_(item), zip_(zip), idsig_(idsig), sink_(sink) {}

  void range(const apk::RangeVerdict& r) {
    Row row(kSignature);
    row.set("scheme", r.scheme).set("sdk_from", std::int64_t{r.from}).set("sdk_to", std::int64_t{r.to}).set("verdict", apk::verdict_name(r.verdict));
    if (*r.reason) row.set("reason", r.reason);
    std::vector<Place> origins;
    if (r.length > 0) origins.push_back({item_.blob, r.at, r.length});
    for (const apk::PlacedCertificate& c : r.signers)
      if (const auto place = place_of(c)) origins.push_back(*place);
    // That there is no signature is read where the directory ends.
    if (origins.empty()) origins.push_back({item_.blob, zip_.end_record_at(), item_.source->size() - zip_.end_record_at()});
    const bool taken = r.verdict == apk::Verdict::verified;
    if (taken && !r.signers.empty()) row.set("signer", hex(as_bytes(sha256(Bytes(r.signers.front().der)))));
    sink_.fact({.kind = &kSignature, .about = item_.blob, .values = row.values(), .origins = std::move(origins), .extractor = kName});
    if (!taken) return;
    for (std::size_t i = 0; i < r.signers.size(); ++i) {
      certificate(r.signers[i], r.scheme, i, "signer");
      taken_.insert(r.signers[i].der);
    }
    // The last of a lineage is the signer itself.
    for (std::size_t i = 0; i + 1 < r.lineage.size(); ++i) certificate(r.lineage[i], r.scheme, i, "lineage");
  }

  // A refused certificate vouches for nothing, but phones do not verify what lies in the system partition.
  // Called after all ranges: one that some Android version takes is not told twice.
  void refused(const apk::RangeVerdict& r) {
    if (r.verdict == apk::Verdict::verified) return;
    for (std::size_t i = 0; i < r.signers.size(); ++i)
      if (!taken_.contains(r.signers[i].der)) certificate(r.signers[i], r.scheme, i, "refused");
  }

  void certificate(const apk::PlacedCertificate& placed, std::string_view scheme, std::size_t n, std::string_view role) {
    const auto c = cert::parse_certificate(Bytes(placed.der));
    const auto place = place_of(placed);
    if (!c || !place || !seen_.emplace(scheme, n, role, place->blob, place->at).second) return;
    Row row(kSigner);
    row.set("sha256", c->sha256).set("scheme", scheme).set("n", static_cast<std::int64_t>(n)).set("role", role);
    row.set("subject", c->subject).set("issuer", c->issuer).set("serial", c->serial).set("key", c->key_text).set("sha1", c->sha1);
    if (!c->valid_from.empty()) row.set("valid_from", c->valid_from);
    if (!c->valid_to.empty()) row.set("valid_to", c->valid_to);
    if (const auto known = apk::known_key(*c); !known.empty()) row.set("known_as", known);
    sink_.fact({.kind = &kSigner, .about = item_.blob, .values = row.values(), .origins = {*place}, .extractor = kName});
  }

 private:
  // Certificates of v1 lie in an entry, whose blob is its unpacked bytes.
  std::optional<Place> place_of(const apk::PlacedCertificate& c) {
    if (c.entry.empty()) return Place{item_.blob, c.at, c.der.size()};
    auto blob = blobs_.find(c.entry);
    if (blob == blobs_.end()) {
      const ZipEntry* entry = c.entry == idsig_.name ? nullptr : zip_.find(c.entry);
      const auto bytes = entry            ? zip_.load(*entry, item_.budget.metadata_bytes)
                         : idsig_.source ? idsig_.source->load()
                                          : Result<Blob>(fail(Code::absent, 0, "the entry is gone"));
      if (!bytes) return std::nullopt;
      blob = blobs_.emplace(c.entry, BlobId(sha256(bytes->bytes()))).first;
    }
    return Place{blob->second, c.at, c.der.size()};
  }

  const FileItem& item_;
  const ZipArchive& zip_;
  const apk::IdSig& idsig_;
  FactSink& sink_;
  std::map<std::string, BlobId> blobs_;
  std::set<std::vector<std::uint8_t>, ByText> taken_;
  std::set<std::tuple<std::string_view, std::size_t, std::string_view, BlobId, std::uint64_t>> seen_;
};

void run(const FileItem& item, FactSink& sink) {
  std::vector<Note> zip_notes;   // the zip container has noted them for this item already
  const auto zip = ZipArchive::open(item.source, item.budget, zip_notes);
  if (!zip) return sink.problem({zip.error(), ProblemSeverity::data_loss});
  apk::IdSig idsig{.source = nullptr, .name = std::string(item.name) + ".idsig"};
  if (item.sibling) idsig.source = item.sibling(idsig.name);
  const auto signatures = apk::verify_apk(*zip, stated_range(*zip, item.budget), item.budget, idsig);
  if (!signatures) return sink.problem({signatures.error(), ProblemSeverity::data_loss, {}, "the signature was not judged"});

  Facts facts(item, *zip, idsig, sink);
  bool v1_taken = false;
  for (const apk::RangeVerdict& r : signatures->ranges) {
    facts.range(r);
    v1_taken |= r.scheme == "v1" && r.verdict == apk::Verdict::verified && r.to >= kJanusFirst;
  }
  if (signatures->v4) facts.range(*signatures->v4);
  for (const apk::RangeVerdict& r : signatures->ranges) facts.refused(r);
  for (std::size_t i = 0; i < signatures->stamps.size(); ++i) facts.certificate(signatures->stamps[i], "none", i, "stamp");
  for (const Note& note : signatures->notes) sink.problem({note.error, severity_of(note.severity), note.detail, note.advice});
  if (signatures->dex_before_archive && v1_taken)
    sink.problem({fail(Code::conflict, 0, "a DEX file stands before the archive, and the v1 signature does not cover it").error(), ProblemSeverity::error, {},
                  "phones with Android 5 to 8 that lack the fix of CVE-2017-13156 run it as the app; compare it with the maker's original"});
}

}  // namespace

extern const Extractor extractor_signature;
constexpr Extractor extractor_signature{
    .name = kName,
    .title = "Signatures of apps and modules: schemes v1 to v4, as each Android version decides",
    .emits = kEmits,
    .wants = wants,
    .run = run,
    .uses_siblings = true,
};

}  // namespace klik
