// zip and all that is one underneath: apk, apex, jar, update packages, ipa.
#include <algorithm>

#include "containers/file_patches.h"
#include "containers/note_tally.h"
#include "containers/stream.h"
#include "containers/zip_archive.h"
#include "containers/zip_end.h"
#include "io/lazy_source.h"

namespace klik {
namespace {

constexpr Magic kMagics[] = {{0, std::string_view("PK\3\4", 4)}};
constexpr std::uint64_t kInMemory = std::uint64_t{64} << 20;   // larger entries are decoded piecewise into scratch space

constexpr NoteKind kOverBudget{Severity::data_loss, Code::over_budget, "entries that would expand past the archive's budget"};
constexpr NoteKind kFolderData{Severity::error, Code::deviation, "a folder entry with data: programs differ in whether they see it"};

bool recognise(const Source& source, std::string_view) { return ends_as_zip(source); }

std::string_view kind_of(const ZipArchive& zip) {
  const auto has = [&](std::string_view name) { return zip.find(name) != nullptr; };
  if (has("apex_manifest.pb") || has("apex_manifest.json")) {
    if (has("original_apex")) return "capex";
    if (has("apex_payload.img")) return "apex";
  } else if (has("AndroidManifest.xml")) {
    return "apk";
  }
  if (has("payload.bin") || has("META-INF/com/android/metadata") || has("META-INF/com/google/android/updater-script")) return "ota";
  if (has("META-INF/MANIFEST.MF") && has("classes.dex")) return "jar";
  const auto in_app = [](const ZipEntry& e) {
    const auto app = e.name.find(".app/");
    return !e.hidden && e.name.starts_with("Payload/") && app != e.name.npos && e.name.find('/', 8) == app + 4;
  };
  return std::ranges::any_of(zip.entries(), in_app) ? "ipa" : "zip";
}

// An entry too large to be held in memory, decoded into scratch space.
Result<SourceRef> spill(const SourceRef& archive, const ZipEntry& e, Scratch& scratch) {
  KLIK_TRY(const SourceRef packed, window(archive, e.data_at, e.compressed_size));
  const auto decoder = raw_deflate_decoder();
  SpillWriter writer(scratch, e.size);
  const StreamEnd end = decode_stream(*decoder, *packed, writer);
  if (end.error) return fail(end.error->code == Code::over_budget ? Code::bad_value : end.error->code, e.data_at + end.error->at, end.error->what);
  KLIK_TRY(const SourceRef out, writer.finish());
  if (out->size() != e.size) return fail(Code::bad_value, e.data_at, "the deflate stream is not of the declared size");
  return crc_checked(out, e.crc32, e.data_at);
}

Result<SourceRef> bytes_of(const ZipArchive& zip, const ZipEntry& e, std::string_view transform, const OpenContext& context) {
  const bool small = std::max(e.size, e.compressed_size) <= std::min(kInMemory, context.budget.unit_bytes);
  if (small) {
    return lazy_source(e.size, [archive = zip.source(), entry = e]() -> Result<SourceRef> {
      KLIK_TRY(Blob blob, load_zip_entry(*archive, entry, std::max(entry.size, entry.compressed_size)));
      return memory_source(std::move(blob));
    });
  }
  if (transform == "stored") {
    if (e.size != e.compressed_size) return fail(Code::bad_value, e.header_at, "a stored entry whose two sizes differ");
    KLIK_TRY(SourceRef part, window(zip.source(), e.data_at, e.compressed_size));
    return crc_checked(std::move(part), e.crc32, e.data_at);
  }
  return lazy_source(e.size, [archive = zip.source(), entry = e, &scratch = context.scratch] { return spill(archive, entry, scratch); });
}

Result<Contents> open(const SourceRef& source, OpenContext& context) {
  KLIK_TRY(const ZipArchive zip, ZipArchive::open(source, context.budget, context.notes));
  Contents contents{.kind = kind_of(zip), .children = {}};
  contents.children.reserve(zip.entries().size());
  std::uint64_t left = context.budget.expansion(source->size());
  NoteTally tally;
  for (const ZipEntry& e : zip.entries()) {
    // Entries may share their packed bytes, so reading costs without bound too.
    const std::uint64_t cost = std::max(e.size, e.compressed_size);
    Child child;
    child.name = e.name;
    child.size = e.size;
    if (e.name.ends_with('/')) {
      child.type = ChildType::folder;
      child.name.pop_back();
      child.size = 0;
      if (e.size != 0) tally.add(kFolderData, e.header_at, e.name);
    } else if (e.broken) {
      child.state = State::damaged;   // the archive has told why
    } else if (cost > left) {
      child.state = State::over_budget;
      tally.add(kOverBudget, e.header_at, e.name);
    } else {
      left -= cost;
      child.transform = zip.transform(e);
      append_extent(child.extents, e.data_at, e.compressed_size);
      if (auto bytes = bytes_of(zip, e, child.transform, context)) {
        child.source = std::move(*bytes);
      } else {
        child.state = state_after(bytes.error().code);
        context.note(Severity::data_loss, bytes.error(), e.name);
      }
    }
    contents.children.push_back(std::move(child));
  }
  tally.flush(context.notes);
  if (contents.kind == "ota") add_patched_files(zip, context, contents, left);
  return contents;
}

}  // namespace

extern const Container container_zip;
constexpr Container container_zip{
    .name = "zip",
    .title = "zip archive (apk, apex, jar, update package, ipa)",
    .spec = "PKWARE APPNOTE 6.3; Android libziparchive for what counts",
    .limits = "no decryption; no methods but stored and deflate; an archive without its end record is not searched for entries",
    .magics = kMagics,
    .recognise = recognise,
    .open = open,
};

}  // namespace klik
