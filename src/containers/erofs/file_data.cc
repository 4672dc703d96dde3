#include "containers/erofs/file_data.h"

#include <algorithm>

#include "containers/erofs/cluster_map.h"
#include "containers/erofs/decode.h"
#include "containers/fs_map.h"
#include "io/unit_source.h"

namespace klik::erofs {
namespace {

// Readers go through a file in order; this much is kept for the one that jumps.
constexpr std::uint64_t kCacheBytes = 256u << 10;

class ClusterDecoder final : public UnitDecoder {
 public:
  ClusterDecoder(const Image& image, std::vector<PhysicalCluster> clusters, std::vector<std::uint32_t> turns)
      : source_(image.source), clusters_(std::move(clusters)), turns_(std::move(turns)),
        rules_{.zero_padding = image.has(kZeroPadding), .lzma_dictionary = image.lzma_dictionary, .block_size = image.block_size()} {}

  Result<void> decode(std::size_t unit, MutableBytes out) const override {
    const PhysicalCluster& c = clusters_[unit];
    KLIK_TRY(const Blob blob, source_->load(c.at, c.encoded));
    auto decoded = decode_cluster(c.codec, blob.bytes(), turns_.empty() ? 0 : turns_[unit], rules_, out);
    if (!decoded) return fail(decoded.error().code, c.at, decoded.error().what);
    return {};
  }

 private:
  SourceRef source_;
  std::vector<PhysicalCluster> clusters_;
  std::vector<std::uint32_t> turns_;   // of interlaced clusters: where in its block the unit starts. Empty without any
  DecodeRules rules_;
};

std::string_view transform_of(Codec codec) {
  switch (codec) {
    case Codec::lz4: return "erofs-lz4";
    case Codec::lzma: return "erofs-lzma";
    case Codec::deflate: return "erofs-deflate";
    case Codec::zstd: return "erofs-zstd";
    default: return "erofs";
  }
}

// Plain clusters among compressed ones do not count; two algorithms in one file are "erofs-mixed".
std::string_view join(std::string_view one, std::string_view other) {
  if (one == "erofs" || one == other) return other;
  return other == "erofs" ? one : "erofs-mixed";
}

constexpr std::uint32_t kNowhere = 0xFFFFFFFF;   // as a block number: a hole

// True when every range lies on the device that was handed in.
bool add_blocks(const Image& image, FsMap& map, std::uint64_t at, std::uint64_t length, std::uint64_t from, Result<void>& added) {
  if (image.elsewhere(from)) return false;
  added = map.add(at, length, from);
  return true;
}

Result<void> open_flat(const Image& image, const Inode& inode, FsMap& map, Child& child) {
  const std::uint64_t block = image.block_size();
  // The last partial block lies behind the inode.
  const std::uint64_t tail = inode.layout == Layout::inlined && inode.size > 0 ? (inode.size - 1) % block + 1 : 0;
  const std::uint64_t front = inode.size - tail;
  if (front > 0 && inode.data != kNowhere) {
    Result<void> added{};
    if (!add_blocks(image, map, 0, front, std::uint64_t{inode.data} << image.block_bits, added)) child.state = State::listed;
    KLIK_CHECK(added);
  }
  if (tail == 0) return {};
  if ((inode.body_at & (block - 1)) + tail > block) return fail(Code::bad_value, inode.at, "inline data that leaves its block");
  return map.add(front, tail, inode.body_at);
}

struct ChunkEntry {
  U16le high;         // of the block; 48-bit only
  U16le device;
  U32le block;
};
static_assert(sizeof(ChunkEntry) == 8);

Result<void> open_chunks(const Image& image, const Inode& inode, FsMeter& meter, FsMap& map, Child& child) {
  if (!image.has(kChunks)) return fail(Code::bad_value, inode.at, "a file in chunks that the superblock does not announce");
  const std::uint32_t format = inode.data & 0xFFFF;
  if (format >> 6) return fail(Code::unsupported, inode.at, "a newer chunk format");
  const unsigned bits = image.block_bits + (format & 31);
  const bool wide = (format & 32) != 0;
  const std::uint64_t unit = wide ? sizeof(ChunkEntry) : 4;
  const std::uint64_t chunk = std::uint64_t{1} << bits, size = image.source->size();
  const std::uint64_t count = (inode.size >> bits) + ((inode.size & (chunk - 1)) != 0);
  const std::uint64_t at = (inode.body_at + unit - 1) / unit * unit;
  if (at > size || count > (size - at) / unit) return fail(Code::truncated, at, "a chunk table past the end of the image");
  KLIK_CHECK(meter.take(count * unit, at));
  KLIK_TRY(const Blob table, image.source->load(at, count * unit));
  // As many low bits of the device number count as the devices need.
  std::uint32_t device_mask = 1;
  while (device_mask <= image.extra_devices) device_mask <<= 1;
  --device_mask;
  for (std::uint64_t i = 0; i < count; ++i) {
    std::uint32_t block = kNowhere, device = 0;
    if (wide) {
      KLIK_TRY(const ChunkEntry* entry, table.bytes().view<ChunkEntry>(i * unit));
      block = entry->block, device = entry->device & device_mask;
    } else {
      KLIK_TRY(const U32le word, table.bytes().get<U32le>(i * unit));
      block = word;
    }
    if (block == kNowhere) continue;
    if (device > image.extra_devices) return fail(Code::bad_value, at + i * unit, "a chunk on a device that does not exist");
    const std::uint64_t start = i << bits;
    Result<void> added{};
    if (device != 0 || !add_blocks(image, map, start, std::min(chunk, inode.size - start), std::uint64_t{block} << image.block_bits, added)) child.state = State::listed;
    KLIK_CHECK(added);
  }
  return {};
}

// Lineage of a fragment: the clusters of the packed inode that it touches.
Result<void> add_fragment_lineage(const PackedInode& packed, std::uint64_t at, std::uint64_t length, FsMap& map) {
  auto part = std::ranges::partition_point(packed.parts, [&](const PackedInode::Part& p) { return p.range.at + p.range.length <= at; });
  for (; part != packed.parts.end() && part->range.at < at + length; ++part) {
    const std::uint64_t first = std::max(at, part->range.at);
    const std::uint64_t end = std::min(at + length, part->range.at + part->range.length);
    if (part->plain) KLIK_CHECK(map.add_lineage(part->from.at + (first - part->range.at), end - first));
    else KLIK_CHECK(map.add_lineage(part->from.at, part->from.length));
  }
  return {};
}

Result<void> open_compressed(const Image& image, const PackedInode& packed, const Inode& inode, FsMeter& meter, FsMap& map, Child& child,
                             std::optional<Error>& problem) {
  KLIK_TRY(ClusterMap clusters, read_cluster_map(image, inode, meter));
  problem = clusters.broken;
  std::vector<std::uint32_t> turns;
  for (std::size_t i = 0; i < clusters.clusters.size(); ++i) {
    const PhysicalCluster& c = clusters.clusters[i];
    child.transform = join(child.transform, transform_of(c.codec));
    KLIK_CHECK(map.add_lineage(c.at, c.encoded));
    if (c.at > image.source->size() || c.encoded > image.source->size() - c.at)
      problem = fail(Code::truncated, image.source->size(), "file data lies past the end of the image").error();
    if (c.codec == Codec::interlaced) {
      turns.resize(clusters.clusters.size());
      turns[i] = static_cast<std::uint32_t>(clusters.units[i].at & (image.block_size() - 1));
    }
  }
  if (clusters.decoded > 0) {
    auto decoder = std::make_unique<ClusterDecoder>(image, std::move(clusters.clusters), std::move(turns));
    KLIK_TRY(SourceRef units, decode_on_demand(std::move(clusters.units), std::move(decoder), kCacheBytes));
    KLIK_CHECK(map.add(0, clusters.decoded, std::move(units)));
  }
  if (clusters.fragment_size > 0) {
    if (!packed.source) return fail(Code::bad_value, inode.at, "a fragment without a packed inode that can be read");
    if (clusters.fragment_at > packed.source->size() || clusters.fragment_size > packed.source->size() - clusters.fragment_at)
      return fail(Code::bad_value, inode.at, "a fragment that leaves the packed inode");
    child.transform = join(child.transform, packed.transform);
    KLIK_CHECK(add_fragment_lineage(packed, clusters.fragment_at, clusters.fragment_size, map));
    KLIK_CHECK(map.add(clusters.decoded, clusters.fragment_size, packed.source, clusters.fragment_at));
  }
  const std::uint64_t had = clusters.decoded + clusters.fragment_size;
  if (had < inode.size && problem) KLIK_CHECK(map.add(had, inode.size - had, unreadable_source(inode.size - had, *problem)));
  return {};
}

}  // namespace

Result<void> open_data(const Image& image, const PackedInode& packed, const Inode& inode, FsMeter& meter, Child& child, std::optional<Error>& problem) {
  child.size = inode.size;
  child.transform = "erofs";
  FsMap map(image.source, meter);
  switch (inode.layout) {
    case Layout::plain:
    case Layout::inlined: KLIK_CHECK(open_flat(image, inode, map, child)); break;
    case Layout::chunks: KLIK_CHECK(open_chunks(image, inode, meter, map, child)); break;
    case Layout::compressed_full:
    case Layout::compressed_compact: KLIK_CHECK(open_compressed(image, packed, inode, meter, map, child, problem)); break;
  }
  if (map.missing()) problem = map.missing();
  KLIK_CHECK(map.finish(inode.size, child));
  if (child.state == State::listed) child.source = nullptr;
  return {};
}

Result<PackedInode> open_packed(const Image& image, FsMeter& meter) {
  PackedInode packed;
  if (image.packed_nid == 0) return packed;
  KLIK_TRY(const Inode inode, read_inode(image, image.packed_nid));
  Child child;
  std::optional<Error> problem;
  // It has no packed inode itself, so a fragment in it is refused rather than followed in a circle.
  KLIK_CHECK(open_data(image, packed, inode, meter, child, problem));
  packed.source = std::move(child.source);
  if (inode.layout == Layout::compressed_full || inode.layout == Layout::compressed_compact) {
    KLIK_TRY(const ClusterMap map, read_cluster_map(image, inode, meter));
    for (std::size_t i = 0; i < map.units.size(); ++i)
      packed.parts.push_back({map.units[i], {map.clusters[i].at, map.clusters[i].encoded}, false});
  } else {
    std::uint64_t at = 0;
    for (const Extent& e : child.extents) packed.parts.push_back({{at, e.length}, e, true}), at += e.length;
  }
  packed.transform = child.transform;
  return packed;
}

}  // namespace klik::erofs
