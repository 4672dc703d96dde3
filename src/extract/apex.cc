// What an APEX module says it is. Which key signed it, container and payload, is told elsewhere.
#include "containers/zip_archive.h"
#include "extract/extractor.h"
#include "formats/android/apex_manifest.h"

namespace klik {
namespace {

constexpr std::string_view kName = "apex@1";
constexpr std::uint64_t kMostManifest = std::uint64_t{1} << 20;

constexpr Column kColumns[] = {
    {"name", ColumnType::text, "Name of the module", true, true},
    {"version", ColumnType::integer, "Version of the module; the higher one is activated", false, true},
    {"no_code", ColumnType::boolean, "The module says that it holds no code"},
    {"pre_install_hook", ColumnType::text, "Program in the module that runs before it is installed", false, true},
    {"compressed", ColumnType::boolean, "The module lies inside as a compressed original"},
    {"original_digest", ColumnType::text, "Root of the original's hash tree in hex, as a compressed module states it", false, true},
};
constexpr FactKind kModule{"apex.module", "The manifest of an APEX module", kColumns};
constexpr const FactKind* kEmits[] = {&kModule};

bool wants(std::string_view kind, std::string_view) { return kind == "apex" || kind == "capex"; }

void run(const FileItem& item, FactSink& sink) {
  std::vector<Note> notes;   // the zip container has noted them for this item already
  const auto archive = ZipArchive::open(item.source, item.budget, notes);
  if (!archive) return sink.problem({archive.error(), ProblemSeverity::data_loss});
  const ZipEntry* const pb = archive->find(apex::kManifestPb);
  const ZipEntry* const entry = pb ? pb : archive->find(apex::kManifestJson);
  if (!entry) {
    sink.problem({fail(Code::absent, archive->directory_at(), "an APEX without a manifest").error(), ProblemSeverity::data_loss});
    return;
  }
  const auto blob = archive->load(*entry, kMostManifest);
  if (!blob) return sink.problem({blob.error(), ProblemSeverity::data_loss, entry->name});
  const auto manifest = pb ? apex::read_pb(blob->bytes()) : apex::read_json(blob->bytes());
  if (!manifest) {
    // The offset counts in the manifest; the problem is one of the archive, so it stands at the entry.
    Error error = manifest.error();
    error.at = entry->data_at;
    return sink.problem({error, ProblemSeverity::data_loss, entry->name});
  }
  Row row(kModule);
  row.set("name", manifest->name).set("version", manifest->version).set("no_code", manifest->no_code);
  row.set("pre_install_hook", manifest->pre_install_hook).set("original_digest", manifest->original_digest);
  row.set("compressed", archive->find("original_apex") != nullptr);
  sink.fact({.kind = &kModule, .about = item.blob, .values = std::move(row).values(),
             .origins = {{BlobId(sha256(blob->bytes())), 0, blob->size()}}, .extractor = kName});
}

}  // namespace

extern const Extractor extractor_apex;
constexpr Extractor extractor_apex{
    .name = kName,
    .title = "APEX modules: name, version and install hooks",
    .emits = kEmits,
    .wants = wants,
    .run = run,
};

}  // namespace klik
