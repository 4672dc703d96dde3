// What the manifest of an A/B update states: guards against going back, versions, and the programs that it has the
// phone run as root once the new images are written.
// Source: AOSP system/update_engine update_metadata.proto, payload_consumer/postinstall_runner_action.cc.
#include <algorithm>

#include "base/hash.h"
#include "extract/extractor.h"
#include "extract/set_text.h"
#include "formats/android/payload_header.h"
#include "formats/android/payload_signature.h"
#include "formats/android/payload_statements.h"

namespace klik {
namespace {

constexpr std::string_view kName = "update_payload@1";

constexpr ColumnType kText = ColumnType::text, kNumber = ColumnType::integer, kYesNo = ColumnType::boolean;
constexpr Column kPayloadColumns[] = {
    {"minor_version", kNumber, "0 for a full update; otherwise which kinds of differences it may use."},
    {"block_size", kNumber, "In bytes."},
    {"partitions", kNumber, "How many partitions it writes."},
    {"max_timestamp", kNumber, "Build time of the new images; a phone with a later one refuses the update. Null: no such guard.", false, true},
    {"partial_update", kYesNo, "Leaves some partitions as they are."},
    {"security_patch_level", kText, "Of the new images.", false, true},
    {"metadata_size", kNumber, "Bytes of header and manifest."},
    {"metadata_sha256", kText, "Of header and manifest, in hex: what the signature of the metadata covers."},
    {"signed", kYesNo, "Whether it names a place for its own signature; that one is there and holds is not implied."},
};
constexpr FactKind kPayload{"update.payload", "What the manifest of an A/B update states on the whole update.", kPayloadColumns};

constexpr Column kPartitionColumns[] = {
    {"name", kText, "Of the partition.", true},
    {"version", kText, "Of the new image; a phone with a later one refuses the update.", false, true},
    {"old_size", kNumber, "Of the image that the update starts from; null for a full update.", false, true},
    {"old_sha256", kText, "Of the image that the update starts from.", false, true},
    {"new_size", kNumber, "Of the new image.", false, true},
    {"new_sha256", kText, "Of the new image.", false, true},
    {"operations", kNumber, "How many operations make it."},
};
constexpr FactKind kPartition{"update.partition", "A partition that an A/B update writes.", kPartitionColumns};

constexpr Column kPostInstallColumns[] = {
    {"partition", kText, "Whose new image holds the program.", true},
    {"program", kText, "Path of the program in that image.", true},
    {"runs", kYesNo, "Whether the phone is to run it."},
    {"filesystem_type", kText, "Of the image, for mounting it.", false, true},
    {"optional", kYesNo, "The update goes on when the program fails."},
};
constexpr FactKind kPostInstall{"update.post_install", "A program of the new image that the phone runs as root after writing it and before it starts from it.", kPostInstallColumns};

constexpr Column kApexColumns[] = {
    {"name", kText, "Of the module.", true},
    {"version", kNumber, "Of the module.", false, true},
    {"compressed", kYesNo, "Whether it comes compressed."},
    {"decompressed_size", kNumber, "In bytes.", false, true},
};
constexpr FactKind kApex{"update.apex", "A module that an A/B update says its images hold.", kApexColumns};
constexpr const FactKind* kEmits[] = {&kPayload, &kPartition, &kPostInstall, &kApex};

constexpr ViewColumn kPayloadView[] = {
    {"build_id", "The build."},
    {"artifact_id", "The payload."},
    {"minor_version", "0 for a full update; otherwise which kinds of differences it may use."},
    {"partitions", "How many partitions it writes."},
    {"max_timestamp", "Seconds since 1970: a phone whose images were built later refuses the update. Null: no such guard."},
    {"partial_update", "1 when it leaves some partitions as they are."},
    {"security_patch_level", "Of the new images; null when not stated."},
    {"metadata_size", "Bytes of header and manifest."},
    {"metadata_sha256", "Of header and manifest."},
    {"signed", "1 when it names a place for its own signature. That one is there and holds is not implied."},
    {"fact_id", "For `klikspaan why`."},
};
constexpr View kView{"update_payload", "What A/B updates state about themselves.", kPayloadView,
                     R"(SELECT a.build_id, a.artifact_id, p.minor_version, p.partitions, p.max_timestamp, p.partial_update, p.security_patch_level, p.metadata_size, p.metadata_sha256, p.signed, lower(hex(p.fact_id))
FROM _update_payload p JOIN _artifact a ON a.blob_id = p.blob_id)"};

constexpr ViewColumn kPartitionView[] = {
    {"build_id", "The build."},
    {"artifact_id", "The payload."},
    {"name", "Of the partition."},
    {"version", "Of the new image; null when not stated."},
    {"old_size", "Of the image that the update starts from; null for a full update."},
    {"old_sha256", "Of the image that the update starts from."},
    {"new_size", "Of the new image."},
    {"new_sha256", "Of the new image."},
    {"operations", "How many operations make it."},
    {"fact_id", "For `klikspaan why`."},
};
constexpr View kPartitions{"update_partition", "Partitions that A/B updates write, by their own account.", kPartitionView,
                           R"(SELECT a.build_id, a.artifact_id, p.name, p.version, p.old_size, p.old_sha256, p.new_size, p.new_sha256, p.operations, lower(hex(p.fact_id))
FROM _update_partition p JOIN _artifact a ON a.blob_id = p.blob_id)"};

constexpr ViewColumn kPostInstallView[] = {
    {"build_id", "The build."},
    {"artifact_id", "The payload that names it."},
    {"partition", "Whose new image holds the program."},
    {"program", "Its path in that image."},
    {"program_id", "The program: an artifact. Null when the image could not be read or has no such file."},
    {"kind", "What the program is: elf, script, …; null with program_id."},
    {"runs", "1 when the phone is to run it."},
    {"optional", "1 when the update goes on although it fails."},
    {"filesystem_type", "Of the image, for mounting it."},
    {"fact_id", "For `klikspaan why`."},
};
constexpr View kPostInstalls{"update_post_install", "Programs of new images that the phone runs as root after writing them and before it starts from them.", kPostInstallView,
                             R"(SELECT a.build_id, a.artifact_id, p.partition, p.program, f.artifact_id, f.kind, p.runs, p.optional, p.filesystem_type, lower(hex(p.fact_id))
FROM _update_post_install p JOIN _artifact a ON a.blob_id = p.blob_id
LEFT JOIN _artifact f ON f.build_id = a.build_id AND f.path = CASE a.path WHEN '' THEN '' ELSE a.path || '!' END || p.partition || '.img!' || p.program)"};
constexpr const View* kViews[] = {&kView, &kPartitions, &kPostInstalls};

bool wants(std::string_view kind, std::string_view) { return kind == "payload"; }

std::optional<std::int64_t> storable(const std::optional<std::uint64_t>& value) {
  return value && std::in_range<std::int64_t>(*value) ? std::optional(static_cast<std::int64_t>(*value)) : std::nullopt;
}

void tell_partition(const payload::PartitionStatement& p, const FileItem& item, std::uint64_t base, FactSink& sink) {
  const Place place{item.blob, base + p.place.at, p.place.length};
  Row row(kPartition);
  row.set("name", p.name).set("version", p.version).set("old_size", storable(p.old_size)).set("new_size", storable(p.new_size)).set("operations", static_cast<std::int64_t>(p.operations));
  set_text(row, "old_sha256", p.old_sha256);
  set_text(row, "new_sha256", p.new_sha256);
  sink.fact({&kPartition, item.blob, row.values(), {place}, kName});
  if (!p.run_postinstall && !p.postinstall_path) return;
  Row post(kPostInstall);
  // The path has a default, and stands below the root of the image.
  std::string_view program = p.postinstall_path ? std::string_view(*p.postinstall_path) : "postinstall";
  while (program.starts_with('/')) program.remove_prefix(1);
  post.set("partition", p.name).set("program", program).set("runs", p.run_postinstall.value_or(false)).set("optional", p.postinstall_optional.value_or(false)).set("filesystem_type", p.filesystem_type);
  sink.fact({&kPostInstall, item.blob, post.values(), {place}, kName});
}

void run(const FileItem& item, FactSink& sink) {
  const auto start = item.source->load(0, payload::kHeaderSize);
  if (!start) return sink.problem({start.error(), ProblemSeverity::data_loss});
  const auto header = payload::read_header(start->bytes());
  // The container has told what is wrong with a manifest that cannot be had.
  if (!header || header->manifest_size > std::min(payload::kMaxManifest, item.budget.metadata_bytes)) return;
  const auto metadata = item.source->load(0, payload::kHeaderSize + header->manifest_size);
  if (!metadata) return;
  const auto manifest = metadata->bytes().from(payload::kHeaderSize);
  if (!manifest) return;
  const auto said = payload::read_statements(*manifest);
  const auto signature = said ? payload::read_signature_place(*manifest) : Result<payload::SignaturePlace>(fail(said.error()));
  if (!signature) {
    Error error = signature.error();
    error.at += payload::kHeaderSize;
    return sink.problem({error, ProblemSeverity::data_loss});
  }
  Row row(kPayload);
  row.set("minor_version", static_cast<std::int64_t>(said->minor_version)).set("block_size", static_cast<std::int64_t>(said->block_size)).set("partitions", static_cast<std::int64_t>(said->partitions.size()));
  row.set("max_timestamp", said->max_timestamp).set("partial_update", said->partial_update).set("security_patch_level", said->security_patch_level);
  row.set("metadata_size", static_cast<std::int64_t>(metadata->size())).set("metadata_sha256", hex(as_bytes(sha256(metadata->bytes())))).set("signed", signature->length.value_or(0) > 0);
  sink.fact({&kPayload, item.blob, row.values(), {{item.blob, 0, metadata->size()}}, kName});
  for (const payload::PartitionStatement& p : said->partitions) tell_partition(p, item, payload::kHeaderSize, sink);
  for (const payload::ApexStatement& a : said->apexes) {
    Row apex(kApex);
    apex.set("name", a.name).set("version", a.version).set("compressed", a.compressed).set("decompressed_size", a.decompressed_size);
    sink.fact({&kApex, item.blob, apex.values(), {{item.blob, payload::kHeaderSize + a.place.at, a.place.length}}, kName});
  }
}

}  // namespace

extern const Extractor extractor_update_payload;
constexpr Extractor extractor_update_payload{.name = kName, .title = "What A/B updates state, and the programs they have the phone run", .emits = kEmits, .wants = wants, .run = run, .views = kViews};

}  // namespace klik
