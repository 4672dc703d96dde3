// What two people with the same build can compare: a digest per partition and of the whole, over what the phone has at
// which path. It does not depend on the container that the build came in.
#include <map>
#include <string>

#include "extract/columns.h"

namespace klik {
namespace {

constexpr std::string_view kName = "partition_digests@2";

constexpr Column kColumns[] = {
    {"partition", ColumnType::text, "First part of the paths; root: files directly below /; all: the digest over those of the partitions", true},
    {"digest", ColumnType::text, "SHA-256 over its files: path, kind of entry, and SHA-256 or target, in order of the paths"},
    {"files", ColumnType::integer, "How many entries it is over"},
    {"bytes", ColumnType::integer, "Their bytes"},
    {"not_read", ColumnType::integer, "How many of them were not read: they count by path alone"},
};
constexpr FactKind kDigest{"device.partition_digest", "A digest over the files of a partition, that others with the same build have too.", kColumns};
constexpr const FactKind* kEmits[] = {&kDigest};

struct Tally {
  std::string lines;
  std::int64_t files = 0, bytes = 0, not_read = 0;
};

std::string partition_of(std::string_view path) {
  path.remove_prefix(1);
  const auto slash = path.find('/');
  return std::string(slash == path.npos ? "root" : path.substr(0, slash));
}

void run(const Image& image, FactSink& sink) {
  // Two inputs may hold one path; the tree's order is a function of their bytes, and the first counts, as on the phone.
  std::map<std::string, std::string, std::less<>> entries;   // by path
  std::map<std::string, Tally, std::less<>> partitions;
  image.rows.artifacts([&](const ArtifactRow& a) {
    if (!a.device_path.starts_with('/') || a.device_path.size() < 2 || a.kind == "folder") return;
    const auto [at, fresh] = entries.try_emplace(std::string(a.device_path));
    if (!fresh) return;
    at->second = a.kind == "symlink" ? "link " + std::to_string(a.link_target.size()) + " " + std::string(a.link_target) : a.blob ? "file " + hex(as_bytes(a.blob->sha256())) : std::string("unread");
    Tally& tally = partitions[partition_of(a.device_path)];
    ++tally.files;
    tally.bytes += static_cast<std::int64_t>(a.size);
    tally.not_read += !a.blob && a.kind != "symlink";
  });
  for (const auto& [path, entry] : entries) partitions[partition_of(path)].lines += std::to_string(path.size()) + " " + path + " " + entry + "\n";
  Tally all;
  const auto emit = [&](std::string_view name, const Tally& t, const std::string& digest) {
    Row row(kDigest);
    row.set("partition", name).set("digest", digest).set("files", t.files).set("bytes", t.bytes).set("not_read", t.not_read);
    sink.fact({&kDigest, image.rows.build(), row.values(), {}, kName});
  };
  for (const auto& [name, tally] : partitions) {
    const std::string digest = hex(as_bytes(sha256(Bytes::of("klikspaan partition 1\n" + tally.lines))));
    emit(name, tally, digest);
    all.lines += std::to_string(name.size()) + " " + name + " " + digest + "\n";
    all.files += tally.files;
    all.bytes += tally.bytes;
    all.not_read += tally.not_read;
  }
  if (!partitions.empty()) emit("all", all, hex(as_bytes(sha256(Bytes::of("klikspaan build of partitions 1\n" + all.lines)))));
}

constexpr ViewColumn kViewColumns[] = {
    {"build_id", "The build."},
    {"partition", "First part of the paths; root: files directly below /; all: over the partitions."},
    {"digest", "Equal for equal files at equal paths, whatever container they came in. Owners, modes and labels are not in it."},
    {"files", "How many entries it is over."},
    {"bytes", "Their bytes."},
    {"not_read", "How many of them were not read: with any, the digest is for comparing equal evidence only."},
    {"fact_id", "For `klikspaan why`."},
};
constexpr View kView{"partition_digest", "Digests that two people with the same build can compare.", kViewColumns,
                     "SELECT build_id, partition, digest, files, bytes, not_read, lower(hex(fact_id)) FROM _device_partition_digest"};
constexpr const View* kViews[] = {&kView};

}  // namespace

extern const ImageExtractor image_extractor_partition_digests;
constexpr ImageExtractor image_extractor_partition_digests{.name = kName, .title = "Digests of partitions and of the build", .emits = kEmits, .run = run, .views = kViews};

}  // namespace klik
