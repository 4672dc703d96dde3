// The views over what every scan has, whatever is in it.
#include "ledger/schema.h"

namespace klik {
namespace {

constexpr ViewColumn kInputColumns[] = {
    {"input_id", "The artifact that is this input as a whole."},
    {"build_id", "The build it was taken as a part of."},
    {"name", "The last part of what the user named. Not part of any digest."},
    {"kind", "What it turned out to be."},
    {"size", "In bytes; of a folder, of all files in it."},
    {"sha256", "Of its bytes; of a folder, over the paths and digests of its files."},
    {"state", "What became of it; see artifact.state."},
};
constexpr View kInput{"input", "The files and folders that were handed in.", kInputColumns,
                      R"(SELECT i.artifact_id, i.build_id, i.name, a.kind, a.size, nullif(lower(hex(b.sha256)), ''), a.state
FROM _input i JOIN _artifact a USING(artifact_id) LEFT JOIN _blob b ON b.blob_id = a.blob_id)"};

constexpr ViewColumn kBaseColumns[] = {
    {"build_id", "The build that was made with it."},
    {"name", "The last part of what the user named. Not part of any digest."},
    {"size", "In bytes; of a folder, of all files in it."},
    {"sha256", "Of its bytes; of a folder, over the paths and digests of its files."},
};
constexpr View kBase{"base", "The old build that incremental updates among the inputs were applied to. Only parts that an update names were read from it.", kBaseColumns,
                     "SELECT build_id, name, size, lower(hex(sha256)) FROM _base"};

constexpr ViewColumn kArtifactColumns[] = {
    {"artifact_id", "Number within this case file."},
    {"parent_id", "The artifact that holds it; null for what was handed in."},
    {"build_id", "The build it belongs to."},
    {"path", "From the input down, containers joined with '!'. Of an input itself: its name."},
    {"device_path", "Where the running phone has it, for example /system/app/A/A.apk; null when that is not known."},
    {"kind", "What it is by its content: a container format, apk, elf, dex, folder, symlink, file, …"},
    {"size", "In bytes, decoded; of a listed one, what the list says."},
    {"sha256", "Of its decoded bytes; of a listed one, what the list says."},
    {"state", "read, listed (named but not there), unsupported, encrypted, damaged or over_budget."},
    {"transform", "How its bytes follow from the parent's: stored, deflate, zstd, erofs-lz4, …"},
    {"mode", "Type and permission bits from the file system; null when there are none."},
    {"uid", "Owner from the file system."},
    {"gid", "Group from the file system."},
    {"selinux", "SELinux label from the file system."},
    {"capability", "File capabilities, raw, in hex."},
    {"link_target", "Of a symbolic link."},
    {"fact_id", "For `klikspaan why`."},
};
constexpr View kArtifact{"artifact", "Every file, folder and image found, and those that a list names.", kArtifactColumns,
                         R"(SELECT a.artifact_id, a.parent_id, a.build_id, coalesce(i.name, a.path), a.device_path, a.kind, a.size,
coalesce(nullif(lower(hex(b.sha256)), ''), a.claimed_sha256), a.state, a.transform, a.mode, a.uid, a.gid, a.selinux, a.capability, a.link_target, lower(hex(a.fact_id))
FROM _artifact a LEFT JOIN _blob b ON b.blob_id = a.blob_id LEFT JOIN _input i ON i.artifact_id = a.artifact_id)"};

constexpr ViewColumn kProblemColumns[] = {
    {"artifact_id", "What it is about."},
    {"at", "Offset in that artifact's bytes."},
    {"code", "truncated, bad_magic, bad_value, bad_checksum, unsupported, encrypted, over_budget, absent, io, internal, conflict or deviation."},
    {"severity", "info (odd, nothing lost), error (a rule of the format is broken) or data_loss (something was not read)."},
    {"what", "One sentence."},
    {"detail", "Names and values from the input."},
    {"advice", "What can be done about it; empty when nothing is known."},
    {"fact_id", "For `klikspaan why`."},
};
constexpr View kProblem{"problem", "What could not be read, and what was odd.", kProblemColumns,
                        "SELECT artifact_id, at, code, severity, what, detail, advice, lower(hex(fact_id)) FROM _problem"};

constexpr ViewColumn kOriginColumns[] = {
    {"fact_id", "The fact."},
    {"n", "From 0; 0 is where the statement itself stands."},
    {"artifact_id", "A file with those bytes; when several are equal, the first. Null when it follows from another fact only."},
    {"at", "Offset in that artifact's decoded bytes."},
    {"length", "In bytes."},
    {"extractor", "Who says so, with its version."},
    {"because_fact_id", "A fact that it follows from."},
    {"fact", "The fact as bytes: a search by X'…' in this column is quick, one by fact_id reads all."},
};
constexpr View kOrigin{"origin", "The bytes and the facts that each fact rests on.", kOriginColumns,
                       R"(SELECT lower(hex(o.fact_id)), o.n, (SELECT min(artifact_id) FROM _artifact a WHERE a.blob_id = o.blob_id), o.at, o.length, o.extractor, nullif(lower(hex(o.because)), ''), o.fact_id FROM _origin o
UNION ALL SELECT lower(hex(a.fact_id)), e.n, a.parent_id, e.at, e.length, 'walk@1', NULL, a.fact_id FROM _artifact a JOIN _extent e USING(artifact_id)
UNION ALL SELECT lower(hex(p.fact_id)), 0, p.artifact_id, p.at, 0, 'walk@1', NULL, p.fact_id FROM _problem p)"};

constexpr ViewColumn kCoverageColumns[] = {
    {"build_id", "The build."},
    {"what", "all; or a state (see artifact.state); or a kind of artifact. In `all` and in the states an archive that was opened counts by what is in it, not by itself."},
    {"files_listed", "Files known to exist, read or not."},
    {"files_read", "Files whose bytes were read whole."},
    {"bytes_listed", "Their bytes, read or not."},
    {"bytes_read", "Bytes read."},
};
#define KLIK_COUNTS "count(*), sum(state = 'read'), sum(size), sum(CASE WHEN state = 'read' THEN size ELSE 0 END)"
#define KLIK_FILES "kind NOT IN ('folder', 'symlink', 'special')"
#define KLIK_INNERMOST KLIK_FILES " AND (state <> 'read' OR NOT EXISTS (SELECT 1 FROM _artifact c WHERE c.parent_id = a.artifact_id))"
constexpr View kCoverage{"coverage", "How much of what is known to exist could be looked at.", kCoverageColumns,
                         "SELECT build_id, 'all', " KLIK_COUNTS " FROM _artifact a WHERE " KLIK_INNERMOST " GROUP BY build_id "
                         "UNION ALL SELECT build_id, state, " KLIK_COUNTS " FROM _artifact a WHERE " KLIK_INNERMOST " GROUP BY build_id, state "
                         "UNION ALL SELECT build_id, kind, " KLIK_COUNTS " FROM _artifact WHERE " KLIK_FILES " GROUP BY build_id, kind"};

constexpr ViewColumn kAboutColumns[] = {
    {"key", "tool, complete, digest, spilled_bytes."},
    {"value", "complete is yes, or no when a time limit ended the scan; then there is no digest. spilled_bytes went to scratch files while scanning."},
};
constexpr View kAbout{"about", "How this case file was made.", kAboutColumns, "SELECT key, value FROM _meta"};

constexpr const View* kAll[] = {&kAbout, &kInput, &kBase, &kArtifact, &kProblem, &kOrigin, &kCoverage};

}  // namespace

std::span<const View* const> core_views() { return kAll; }

}  // namespace klik
