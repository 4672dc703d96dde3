// What a vbmeta structure states: its key and rollback index, and a fact per descriptor.
#include <algorithm>

#include "extract/avb_key.h"
#include "extract/extractor.h"
#include "formats/android/avb.h"

namespace klik {
namespace {

constexpr std::string_view kName = "vbmeta@1";
constexpr std::uint64_t kMostRead = 16 * avb::kMaxSize;   // as the container

constexpr Column kVbmetaColumns[] = {
    {"algorithm", ColumnType::text, "How digest and signature are stated to be made, \"NONE\" for an unsigned structure"},
    {"flags", ColumnType::integer, "1: hash trees are not enforced; 2: nothing is verified"},
    {"rollback_index", ColumnType::integer, "Refused by the boot loader when lower than the stored one", false, true},
    {"rollback_location", ColumnType::integer, "Which stored index it is compared with"},
    {"release", ColumnType::text, "The program that made the structure, by its own account"},
    {"public_key_sha1", ColumnType::text, "SHA-1 of the key in the structure", false, true},
    kAvbKeyColumn,
    kAvbKnownAsColumn,
};
constexpr FactKind kVbmeta{"avb.vbmeta", "What a vbmeta structure states; that its signature holds is not implied", kVbmetaColumns};

constexpr Column kDescriptorColumns[] = {
    {"type", ColumnType::text, "property, hashtree, hash, kernel_cmdline, chain_partition or unknown", true},
    {"name", ColumnType::text, "Partition, or key of a property", true, true},
    {"digest_algorithm", ColumnType::text, "Of the stated digest", false, true},
    {"digest", ColumnType::text, "Of the image, or root of its hash tree, in hex", false, true},
    {"salt", ColumnType::text, "Hashed before the data, in hex", false, true},
    {"image_size", ColumnType::integer, "How many bytes of the partition are covered", false, true},
    {"flags", ColumnType::integer, "Of the descriptor", false, true},
    {"value", ColumnType::text, "Of a property or command line; the tag of an unknown descriptor", false, true},
    {"rollback_location", ColumnType::integer, "Of a chained partition's own vbmeta", false, true},
    {"public_key_sha1", ColumnType::text, "SHA-1 of the key that must sign a chained partition", false, true},
    {"public_key_sha256", ColumnType::text, "SHA-256 of the key that must sign a chained partition", false, true},
    kAvbKnownAsColumn,
};
constexpr FactKind kDescriptor{"avb.descriptor", "One statement of a vbmeta structure about a partition or the build", kDescriptorColumns};
constexpr const FactKind* kEmits[] = {&kVbmeta, &kDescriptor};

// An unsigned 64-bit field that the case file's integers cannot hold is reported instead of wrapped.
std::optional<std::int64_t> storable_number(std::uint64_t value, std::uint64_t at, FactSink& sink) {
  if (std::in_range<std::int64_t>(value)) return static_cast<std::int64_t>(value);
  sink.problem({fail(Code::bad_value, at, "a number of vbmeta is too large to be meant").error(), ProblemSeverity::error, std::to_string(value)});
  return std::nullopt;
}

void set_key(Row& row, Bytes key) {
  if (key.empty()) return;
  const AvbKeyName name = avb_key_name(key);
  row.set("public_key_sha1", name.sha1);
  set_avb_key(row, name);
}

class DescriptorRow {
 public:
  DescriptorRow(Row& row, std::uint64_t at, FactSink& sink) : row_(row), at_(at), sink_(sink) {}

  void operator()(const avb::Unknown& d) { row_.set("type", "unknown").set("value", std::to_string(d.tag)); }
  void operator()(const avb::Property& d) { row_.set("type", "property").set("name", d.key).set("value", d.value.text()); }
  void operator()(const avb::Hashtree& d) {
    row_.set("type", "hashtree").set("name", d.partition);
    covered(d.hash_algorithm, d.root_digest, d.salt, d.image_size, at_ + 20, d.flags);
  }
  void operator()(const avb::Hash& d) {
    row_.set("type", "hash").set("name", d.partition);
    covered(d.hash_algorithm, d.digest, d.salt, d.image_size, at_ + 16, d.flags);
  }
  void operator()(const avb::CommandLine& d) {
    row_.set("type", "kernel_cmdline").set("value", d.text).set("flags", std::int64_t{d.flags});
  }
  void operator()(const avb::Chain& d) {
    row_.set("type", "chain_partition").set("name", d.partition).set("flags", std::int64_t{d.flags});
    row_.set("rollback_location", std::int64_t{d.rollback_location});
    set_key(row_, d.public_key);
  }

 private:
  void covered(std::string_view algorithm, Bytes digest, Bytes salt, std::uint64_t size, std::uint64_t size_at, std::uint32_t flags) {
    row_.set("digest_algorithm", algorithm).set("digest", hex(digest)).set("salt", hex(salt)).set("flags", std::int64_t{flags});
    row_.set("image_size", storable_number(size, size_at, sink_));
  }

  Row& row_;
  std::uint64_t at_;
  FactSink& sink_;
};

bool wants(std::string_view kind, std::string_view) { return kind == "vbmeta"; }

void run(const FileItem& item, FactSink& sink) {
  const auto blob = item.source->load(0, std::min(item.source->size(), kMostRead));
  if (!blob) return sink.problem({blob.error(), ProblemSeverity::data_loss});
  const Bytes bytes = blob->bytes();
  const auto meta = avb::read(bytes);
  if (!meta) return sink.problem({meta.error(), ProblemSeverity::data_loss});

  Row row(kVbmeta);
  const std::string_view algorithm = avb::algorithm_name(meta->algorithm);
  row.set("algorithm", algorithm.empty() ? std::to_string(meta->algorithm) : std::string(algorithm));
  row.set("flags", std::int64_t{meta->flags});
  row.set("rollback_index", storable_number(meta->rollback_index, 112, sink));
  row.set("rollback_location", std::int64_t{meta->rollback_location});
  row.set("release", meta->release);
  std::vector<Place> origins = {{item.blob, 0, avb::kHeaderSize}};
  if (const auto key = bytes.slice(meta->public_key.at, meta->public_key.length); key && !key->empty()) {
    set_key(row, *key);
    origins.push_back({item.blob, meta->public_key.at, meta->public_key.length});
  }
  sink.fact({.kind = &kVbmeta, .about = item.blob, .values = std::move(row).values(), .origins = std::move(origins), .extractor = kName});

  for (const avb::Descriptor& descriptor : meta->descriptors) {
    Row each(kDescriptor);
    std::visit(DescriptorRow(each, descriptor.range.at, sink), descriptor.is);
    sink.fact({.kind = &kDescriptor, .about = item.blob, .values = std::move(each).values(),
               .origins = {{item.blob, descriptor.range.at, descriptor.range.length}}, .extractor = kName});
  }
  // Where the descriptors end early is the container's note already.
}

}  // namespace

extern const Extractor extractor_vbmeta;
constexpr Extractor extractor_vbmeta{
    .name = kName,
    .title = "Android Verified Boot: keys, rollback indices and what covers which partition",
    .emits = kEmits,
    .wants = wants,
    .run = run,
};

}  // namespace klik
