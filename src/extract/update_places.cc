// Where an update tells streaming updaters to find its entries, and whether the zip has them there. Such an updater reads
// by these numbers and never opens the zip's directory.
// Source: AOSP build/make tools/releasetools/ota_utils.py (PropertyFiles).
#include <algorithm>
#include <map>
#include <optional>
#include <tuple>
#include <vector>

#include "base/text.h"
#include "containers/zip_archive.h"
#include "extract/extractor.h"
#include "extract/update_claims.h"
#include "formats/android/payload_header.h"

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

// Entries by what an updater asks for: thousands of places may be stated, and the zip may have a million entries.
class Entries {
 public:
  explicit Entries(const ZipArchive& zip) : zip_(zip) {
    for (const ZipEntry& e : zip.entries())
      if (!e.hidden && !e.duplicate && !e.broken) entries_.push_back({{e.data_at, text::last_part(e.name), e.compressed_size}, &e});
    std::ranges::sort(entries_, {}, &Entry::where);   // among equal ones the order does not matter
  }

  bool hold(const update_claims::PropertyFile& file) {
    if (file.name != "payload_metadata.bin") return stored({file.at, file.name, file.size}, {file.at, file.name, file.size});
    // The start of payload.bin, of whatever size that is.
    if (!stored({file.at, "payload.bin", 0}, {file.at, "payload.bin", ~std::uint64_t{0}})) return false;
    const auto start = zip_.source()->load(file.at, payload::kHeaderSize);
    const auto header = start ? payload::read_header(start->bytes()) : Result<payload::Header>(fail(start.error()));
    // Both numbers are compared by what is left, since their sum may wrap.
    return header && file.size >= payload::kHeaderSize && header->manifest_size <= file.size - payload::kHeaderSize &&
           header->signature_size == file.size - payload::kHeaderSize - header->manifest_size;
  }

 private:
  using Where = std::tuple<std::uint64_t, std::string_view, std::uint64_t>;   // place of its data, name without folder, size
  struct Entry {
    Where where;
    const ZipEntry* entry;
  };

  // Whether one of these lies uncompressed in the zip. To tell may take reading it: asked once.
  bool stored(const Where& first, const Where& last) {
    const auto from = std::ranges::lower_bound(entries_, first, {}, &Entry::where), to = std::ranges::upper_bound(entries_, last, {}, &Entry::where);
    if (from == to) return false;
    const auto [known, fresh] = stored_.try_emplace({from - entries_.begin(), to - entries_.begin()}, false);
    if (fresh) known->second = std::any_of(from, to, [&](const Entry& e) { return zip_.transform(*e.entry) == "stored"; });
    return known->second;
  }

  const ZipArchive& zip_;
  std::vector<Entry> entries_;
  std::map<std::pair<std::ptrdiff_t, std::ptrdiff_t>, bool> stored_;
};

void tell(Entries& entries, std::string_view stated_in, const std::vector<update_claims::Claim>& claims, const BlobId& metadata, const FileItem& item, FactSink& sink) {
  for (const update_claims::Claim& claim : claims) {
    if (!claim.key.ends_with("property-files")) continue;
    const update_claims::PropertyFiles files = update_claims::read_property_files(claim.value);
    if (!files.whole) sink.problem({fail(Code::over_budget, claim.at, "more places of entries than any update states").error(), ProblemSeverity::data_loss, std::string(stated_in)});
    for (const update_claims::PropertyFile& file : files.list) {
      if (!std::in_range<std::int64_t>(file.at) || !std::in_range<std::int64_t>(file.size)) continue;
      Row row(kPlace);
      row.set("key", claim.key).set("name", file.name).set("stated_in", stated_in).set("offset", static_cast<std::int64_t>(file.at)).set("size", static_cast<std::int64_t>(file.size));
      row.set("holds", entries.hold(file));
      sink.fact({&kPlace, item.blob, row.values(), {{metadata, claim.at, claim.length}}, kName});
    }
  }
}

void run(const FileItem& item, FactSink& sink) {
  std::vector<Note> notes;   // the zip container has noted them for this item already
  const auto zip = ZipArchive::open(item.source, item.budget, notes);
  if (!zip) return;
  std::optional<Entries> entries;
  for (const std::string_view name : {kMetadata, kMetadataPb}) {
    const ZipEntry* entry = zip->find(name);
    if (!entry) continue;
    const auto lost = [&](const Error& error) { sink.problem({error, ProblemSeverity::data_loss, std::string(name)}); };
    const auto blob = zip->load(*entry, kMostMetadata);
    if (!blob) {
      if (blob.error().code == Code::over_budget) lost(blob.error());   // else it is told where the entry is read
      continue;
    }
    const auto claims = name == kMetadata ? Result<update_claims::Claims>(update_claims::read_text(blob->bytes())) : update_claims::read_pb(blob->bytes());
    if (!claims) {
      lost(claims.error());
      continue;
    }
    if (claims->stopped) lost(*claims->stopped);
    if (!entries) entries.emplace(*zip);
    tell(*entries, name.substr(name.rfind('/') + 1), claims->list, BlobId(sha256(blob->bytes())), item, sink);
  }
}

}  // namespace

extern const Extractor extractor_update_places;
constexpr Extractor extractor_update_places{.name = kName, .title = "Where updates say their entries lie", .emits = kEmits, .wants = wants, .run = run, .views = kViews};

}  // namespace klik
