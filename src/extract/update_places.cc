// Where an update tells streaming updaters to find its entries, and whether the zip has them there. Such an updater reads
// by these numbers and never opens the zip's directory.
// Source: AOSP build/make tools/releasetools/ota_utils.py (PropertyFiles).
#include <algorithm>

#include "base/text.h"
#include "containers/zip_archive.h"
#include "extract/extractor.h"
#include "extract/update_claims.h"

namespace klik {
namespace {

constexpr std::string_view kName = "update_places@1";
constexpr std::string_view kMetadata = "META-INF/com/android/metadata", kMetadataPb = "META-INF/com/android/metadata.pb";
constexpr std::uint64_t kMostMetadata = std::uint64_t{1} << 20;

constexpr Column kColumns[] = {
    {"key", ColumnType::text, "ota-property-files or ota-streaming-property-files.", true},
    {"name", ColumnType::text, "Of the entry, without its folder; payload_metadata.bin is the start of payload.bin.", true},
    {"stated_in", ColumnType::text, "metadata or metadata.pb.", true},
    {"offset", ColumnType::integer, "Where the update says that the entry's bytes lie."},
    {"size", ColumnType::integer, "How many it says they are."},
    {"holds", ColumnType::boolean, "Whether an entry of that name lies there, uncompressed, with that size."},
};
constexpr FactKind kPlace{"update.place", "Where an update tells streaming updaters to find one of its entries.", kColumns};
constexpr const FactKind* kEmits[] = {&kPlace};

constexpr ViewColumn kViewColumns[] = {
    {"build_id", "The build."},
    {"artifact_id", "The update."},
    {"key", "ota-property-files or ota-streaming-property-files."},
    {"name", "Of the entry, without its folder; payload_metadata.bin is the start of payload.bin."},
    {"stated_in", "metadata or metadata.pb."},
    {"offset", "Where the update says that the entry's bytes lie."},
    {"size", "How many it says they are."},
    {"holds", "1 when an entry of that name lies there, uncompressed, with that size."},
    {"fact_id", "For `klikspaan why`."},
};
constexpr View kView{"update_place", "Where updates tell streaming updaters to find their entries, and whether the zip has them there.", kViewColumns,
                     R"(SELECT a.build_id, a.artifact_id, p.key, p.name, p.stated_in, p."offset", p.size, p.holds, lower(hex(p.fact_id))
FROM _update_place p JOIN _artifact a ON a.blob_id = p.blob_id)"};
constexpr const View* kViews[] = {&kView};

bool wants(std::string_view kind, std::string_view) { return kind == "ota"; }

struct PayloadHeader {
  char magic[4];
  U64be version, manifest_size;
  U32be signature_size;
};
static_assert(sizeof(PayloadHeader) == 24);

bool holds(const ZipArchive& zip, const update_claims::PropertyFile& file) {
  const bool start_of_payload = file.name == "payload_metadata.bin";
  const std::string_view name = start_of_payload ? "payload.bin" : std::string_view(file.name);
  return std::ranges::any_of(zip.entries(), [&](const ZipEntry& e) {
    if (e.hidden || e.duplicate || e.broken || text::last_part(e.name) != name || e.data_at != file.at || zip.transform(e) != "stored") return false;
    if (!start_of_payload) return e.compressed_size == file.size;
    const auto header = zip.source()->get<PayloadHeader>(e.data_at);
    // Both numbers are compared by what is left, since their sum may wrap.
    return header && file.size >= sizeof(PayloadHeader) && header->manifest_size <= file.size - sizeof(PayloadHeader) &&
           header->signature_size == file.size - sizeof(PayloadHeader) - header->manifest_size;
  });
}

void tell(const ZipArchive& zip, std::string_view stated_in, const std::vector<update_claims::Claim>& claims, const BlobId& metadata, const FileItem& item, FactSink& sink) {
  for (const update_claims::Claim& claim : claims) {
    if (!claim.key.ends_with("property-files")) continue;
    for (const update_claims::PropertyFile& file : update_claims::read_property_files(claim.value)) {
      if (!std::in_range<std::int64_t>(file.at) || !std::in_range<std::int64_t>(file.size)) continue;
      Row row(kPlace);
      row.set("key", claim.key).set("name", file.name).set("stated_in", stated_in).set("offset", static_cast<std::int64_t>(file.at)).set("size", static_cast<std::int64_t>(file.size));
      row.set("holds", holds(zip, file));
      sink.fact({&kPlace, item.blob, row.values(), {{metadata, claim.at, claim.length}}, kName});
    }
  }
}

void run(const FileItem& item, FactSink& sink) {
  std::vector<Note> notes;   // the zip container has noted them for this item already
  const auto zip = ZipArchive::open(item.source, item.budget, notes);
  if (!zip) return;
  for (const std::string_view name : {kMetadata, kMetadataPb}) {
    const ZipEntry* entry = zip->find(name);
    if (!entry) continue;
    const auto blob = zip->load(*entry, kMostMetadata);
    if (!blob) continue;   // told where the entry is read
    const BlobId id(sha256(blob->bytes()));
    if (name == kMetadata) {
      tell(*zip, "metadata", update_claims::read_text(blob->bytes()), id, item, sink);
    } else if (const auto claims = update_claims::read_pb(blob->bytes())) {
      tell(*zip, "metadata.pb", *claims, id, item, sink);
    }
  }
}

}  // namespace

extern const Extractor extractor_update_places;
constexpr Extractor extractor_update_places{.name = kName, .title = "Where updates say their entries lie", .emits = kEmits, .wants = wants, .run = run, .views = kViews};

}  // namespace klik
